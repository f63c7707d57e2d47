using Gir.Models.Backbones.AutoencoderKl;
using Gir.Models.Tensors;

namespace Gir.Models.Generative.Diffusion;

/// <summary>Between images [n, 3, h, w] in -1..1 and what is diffused, unscaled.</summary>
internal interface ILatentSpace
{
    /// <summary>Size of an image divided by that of its latent.</summary>
    int Factor { get; }

    /// <summary>The distribution of the latents of images.</summary>
    /// <param name="images">The images.</param>
    /// <param name="tile">Side of tiles in pixels, in inference alone; null encodes whole images.</param>
    DiagonalGaussian Encode(Tensor images, int? tile = null);

    /// <summary>Images of latents.</summary>
    /// <param name="latents">The latents.</param>
    /// <param name="tile">Side of tiles in pixels, in inference alone; null decodes whole latents.</param>
    Tensor Decode(Tensor latents, int? tile = null);
}

/// <summary>Pixels as their own latents: diffusion without an autoencoder.</summary>
internal sealed class PixelSpace : ILatentSpace
{
    // The least that a log variance can be: exp(-15) of noise.
    private const float Certain = -30;

    /// <inheritdoc/>
    public int Factor => 1;

    /// <inheritdoc/>
    public DiagonalGaussian Encode(Tensor images, int? tile = null) => new(images, Tensor.Full(images.Shape, Certain));

    /// <inheritdoc/>
    public Tensor Decode(Tensor latents, int? tile = null) => latents;
}
