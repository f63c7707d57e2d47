using Gir.Models.Nn;
using Gir.Models.Tensors;

namespace Gir.Models.Backbones.Srvgg;

/// <summary>
/// A plain chain of convolutions that adds detail to the nearest-neighbor enlargement ("Compact" of Real-ESRGAN, Wang et al. 2021, code
/// srvgg_arch): 1,213,296 parameters (32 convolutions, scale 4), 621,424 (16 convolutions, scale 4).
/// </summary>
internal sealed class SrvggNetCompact : Module
{
    private readonly Sequential _body;
    private readonly int _scale;

    /// <summary>Creates the network.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range.</exception>
    public SrvggNetCompact(SrvggOptions? options = null)
    {
        options ??= new();
        options.Validate();
        _scale = options.Scale;
        var layers = new LayerFactory(options.Seed);
        List<Module> modules = [layers.Convolution(options.Channels, options.Features), Activation(options)];
        for (int i = 0; i < options.Convolutions; i++)
        {
            modules.Add(layers.Convolution(options.Features, options.Features));
            modules.Add(Activation(options));
        }

        modules.Add(layers.Convolution(options.Features, options.Channels * _scale * _scale));
        _body = Child("body", new Sequential([.. modules]));
    }

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor x)
    {
        Tensor detail = _body.Call(x);
        return _scale == 1 ? detail + x : detail.PixelShuffle(_scale) + x.Interpolate(_scale, InterpolationMode.Nearest);
    }

    private static Module Activation(SrvggOptions options) => options.Activation switch
    {
        SrvggActivation.PRelu => new PRelu(options.Features),
        SrvggActivation.Relu => new Function(x => x.ReluInPlace()),
        _ => new Function(x => x.LeakyReluInPlace(0.1f)),
    };

    private sealed class PRelu : Module
    {
        private readonly Tensor _weight;

        public PRelu(int features) => _weight = Parameter("weight", [features], Initializer.Constant(0.25f));

        protected override Tensor Forward(Tensor x) => x.Prelu(_weight);
    }
}
