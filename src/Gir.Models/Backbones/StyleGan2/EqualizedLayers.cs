using Gir.Imaging.Random;
using Gir.Models.Nn;
using Gir.Models.Tensors;

namespace Gir.Models.Backbones.StyleGan2;

/// <summary>
/// A linear layer whose weights are N(0, 1) divided by a rate factor and count times factor / sqrt(inputs) (Karras et al. 2018, section 4.1): weight [o, i], bias [o].
/// </summary>
internal sealed class EqualizedLinear : Module
{
    private readonly Tensor _weight;
    private readonly Tensor _bias;
    private readonly float _rate;
    private readonly bool _isActive;

    /// <param name="inputs">Features that go in.</param>
    /// <param name="outputs">Features that come out.</param>
    /// <param name="seed">Seed of the initial weights.</param>
    /// <param name="bias">The bias at the start.</param>
    /// <param name="rate">The rate factor, of weights and bias.</param>
    /// <param name="isActive">Whether sqrt 2 leaky_relu follows.</param>
    public EqualizedLinear(int inputs, int outputs, ulong seed, float bias = 0, double rate = 1, bool isActive = false)
    {
        (_rate, _isActive) = ((float)rate, isActive);
        _weight = Parameter("weight", [outputs, inputs], Initializer.Normal(seed, 1 / rate));
        _bias = Parameter("bias", [outputs], Initializer.Constant(bias));
    }

    protected override Tensor Forward(Tensor x)
    {
        Tensor weight = _weight * (float)(_rate / Math.Sqrt(_weight.Shape[1]));
        Tensor bias = _rate == 1 ? _bias : _bias * _rate;
        return _isActive ? x.Linear(weight).BiasLeakyRelu(bias) : x.Linear(weight, bias);
    }
}

/// <summary>
/// A convolution without bias whose weights are N(0, 1) and count divided by the root of the inputs of one output; one that halves the size smooths first.
/// </summary>
internal sealed class EqualizedConv2d : Module
{
    private readonly Tensor _weight;
    private readonly FirFilter? _filter;

    /// <param name="inputs">Channels that go in.</param>
    /// <param name="outputs">Channels that come out.</param>
    /// <param name="kernel">Side of the window, odd.</param>
    /// <param name="seed">Seed of the initial weights.</param>
    /// <param name="halving">The filters of the network where the size is halved, else null.</param>
    public EqualizedConv2d(int inputs, int outputs, int kernel, ulong seed, StyleFilters? halving = null)
    {
        _weight = Parameter("weight", [outputs, inputs, kernel, kernel], Initializer.Normal(seed, 1));
        _filter = halving?.BeforeStrided(kernel);
    }

    protected override Tensor Forward(Tensor x)
    {
        int kernel = _weight.Shape[2];
        Tensor weight = _weight * (float)(1 / Math.Sqrt((double)_weight.Shape[1] * kernel * kernel));
        return _filter is null ? x.Conv2d(weight, padding: kernel / 2) : x.UpFirDn2d(_filter, _filter).Conv2d(weight, stride: 2);
    }
}

/// <summary>sqrt 2 leaky_relu(x + bias): bias [c].</summary>
internal sealed class BiasActivation : Module
{
    private readonly Tensor _bias;

    public BiasActivation(int channels) => _bias = Parameter("bias", [channels], Initializer.Constant(0));

    protected override Tensor Forward(Tensor x) => x.BiasLeakyRelu(_bias);
}

/// <summary>Seeds of a network's layers, one after another.</summary>
internal sealed class SeedSequence(ulong seed)
{
    private ulong _count;

    public ulong Next() => Philox4x32.DeriveSeed(seed, _count++);
}
