using Gir.Models.Nn;
using Gir.Models.Tensors;

namespace Gir.Models.Backbones.Edsr;

/// <summary>
/// Enhanced deep super-resolution (Lim, Son, Kim, Nah, Lee: "Enhanced Deep Residual Networks for Single Image Super-Resolution",
/// CVPRW 2017, figures 2c and 3): 1,517,571 parameters (M, scale 4), 43,089,923 (L, scale 4).
/// </summary>
public sealed class Edsr : Module
{
    private static readonly float[] s_meanOfDiv2k = [0.4488f, 0.4371f, 0.4040f];

    private readonly Conv2d _first;
    private readonly Sequential _body;
    private readonly Conv2d _afterBody;
    private readonly Sequential _upsample;
    private readonly Conv2d _last;
    private readonly int _inputChannels;
    private readonly int _outputChannels;
    private readonly float _range;

    /// <summary>Creates the network.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range.</exception>
    public Edsr(EdsrOptions? options = null)
    {
        options ??= new();
        options.Validate();
        (_inputChannels, _outputChannels, _range) = (options.InputChannels, options.OutputChannels, options.ImageRange);
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
        Tensor features = _first.Call(Shift(x, -1, _inputChannels) * _range);
        features = _afterBody.Call(_body.Call(features)) + features;
        return Shift(_last.Call(_upsample.Call(features)) / _range, 1, _outputChannels);
    }

    // The mean is a constant of the code, not of the checkpoint.
    private static Tensor Shift(Tensor x, float sign, int channels) =>
        channels != 3 ? x : x + Tensor.From([.. s_meanOfDiv2k.Select(m => sign * m)], [1, 3, 1, 1], x.Backend);
}
