using Gir.Models.Backbones.Swin;
using Gir.Models.Nn;
using Gir.Models.Tensors;

namespace Gir.Models.Backbones.Hat;

/// <summary>RHAG (HAT, figure 4): hybrid attention blocks, one overlapping attention, a convolution, the input added.</summary>
internal sealed class HybridAttentionGroup : MaskedModule
{
    private readonly HybridAttentionBlock[] _blocks;
    private readonly OverlappingAttentionBlock _overlapping;
    private readonly Conv2d _convolution;

    public HybridAttentionGroup(HatOptions options, int depth, int heads, LayerFactory layers)
    {
        _blocks = new HybridAttentionBlock[depth];
        for (int i = 0; i < depth; i++)
            _blocks[i] = Child($"residual_group.blocks.{i}", new HybridAttentionBlock(options, heads, i % 2 == 1, layers));
        _overlapping = Child("residual_group.overlap_attn", new OverlappingAttentionBlock(options, heads, layers));
        _convolution = Child("conv", layers.Convolution(options.Width, options.Width));
    }

    protected override Tensor Forward(Tensor x, Tensor? mask)
    {
        Tensor y = Scopes.Chain(x, _blocks, (block, t) => block.Call(t, mask));
        return _convolution.Call(_overlapping.Call(y).ToPlanes()).ToTokens().AddInPlace(x);
    }
}
