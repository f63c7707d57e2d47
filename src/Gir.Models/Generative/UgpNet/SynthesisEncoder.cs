using System.Numerics;
using Gir.Models.Backbones;
using Gir.Models.Nn;
using Gir.Models.Tensors;

namespace Gir.Models.Generative.UgpNet;

/// <summary>
/// From a regressed image to what drives the generator: the base code, a map of its inner size, and the feature of size 32 that latents are made of (downblocks,
/// conv1x1). 8,133,408 parameters for 512 x 512.
/// </summary>
internal sealed class SynthesisEncoder : Module
{
    /// <summary>Height and width of the feature that latents are made of.</summary>
    public const int LatentSize = 32;

    private readonly ConvolutionTriple[] _blocks;
    private readonly Conv2d _code;
    private readonly int _latentBlock;

    /// <param name="size">Height and width of the image.</param>
    /// <param name="channels">Channels at that size, at half of it, .. ; their number says the base code's size.</param>
    /// <param name="layers">Makes the layers.</param>
    public SynthesisEncoder(int size, IReadOnlyList<int> channels, LayerFactory layers)
    {
        _latentBlock = BitOperations.Log2((uint)(size / LatentSize)) - 1;
        if (_latentBlock < 0 || _latentBlock >= channels.Count - 1)
            throw new ArgumentException($"An encoder of {size} x {size} in {channels.Count} blocks makes no feature of {LatentSize} x {LatentSize} before its last.", nameof(channels));
        _blocks = [.. Enumerable.Range(0, channels.Count).Select(i => Child($"downblocks.{i}", new ConvolutionTriple(i == 0 ? 3 : channels[i - 1], channels[i], true, i < channels.Count - 1, layers)))];
        LatentChannels = channels[_latentBlock];
        _code = Child("conv1x1", layers.FanOut(channels[^1], channels[^1], 1));
    }

    /// <summary>Channels of the feature that latents are made of.</summary>
    public int LatentChannels { get; }

    /// <summary>The base code and the feature of size 32 of images.</summary>
    public (Tensor Code, Tensor Feature) Encode(Tensor x)
    {
        Tensor? feature = null;
        for (int i = 0; i < _blocks.Length; i++)
        {
            x = _blocks[i].Call(x);
            feature = i == _latentBlock ? x : feature;
        }

        return (_code.Call(x), feature!);
    }

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor x) => Encode(x).Code;
}

/// <summary>From the encoder's feature of size 32 to latents [n, l, s]: five strided convolutions, one linear layer per latent; the first ones share a layer (convs, linear).</summary>
internal sealed class LatentModule : Module
{
    private readonly Conv2d[] _convolutions;
    private readonly Linear[] _linear;
    private readonly int _copies;

    /// <param name="inputs">Channels of the feature.</param>
    /// <param name="styleFeatures">Features of a style.</param>
    /// <param name="latents">Latents of the generator.</param>
    /// <param name="copies">How many of the first latents are one.</param>
    /// <param name="layers">Makes the layers.</param>
    public LatentModule(int inputs, int styleFeatures, int latents, int copies, LayerFactory layers)
    {
        _copies = copies;
        int steps = BitOperations.Log2(SynthesisEncoder.LatentSize);
        _convolutions = [.. Enumerable.Range(0, steps).Select(i => Child($"convs.{2 * i}", layers.FanOut(i == 0 ? inputs : styleFeatures, styleFeatures, stride: 2)))];
        _linear = [.. Enumerable.Range(0, latents - copies + 1).Select(i => Child($"linear.{i}", layers.SmallLinear(styleFeatures, styleFeatures)))];
    }

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor x)
    {
        foreach (Conv2d convolution in _convolutions)
            x = convolution.Call(x).LeakyReluInPlace();
        Tensor style = x.Flatten(1);
        Tensor[] own = [.. _linear.Select(l => l.Call(style))];
        return TensorOps.Stack(1, [.. Enumerable.Repeat(own[0], _copies), .. own[1..]]);
    }
}
