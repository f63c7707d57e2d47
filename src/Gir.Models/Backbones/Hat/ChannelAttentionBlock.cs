using Gir.Models.Nn;
using Gir.Models.Tensors;

namespace Gir.Models.Backbones.Hat;

/// <summary>CAB (HAT, figure 4): two convolutions and a channel attention (squeeze, excite) on planes [n, width, h, w].</summary>
internal sealed class ChannelAttentionBlock : Module
{
    private readonly Conv2d _compress;
    private readonly Conv2d _expand;
    private readonly Conv2d _squeeze;
    private readonly Conv2d _excite;

    public ChannelAttentionBlock(HatOptions options, LayerFactory layers)
    {
        (int width, int inner, int squeezed) = (options.Width, options.Width / options.CompressRatio, options.Width / options.SqueezeFactor);
        _compress = Child("cab.0", layers.Convolution(width, inner));
        _expand = Child("cab.2", layers.Convolution(inner, width));
        _squeeze = Child("cab.3.attention.1", layers.Convolution(width, squeezed, 1));
        _excite = Child("cab.3.attention.3", layers.Convolution(squeezed, width, 1));
    }

    protected override Tensor Forward(Tensor x)
    {
        x = _expand.Call(_compress.Call(x).GeluInPlace());
        return x * _excite.Call(_squeeze.Call(x.GlobalAveragePool2d()).Relu()).Sigmoid();
    }
}
