using Gir.Models.Generative.Diffusion;
using Gir.Models.Nn;
using Gir.Models.Tensors;

namespace Gir.Models.Backbones.AutoencoderKl;

/// <summary>
/// The variational autoencoder of latent diffusion (Rombach, Blattmann, Lorenz, Esser, Ommer: "High-Resolution Image Synthesis with Latent Diffusion Models", CVPR 2022):
/// encoder, decoder, quant_conv, post_quant_conv. Images [n, 3, h, w] in -1..1; latents [n, e, h / f, w / f], unscaled. Nothing is clamped.
/// </summary>
internal sealed class AutoencoderKl : Module, ILatentSpace
{
    /// <summary>Added to the variance of every group normalization.</summary>
    public const float Epsilon = 1e-6f;

    private readonly AutoencoderEncoder _encoder;
    private readonly AutoencoderDecoder _decoder;
    private readonly Conv2d _quantize;
    private readonly Conv2d _restore;

    /// <exception cref="ArgumentException">An option is out of range or contradicts another.</exception>
    public AutoencoderKl(AutoencoderKlOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        Options = options;
        var layers = new LayerFactory(options.Seed);
        _encoder = Child("encoder", new AutoencoderEncoder(options, layers));
        _decoder = Child("decoder", new AutoencoderDecoder(options, layers));
        _quantize = Child("quant_conv", layers.Convolution(2 * options.InnerChannels, 2 * options.LatentChannels, 1));
        _restore = Child("post_quant_conv", layers.Convolution(options.LatentChannels, options.InnerChannels, 1));
    }

    /// <summary>The configuration.</summary>
    public AutoencoderKlOptions Options { get; }

    /// <inheritdoc/>
    public int Factor => Options.Factor;

    /// <summary>The decoder's last convolution, by whose gradients an adversarial loss is weighted.</summary>
    public Conv2d LastLayer => _decoder.Last;

    /// <summary>Mean and log variance of images, one after the other: [n, 2 e, h / f, w / f], the log variance not clamped.</summary>
    public Tensor Moments(Tensor images) => Scopes.Run((this, images), static s => s.Item1._quantize.Call(s.Item1._encoder.Call(s.images)));

    /// <summary>The encoder.</summary>
    public AutoencoderEncoder Encoder => _encoder;

    /// <summary>The decoder.</summary>
    public AutoencoderDecoder Decoder => _decoder;

    /// <summary>The distribution of the latents of images.</summary>
    /// <param name="images">The images.</param>
    /// <param name="tile">Side of tiles in pixels (<see cref="TiledAutoencoder"/>), in inference alone; null encodes whole images.</param>
    public DiagonalGaussian Encode(Tensor images, int? tile = null) => DiagonalGaussian.Of(tile is { } size ? _quantize.Call(_encoder.InTiles(images, size)) : Moments(images));

    /// <summary>Images of latents.</summary>
    /// <param name="latents">The latents.</param>
    /// <param name="tile">Side of tiles in pixels (<see cref="TiledAutoencoder"/>), in inference alone; null decodes whole latents.</param>
    public Tensor Decode(Tensor latents, int? tile = null) => tile is { } size
        ? _decoder.InTiles(_restore.Call(latents), Math.Max(1, size / Options.Factor))
        : Whole(latents);

    private Tensor Whole(Tensor latents) => Scopes.Run((this, latents), static s => s.Item1._decoder.Call(s.Item1._restore.Call(s.latents)));

    /// <summary>The decoder's last feature, before its last convolution.</summary>
    public Tensor DecodeFeature(Tensor latents) => _decoder.Feature(_restore.Call(latents));

    /// <summary>Encoded and decoded again.</summary>
    protected override Tensor Forward(Tensor x) => Decode(Encode(x).Mean);
}

/// <summary>A normal distribution of latents, each element by itself.</summary>
/// <param name="Mean">Means, the mode too.</param>
/// <param name="LogVariance">Logarithms of the variances, in [-30, 20].</param>
internal readonly record struct DiagonalGaussian(Tensor Mean, Tensor LogVariance)
{
    /// <summary>The distribution of moments [n, 2 e, h, w].</summary>
    public static DiagonalGaussian Of(Tensor moments)
    {
        int channels = moments.Shape[1] / 2;
        return new(moments.Narrow(1, 0, channels), moments.Narrow(1, channels, channels).Clamp(-30, 20));
    }

    /// <summary>mean + exp(log variance / 2) noise.</summary>
    public Tensor Sample(Tensor noise) => Mean + ((LogVariance * 0.5f).Exp() * noise);

    /// <summary>The Kullback-Leibler divergence from the standard normal distribution, summed over each image: [n].</summary>
    public Tensor Divergence()
    {
        int[] inner = [.. Enumerable.Range(1, Mean.Rank - 1)];
        return (Mean.Square() + LogVariance.Exp() - LogVariance - 1).Sum(inner, keepDimensions: false) * 0.5f;
    }
}
