using Gir.Models.Nn;
using Gir.Models.Tensors;

namespace Gir.Models.Backbones.HiNet;

/// <summary>
/// HINet's block (Chen et al. 2021, figure 3b): two convolutions around an instance normalization of the first half of the channels, a 1 x 1 shortcut,
/// and in the second stage the first stage's features (cross-stage feature fusion of MPRNet).
/// </summary>
internal sealed class HalfNormBlock : Module
{
    private readonly Conv2d _identity;
    private readonly Conv2d _first;
    private readonly Conv2d _second;
    private readonly Conv2d? _fuseEncoder;
    private readonly Conv2d? _fuseDecoder;
    private readonly Affine? _norm;
    private readonly Conv2d? _downsample;
    private readonly float _slope;
    private readonly int _half;

    public HalfNormBlock(int inputs, int outputs, bool downsamples, bool fuses, bool normalizes, float slope, LayerFactory layers)
    {
        _slope = slope;
        _half = outputs / 2;
        _identity = Child("identity", layers.Convolution(inputs, outputs, 1));
        _first = Child("conv_1", layers.Convolution(inputs, outputs));
        _second = Child("conv_2", layers.Convolution(outputs, outputs));
        if (fuses)
        {
            _fuseEncoder = Child("csff_enc", layers.Convolution(outputs, outputs));
            _fuseDecoder = Child("csff_dec", layers.Convolution(outputs, outputs));
        }

        if (normalizes)
            _norm = Child("norm", new Affine(_half));
        if (downsamples)
            _downsample = Child("downsample", layers.Strided(outputs, outputs, 4, 2, 1, bias: false));
    }

    public Tensor Downsample(Tensor x) => _downsample!.Call(x);

    public Tensor Call(Tensor x, Tensor encoded, Tensor decoded) =>
        ModuleListener.Tell(this, Scopes.Run(() => Call(x) + _fuseEncoder!.Call(encoded) + _fuseDecoder!.Call(decoded)));

    protected override Tensor Forward(Tensor x)
    {
        Tensor y = _first.Call(x);
        if (_norm is not null)
            y = TensorOps.Concatenate(1, _norm.Call(y.Narrow(1, 0, _half)), y.Narrow(1, _half, y.Shape[1] - _half));
        return _second.Call(y.LeakyRelu(_slope)).LeakyRelu(_slope) + _identity.Call(x);
    }

    private sealed class Affine : Module
    {
        private readonly Tensor _weight;
        private readonly Tensor _bias;

        public Affine(int channels)
        {
            _weight = Parameter("weight", [channels], Initializer.Constant(1));
            _bias = Parameter("bias", [channels], Initializer.Constant(0));
        }

        protected override Tensor Forward(Tensor x) => x.InstanceNorm(_weight, _bias);
    }
}
