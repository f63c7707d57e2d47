using Gir.Models.Nn;
using Gir.Models.Tensors;

namespace Gir.Models.Backbones.Restormer;

/// <summary>Attention between channels and the gated feed-forward network, each after a norm and around a skip.</summary>
internal sealed class RestormerBlock : Module
{
    private readonly RestormerNorm _norm1;
    private readonly TransposedAttention _attention;
    private readonly RestormerNorm _norm2;
    private readonly GatedFeedForward _feedForward;

    public RestormerBlock(int width, int heads, RestormerOptions options, LayerFactory layers)
    {
        _norm1 = Child("norm1", new RestormerNorm(width, options.NormBias));
        _attention = Child("attn", new TransposedAttention(width, heads, options.ConvolutionBias, layers));
        _norm2 = Child("norm2", new RestormerNorm(width, options.NormBias));
        _feedForward = Child("ffn", new GatedFeedForward(width, options.Expansion, options.ConvolutionBias, layers));
    }

    protected override Tensor Forward(Tensor x)
    {
        Tensor attended = Scopes.Run(() => _attention.Call(_norm1.Call(x)).AddInPlace(x));
        return _feedForward.Call(_norm2.Call(attended)).AddInPlace(attended);
    }
}
