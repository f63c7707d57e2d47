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
    private readonly bool _shifts;

    public SwinBlock(SwinIrOptions options, int heads, bool shifts, LayerFactory layers)
    {
        _shifts = shifts;
        if (shifts)
            Derived("attn_mask");
        _norm1 = Child("norm1", new LayerNorm(options.Width));
        _attention = Child("attn", new WindowAttention(options.Width, options.WindowSize, shifts ? options.WindowSize / 2 : 0, heads, options.QkvBias, options.QkScale, storesIndex: true, layers));
        _norm2 = Child("norm2", new LayerNorm(options.Width));
        _mlp = Child("mlp", new Mlp(options.Width, options.MlpRatio, layers));
    }

    protected override Tensor Forward(Tensor x, Tensor? mask)
    {
        Tensor attended = Scopes.Run(() => _attention.Call(_norm1.Call(x), _shifts ? mask : null).AddInPlace(x));
        return _mlp.Call(_norm2.Call(attended)).AddInPlace(attended);
    }
}
