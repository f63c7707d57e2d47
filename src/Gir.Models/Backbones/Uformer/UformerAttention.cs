using Gir.Models.Backbones.Swin;
using Gir.Models.Nn;
using Gir.Models.Tensors;

namespace Gir.Models.Backbones.Uformer;

/// <summary>W-MSA (Uformer, equations 3 and 4): self-attention inside windows with a relative position bias; tokens [n, h, w, width].</summary>
internal sealed class UformerAttention : MaskedModule
{
    private readonly Tensor _table;
    private readonly Linear _query;
    private readonly Linear _keyValue;
    private readonly Linear _projection;
    private readonly int[] _index;
    private readonly AttentionWindows _windows;

    public UformerAttention(int width, int window, int shift, int heads, bool bias, LayerFactory layers)
    {
        _windows = new AttentionWindows(heads, window, shift, (float)(1 / Math.Sqrt(width / heads)));
        _index = Windows.RelativePositionIndex(window);
        _table = Parameter("relative_position_bias_table", [((2 * window) - 1) * ((2 * window) - 1), heads], layers.Table());
        Derived("relative_position_index");
        _query = Child("qkv.to_q", layers.TruncatedLinear(width, width, bias));
        _keyValue = Child("qkv.to_kv", layers.TruncatedLinear(width, 2 * width, bias));
        _projection = Child("proj", layers.TruncatedLinear(width, width));
    }

    protected override Tensor Forward(Tensor x, Tensor? mask)
    {
        Tensor bias = ShiftedWindows.PositionBias(_table, _index, _windows.Queries);
        return _projection.Call(_query.Call(x).WindowAttention(_keyValue.Call(x), _windows, bias, mask));
    }
}
