using Gir.Models.Backbones.Swin;
using Gir.Models.Nn;
using Gir.Models.Tensors;

namespace Gir.Models.Backbones.Hat;

/// <summary>HAB (HAT, equation 1): window attention and, beside it, channel attention, on tokens [n, h, w, width]; every second block shifts its windows.</summary>
internal sealed class HybridAttentionBlock : MaskedModule
{
    private readonly LayerNorm _norm1;
    private readonly WindowAttention _attention;
    private readonly ChannelAttentionBlock _convolution;
    private readonly LayerNorm _norm2;
    private readonly Mlp _mlp;
    private readonly bool _shifts;
    private readonly float _scale;

    public HybridAttentionBlock(HatOptions options, int heads, bool shifts, LayerFactory layers)
    {
        (_shifts, _scale) = (shifts, options.ConvolutionScale);
        int shift = shifts ? options.WindowSize / 2 : 0;
        _norm1 = Child("norm1", new LayerNorm(options.Width));
        _attention = Child("attn", new WindowAttention(options.Width, options.WindowSize, shift, heads, options.QkvBias, options.QkScale, storesIndex: false, layers));
        _convolution = Child("conv_block", new ChannelAttentionBlock(options, layers));
        _norm2 = Child("norm2", new LayerNorm(options.Width));
        _mlp = Child("mlp", new Mlp(options.Width, options.MlpRatio, layers));
    }

    protected override Tensor Forward(Tensor x, Tensor? mask)
    {
        Tensor attended = Scopes.Run(() =>
        {
            Tensor normed = _norm1.Call(x);
            Tensor local = Scopes.Run(() => _convolution.Call(normed.ToPlanes()).ToTokens());
            return _attention.Call(normed, _shifts ? mask : null).AddInPlace(x).AddInPlace(local, _scale);
        });
        return _mlp.Call(_norm2.Call(attended)).AddInPlace(attended);
    }
}
