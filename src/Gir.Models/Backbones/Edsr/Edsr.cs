using Gir.Models.Nn;
using Gir.Models.Tensors;

namespace Gir.Models.Backbones.Edsr;

/// <summary>
/// Enhanced deep super-resolution (Lim, Son, Kim, Nah, Lee: "Enhanced Deep Residual Networks for Single Image Super-Resolution",
/// CVPRW 2017, figures 2c and 3): 1,517,571 parameters (M, scale 4), 43,089,923 (L, scale 4).
/// </summary>
internal sealed class Edsr : Module
{
    private readonly Conv2d _first;
    private readonly Sequential _body;
    private readonly Conv2d _afterBody;
    private readonly Sequential _upsample;
    private readonly Conv2d _last;
    private readonly float _range;

    /// <summary>Creates the network.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range.</exception>
    public Edsr(EdsrOptions? options = null)
    {
        options ??= new();
        options.Validate();
        _range = options.ImageRange;
        int features = options.Features;
        var layers = new LayerFactory(options.Seed);
        _first = Child("conv_first", layers.Convolution(options.InputChannels, features));
        _body = Child(
            "body", new Sequential([.. Enumerable.Range(0, options.Blocks).Select(_ => new ResidualBlock(features, options.ResidualScale, layers))]));
        _afterBody = Child("conv_after_body", layers.Convolution(features, features));
        _upsample = Child("upsample", Upsampling.Create(features, options.Scale, layers));
        _last = Child("conv_last", layers.Convolution(features, options.OutputChannels));
    }

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor x)
    {
        Tensor features = _first.Call(ColorMean.Subtract(x) * _range);
        features = _afterBody.Call(_body.Call(features)) + features;
        return ColorMean.Add(_last.Call(_upsample.Call(features)) / _range);
    }
}
