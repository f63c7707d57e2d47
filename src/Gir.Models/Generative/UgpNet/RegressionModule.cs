using Gir.Models.Backbones;
using Gir.Models.Nn;
using Gir.Models.Tensors;
using Gir.Models.Zoo;

namespace Gir.Models.Generative.UgpNet;

/// <summary>The part that restores structure: a regressed image, and a feature of it for the fusion.</summary>
internal abstract class RegressionModule : Module
{
    /// <summary>Output size divided by input size.</summary>
    public abstract int Scale { get; }

    /// <summary>Channels of the feature.</summary>
    public abstract int FeatureChannels { get; }

    /// <summary>The regressed images [n, 3, h, w] of degraded ones, and their feature [n, c, h, w].</summary>
    public abstract (Tensor Image, Tensor Feature) Regress(Tensor x);

    /// <summary>The network that regresses.</summary>
    public abstract RestorationNetwork Network { get; }

    /// <summary>The published form for a network: with a residual encoder where sizes stay, direct where the network enlarges.</summary>
    public static RegressionModule Of(RestorationNetwork network, int featureChannels, ulong seed = 0)
    {
        if (network.InputChannels != 3 || network.OutputChannels != 3 || network.TakesNoiseMap || network.Range != 1)
            throw new ArgumentException($"{network.Architecture} takes {network.InputChannels} channels and makes {network.OutputChannels} (white is {network.Range}{(network.TakesNoiseMap ? ", it is told the noise" : "")}); expected RGB in 0..1 on both sides.", nameof(network));
        return network.Scale == 1 ? new ResidualRegression(network, featureChannels, seed) : new DirectRegression(network);
    }

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor x) => Regress(x).Image;
}

/// <summary>A network that hands out its own image and last feature, under its own keys.</summary>
internal sealed class DirectRegression : RegressionModule
{
    private readonly ILastFeature _feature;

    /// <exception cref="ArgumentException">The network does not hand out its last feature.</exception>
    public DirectRegression(RestorationNetwork network)
    {
        Network = network;
        _feature = network.Module as ILastFeature
            ?? throw new ArgumentException($"{network.Architecture} enlarges by {network.Scale} and does not hand out its last feature; expected RRDBNet, or a network of scale 1.", nameof(network));
        Adopt(network.Module);
    }

    /// <inheritdoc/>
    public override RestorationNetwork Network { get; }

    /// <inheritdoc/>
    public override int Scale => Network.Scale;

    /// <inheritdoc/>
    public override int FeatureChannels => _feature.FeatureChannels;

    /// <inheritdoc/>
    public override (Tensor Image, Tensor Feature) Regress(Tensor x)
    {
        Tensor feature = _feature.Feature(x);
        return (_feature.ToImage(feature, x), feature);
    }
}

/// <summary>
/// A network and an encoder of the degraded image, whose sum with the network's last feature is what image and feature are made of: regression, encoder. A network
/// that does not hand out its last feature gives its image instead.
/// </summary>
internal sealed class ResidualRegression : RegressionModule
{
    private readonly ILastFeature? _feature;
    private readonly Module _regression;
    private readonly ConvolutionTriple _input;
    private readonly ConvolutionTriple[] _merge;
    private readonly Conv2d _image;

    public ResidualRegression(RestorationNetwork network, int featureChannels, ulong seed)
    {
        (Network, FeatureChannels) = (network, featureChannels);
        _feature = network.Module as ILastFeature;
        int channels = _feature?.FeatureChannels ?? 3;
        var layers = new LayerFactory(seed);
        _regression = Child("regression", network.Module);
        _input = Child("encoder.input_encoder", new ConvolutionTriple(3, channels, false, false, layers));
        _merge =
        [
            Child("encoder.merge_decoder.0", new ConvolutionTriple(channels, featureChannels, false, false, layers)),
            Child("encoder.merge_decoder.1", new ConvolutionTriple(featureChannels, featureChannels, false, false, layers)),
        ];
        _image = Child("encoder.to_img.body.0", layers.FanOut(featureChannels, 3));
    }

    /// <inheritdoc/>
    public override RestorationNetwork Network { get; }

    /// <inheritdoc/>
    public override int Scale => 1;

    /// <inheritdoc/>
    public override int FeatureChannels { get; }

    /// <inheritdoc/>
    public override (Tensor Image, Tensor Feature) Regress(Tensor x) => Merge(x, Scopes.Run(() => _feature?.Feature(x) ?? _regression.Call(x)));

    /// <summary>The same from the network's last feature.</summary>
    internal (Tensor Image, Tensor Feature) Merge(Tensor x, Tensor last)
    {
        Tensor feature = Scopes.Run(() => _merge[1].Call(_merge[0].Call(_input.Call(x).AddInPlace(last))));
        // A leaky ReLU on the image, as published.
        return (_image.Call(feature).LeakyReluInPlace(0.2f), feature);
    }
}
