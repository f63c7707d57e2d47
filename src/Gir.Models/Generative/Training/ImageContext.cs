using System.Globalization;
using Gir.Models.Backbones.StyleGan2;
using Gir.Models.Features;
using Gir.Models.Tensors;

namespace Gir.Models.Generative.Training;

/// <summary>The map that the contextual loss compares, of images [n, 3, h, w] in 0..1; its network is frozen.</summary>
/// <param name="Of">The map.</param>
/// <param name="Description">What a stage compares when it goes on; empty for the prior's discriminator.</param>
internal sealed record ImageContext(Func<Tensor, Tensor> Of, string Description = "")
{
    /// <summary>What a stage's description ends with.</summary>
    public string Suffix => Description.Length > 0 ? ", " + Description : "";

    /// <summary>The discriminator's map after its first block.</summary>
    public static ImageContext OfDiscriminator(StyleGan2Discriminator eye) => new(images => eye.Features((images * 2) - 1, 2)[1]);

    /// <summary>VGG-19's relu3_4, the published loss's.</summary>
    /// <exception cref="ArgumentException">The network is another.</exception>
    public static ImageContext Vgg19(PerceptualNetwork network)
    {
        if (network.Name != PerceptualLayout.Vgg19.Name)
            throw new ArgumentException($"The contextual loss was given {network.Name}; expected {PerceptualLayout.Vgg19.Name}, whose relu3_4 it compares.", nameof(network));
        var eye = new PerceptualEye(network);
        return new ImageContext(images => eye.Layers(images)[^1], string.Create(CultureInfo.InvariantCulture, $"contextual by {network.Name} ({eye.Fingerprint:x16})"));
    }
}
