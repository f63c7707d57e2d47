using Gir.Models.Backbones.Swin;
using Gir.Models.Nn;
using Gir.Models.Tensors;

namespace Gir.Models.Backbones.SwinIr;

/// <summary>A Swin transformer block (SwinIR, equations 4 and 5) on tokens [n, h, w, width]; every second one shifts its windows.</summary>
internal sealed class SwinBlock : MaskedModule
{
    private readonly LayerNorm _norm1;
    private readonly WindowAttention _attention;
    private readonly LayerNorm _norm2;
    private readonly Mlp _mlp;
    private readonly int _window;
    private readonly int _shift;

    public SwinBlock(SwinIrOptions options, int heads, bool shifts, TransformerLayers layers)
    {
        _window = options.WindowSize;
        _shift = shifts ? _window / 2 : 0;
        if (shifts)
            Derived("attn_mask");
        _norm1 = Child("norm1", new LayerNorm(options.Width));
        _attention = Child("attn", new WindowAttention(options.Width, _window, heads, options.QkvBias, options.QkScale, storesIndex: true, layers));
        _norm2 = Child("norm2", new LayerNorm(options.Width));
        _mlp = Child("mlp", new Mlp(options.Width, options.MlpRatio, layers));
    }

    protected override Tensor Forward(Tensor x, Tensor? mask)
    {
        Tensor windows = ShiftedWindows.Partition(_norm1.Call(x), _window, _shift);
        windows = _attention.Call(windows, _shift > 0 ? mask : null);
        x += ShiftedWindows.Reverse(windows, _window, _shift, x.Shape[1], x.Shape[2]);
        return x + _mlp.Call(_norm2.Call(x));
    }
}
