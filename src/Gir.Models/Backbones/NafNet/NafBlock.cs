using Gir.Models.Nn;
using Gir.Models.Tensors;

namespace Gir.Models.Backbones.NafNet;

/// <summary>NAFNet's block (Chen et al. 2022, figure 3c): gated depthwise convolution with simplified channel attention, then a gated pointwise pair.</summary>
internal sealed class NafBlock : Module
{
    private readonly Tensor _beta;
    private readonly Tensor _gamma;
    private readonly Conv2d _expand;
    private readonly Conv2d _depthwise;
    private readonly Conv2d _project;
    private readonly Conv2d _attention;
    private readonly Conv2d _feedForwardIn;
    private readonly Conv2d _feedForwardOut;
    private readonly LayerNorm2d _norm1;
    private readonly LayerNorm2d _norm2;
    private readonly int? _window;

    public NafBlock(int channels, int? window, LayerFactory layers)
    {
        _window = window;
        _beta = Parameter("beta", [1, channels, 1, 1], Initializer.Constant(0));
        _gamma = Parameter("gamma", [1, channels, 1, 1], Initializer.Constant(0));
        _expand = Child("conv1", layers.Convolution(channels, 2 * channels, 1));
        _depthwise = Child("conv2", layers.Convolution(2 * channels, 2 * channels, 3, groups: 2 * channels));
        _project = Child("conv3", layers.Convolution(channels, channels, 1));
        // Place 0 of the official sequence is the pooling.
        _attention = Child("sca.1", layers.Convolution(channels, channels, 1));
        _feedForwardIn = Child("conv4", layers.Convolution(channels, 2 * channels, 1));
        _feedForwardOut = Child("conv5", layers.Convolution(channels, channels, 1));
        _norm1 = Child("norm1", new LayerNorm2d(channels));
        _norm2 = Child("norm2", new LayerNorm2d(channels));
    }

    protected override Tensor Forward(Tensor x)
    {
        Tensor first = Scopes.Run(() =>
        {
            Tensor gated = Scopes.Run(() => _depthwise.Call(_expand.Call(_norm1.Call(x))).SimpleGate());
            return (_project.Call(gated * _attention.Call(Pool(gated))) * _beta).AddInPlace(x);
        });
        Tensor fed = Scopes.Run(() => _feedForwardIn.Call(_norm2.Call(first)).SimpleGate());
        return (_feedForwardOut.Call(fed) * _gamma).AddInPlace(first);
    }

    private Tensor Pool(Tensor x) =>
        _window is { } window && (window < x.Shape[2] || window < x.Shape[3]) ? x.LocalMean(window) : x.GlobalAveragePool2d();
}
