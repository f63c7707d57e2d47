using Gir.Models.Nn;
using Gir.Models.Tensors;

namespace Gir.Models.Backbones.Swin;

/// <summary>Multi-head self-attention inside windows with a relative position bias (Liu et al. 2021, equation 4): tokens [n, h, w, width].</summary>
internal sealed class WindowAttention : MaskedModule
{
    private readonly Tensor _table;
    private readonly Linear _qkv;
    private readonly Linear _projection;
    private readonly int[] _index;
    private readonly int _window;
    private readonly int _shift;
    private readonly int _heads;
    private readonly float _scale;

    public WindowAttention(int width, int window, int shift, int heads, bool bias, double? scale, bool storesIndex, LayerFactory layers)
    {
        (_window, _shift, _heads) = (window, shift, heads);
        _scale = (float)(scale ?? 1 / Math.Sqrt(width / heads));
        _index = Windows.RelativePositionIndex(window);
        _table = Parameter("relative_position_bias_table", [((2 * window) - 1) * ((2 * window) - 1), heads], layers.Table());
        if (storesIndex)
            Derived("relative_position_index");
        _qkv = Child("qkv", layers.TruncatedLinear(width, 3 * width, bias));
        _projection = Child("proj", layers.TruncatedLinear(width, width));
    }

    protected override Tensor Forward(Tensor x, Tensor? mask)
    {
        Tensor qkv = _qkv.Call(x);
        Tensor bias = ShiftedWindows.PositionBias(_table, _index, _window * _window);
        return _projection.Call(qkv.WindowAttention(qkv, new AttentionWindows(_heads, _window, _shift, _scale), bias, mask));
    }
}
