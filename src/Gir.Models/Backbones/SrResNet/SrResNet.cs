using Gir.Models.Nn;
using Gir.Models.Tensors;

namespace Gir.Models.Backbones.SrResNet;

/// <summary>
/// SRResNet without batch normalization (Ledig et al., "Photo-Realistic Single Image Super-Resolution Using a GAN", CVPR 2017, figure 4;
/// without normalization as in ESRGAN's baseline, "MSRResNet" of BasicSR): 1,222,147 parameters at scale 1, 1,517,571 at scale 4.
/// </summary>
/// <remarks>In general restoration the excellence line: scale 1, no resampling, the input added to the output.</remarks>
internal sealed class SrResNet : Module
{
    private readonly Conv2d _first;
    private readonly Sequential _body;
    private readonly (Conv2d Layer, int Factor)[] _upsampling;
    private readonly Conv2d _high;
    private readonly Conv2d _last;
    private readonly int _scale;

    /// <summary>Creates the network.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range.</exception>
    public SrResNet(SrResNetOptions? options = null)
    {
        options ??= new();
        options.Validate();
        _scale = options.Scale;
        int features = options.Features;
        var layers = new LayerFactory(options.Seed);
        _first = Child("conv_first", layers.Convolution(options.InputChannels, features));
        _body = Child("body", new Sequential([.. Enumerable.Range(0, options.Blocks).Select(_ => new ResidualBlock(features, 1, layers))]));
        int[] factors = _scale switch { 1 => [], 4 => [2, 2], _ => [_scale] };
        _upsampling = [.. factors.Select((f, i) => (Child($"upconv{i + 1}", layers.Convolution(features, features * f * f)), f))];
        _high = Child("conv_hr", layers.Convolution(features, features));
        _last = Child("conv_last", layers.Convolution(features, options.OutputChannels));
    }

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor x)
    {
        Tensor features = _body.Call(_first.Call(x).LeakyReluInPlace(0.1f));
        foreach ((Conv2d layer, int factor) in _upsampling)
            features = layer.Call(features).PixelShuffle(factor).LeakyReluInPlace(0.1f);
        Tensor detail = _last.Call(_high.Call(features).LeakyReluInPlace(0.1f));
        return detail + (_scale == 1 ? x : x.Interpolate(_scale, InterpolationMode.Bilinear));
    }
}
