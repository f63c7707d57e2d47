using Gir.Models.Nn;
using Gir.Models.Tensors;

namespace Gir.Models.Backbones.Swin;

/// <summary>Multi-head self-attention inside windows with a relative position bias (Liu et al. 2021, equation 4): tokens [windows, size^2, width].</summary>
internal sealed class WindowAttention : MaskedModule
{
    private readonly Tensor _table;
    private readonly Linear _qkv;
    private readonly Linear _projection;
    private readonly int[] _index;
    private readonly int _width;
    private readonly int _heads;
    private readonly float _scale;

    public WindowAttention(int width, int window, int heads, bool bias, double? scale, bool storesIndex, TransformerLayers layers)
    {
        (_width, _heads) = (width, heads);
        _scale = (float)(scale ?? 1 / Math.Sqrt(width / heads));
        _index = Windows.RelativePositionIndex(window);
        _table = Parameter("relative_position_bias_table", [((2 * window) - 1) * ((2 * window) - 1), heads], layers.Table());
        if (storesIndex)
            Derived("relative_position_index");
        _qkv = Child("qkv", layers.Linear(width, 3 * width, bias));
        _projection = Child("proj", layers.Linear(width, width));
    }

    protected override Tensor Forward(Tensor x, Tensor? mask)
    {
        Tensor q = _qkv.LinearPart(x, 0, _width).ToHeads(_heads);
        Tensor k = _qkv.LinearPart(x, _width, _width).ToHeads(_heads);
        Tensor v = _qkv.LinearPart(x, 2 * _width, _width).ToHeads(_heads);
        Tensor bias = ShiftedWindows.PositionBias(_table, _index, x.Shape[1]);
        return _projection.Call(TensorOps.Attention(q, k, v, _scale, bias, mask).FromHeads());
    }
}
