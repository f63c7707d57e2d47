using Gir.Models.Nn;
using Gir.Models.Tensors;

namespace Gir.Models.Backbones.StyleGan2;

/// <summary>A part of the generator that needs a style beside its input, so that nobody can call it with its input alone.</summary>
internal abstract class StyledModule : Module
{
    protected sealed override Tensor Forward(Tensor x) => throw new NotSupportedException($"{GetType().Name} needs a style beside its input.");
}

/// <summary>A modulated convolution and the affine layer that makes factors of a style: weight [1, o, i, k, k], modulation.</summary>
internal sealed class ModulatedConvolution : StyledModule
{
    private readonly Tensor _weight;
    private readonly EqualizedLinear _modulation;
    private readonly bool _demodulate;
    private readonly FirFilter? _filter;

    public ModulatedConvolution(int inputs, int outputs, int kernel, int styleFeatures, bool demodulate, FirFilter? doubling, SeedSequence seeds)
    {
        (_demodulate, _filter) = (demodulate, doubling);
        _weight = Parameter("weight", [1, outputs, inputs, kernel, kernel], Initializer.Normal(seeds.Next(), 1));
        _modulation = Child("modulation", new EqualizedLinear(styleFeatures, inputs, seeds.Next(), bias: 1));
    }

    public Tensor Call(Tensor x, Tensor style)
    {
        TensorShape shape = _weight.Shape;
        return x.ModulatedConv2d(
            _weight.Reshape(shape[1], shape[2], shape[3], shape[4]), _modulation.Call(style), _demodulate, _filter is null ? StyleSampling.None : StyleSampling.Up, _filter);
    }
}

/// <summary>A modulated 3 x 3 convolution, noise of a learned strength, bias and activation (Karras et al. 2020, figure 2c).</summary>
internal sealed class StyleConvolution : StyledModule
{
    private readonly ModulatedConvolution _convolution;
    private readonly Tensor _strength;
    private readonly BiasActivation _activation;

    public StyleConvolution(int inputs, int outputs, int styleFeatures, FirFilter? doubling, SeedSequence seeds)
    {
        _strength = Parameter("weight", [1], Initializer.Constant(0));
        _convolution = Child("modulated_conv", new ModulatedConvolution(inputs, outputs, 3, styleFeatures, demodulate: true, doubling, seeds));
        _activation = Child("activate", new BiasActivation(outputs));
    }

    public Tensor Call(Tensor x, Tensor style, Tensor noise) => Scopes.Run(
        (Layer: this, x, style, noise), static s => s.Layer._activation.Call(s.Layer._convolution.Call(s.x, s.style) + (s.Layer._strength * s.noise)));
}

/// <summary>A modulated 1 x 1 convolution to an image, added to the doubled image of the level below.</summary>
internal sealed class ToRgb : StyledModule
{
    private readonly ModulatedConvolution _convolution;
    private readonly Tensor _bias;
    private readonly FirFilter _enlarge;

    public ToRgb(int inputs, int styleFeatures, StyleFilters filters, SeedSequence seeds)
    {
        _enlarge = filters.Enlarge;
        _bias = Parameter("bias", [1, 3, 1, 1], Initializer.Constant(0));
        _convolution = Child("modulated_conv", new ModulatedConvolution(inputs, 3, 1, styleFeatures, demodulate: false, null, seeds));
    }

    public Tensor Call(Tensor x, Tensor style, Tensor? below) => Scopes.Run((Layer: this, x, style, below), static s =>
    {
        Tensor image = s.Layer._convolution.Call(s.x, s.style) + s.Layer._bias;
        return s.below is null ? image : image + s.below.UpFirDn2d(s.Layer._enlarge, s.Layer._enlarge);
    });
}
