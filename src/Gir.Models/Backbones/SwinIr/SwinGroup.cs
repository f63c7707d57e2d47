using Gir.Models.Backbones.Swin;
using Gir.Models.Nn;
using Gir.Models.Tensors;

namespace Gir.Models.Backbones.SwinIr;

/// <summary>A residual Swin transformer block, RSTB (SwinIR, equation 3): transformer blocks, a convolution, the input added.</summary>
internal sealed class SwinGroup : MaskedModule
{
    private readonly SwinBlock[] _blocks;
    private readonly Module _convolution;

    public SwinGroup(SwinIrOptions options, int depth, int heads, LayerFactory layers)
    {
        _blocks = new SwinBlock[depth];
        for (int i = 0; i < depth; i++)
            _blocks[i] = Child($"residual_group.blocks.{i}", new SwinBlock(options, heads, i % 2 == 1, layers));
        _convolution = Child("conv", EndConvolution(options, layers));
    }

    public static Module EndConvolution(SwinIrOptions options, LayerFactory layers)
    {
        int width = options.Width;
        if (options.Residual == SwinIrResidual.OneConvolution)
            return layers.Convolution(width, width);
        return new Sequential(
            layers.Convolution(width, width / 4),
            new Function(x => x.LeakyReluInPlace(0.2f)),
            layers.Convolution(width / 4, width / 4, 1),
            new Function(x => x.LeakyReluInPlace(0.2f)),
            layers.Convolution(width / 4, width));
    }

    protected override Tensor Forward(Tensor x, Tensor? mask)
    {
        Tensor y = Scopes.Chain(x, _blocks, (block, t) => block.Call(t, mask));
        return _convolution.Call(y.ToPlanes()).ToTokens().AddInPlace(x);
    }
}
