using System.Globalization;
using Gir.Models.Backbones.StyleGan2;
using Gir.Models.Features;
using Gir.Models.Tensors;

namespace Gir.Models.Generative.Training;

/// <summary>A distance of features as a loss of images [n, 3, h, w] in 0..1; its networks are frozen, gradients pass to the images.</summary>
/// <param name="Between">The distance, the mean over images.</param>
/// <param name="Description">What stages compare when they go on; empty for the prior's discriminator.</param>
internal sealed record ImageDistance(Func<Tensor, Tensor, Tensor> Between, string Description = "")
{
    /// <summary>What a stage's description ends with.</summary>
    public static string Suffix(ImageDistance? distance) => distance is { Description: { Length: > 0 } description } ? ", " + description : "";

    /// <summary>Between maps of the prior's discriminator after its first convolution and first two blocks, which must be frozen. It is no LPIPS.</summary>
    public static ImageDistance Of(StyleGan2Discriminator eye)
    {
        Tensor[] Features(Tensor images) => eye.Features((images * 2) - 1, 3);
        return new ImageDistance((a, b) => GanLosses.FeatureDistance(Features(a), Features(b)));
    }

    /// <summary>LPIPS: images are resized to squares by cubic interpolation (a = -0.75, half-pixel centers), the network's layers compared with the channels' weights.</summary>
    /// <param name="network">VGG-16 or AlexNet with the heads "lin0" to "lin4".</param>
    /// <param name="side">Side of the squares; the published loss has 256.</param>
    /// <exception cref="ArgumentException">A head is missing, or the squares are too small for the network.</exception>
    public static ImageDistance Lpips(PerceptualNetwork network, int side)
    {
        if (side < network.Input.MinimumSize)
            throw new ArgumentException($"Images are resized to {side} x {side}; {network.Name} wants at least {network.Input.MinimumSize} x {network.Input.MinimumSize}.", nameof(side));
        string[] names = [.. network.Layers.Select((_, i) => string.Create(CultureInfo.InvariantCulture, $"lin{i}"))];
        if (Array.Find(names, n => !network.Heads.ContainsKey(n)) is { } missing)
            throw new ArgumentException($"The weights hold no '{missing}'; expected {network.Name} and LPIPS's lin0 to lin{names.Length - 1}.", nameof(network));
        using TensorScope persistent = TensorScope.Suspend();
        float[][] heads = [.. names.Select(n => network.Heads[n].Select(w => (float)w).ToArray())];
        Tensor[] weights = [.. heads.Select(h => Tensor.From(h, [1, h.Length, 1, 1]))];
        var eye = new PerceptualEye(network, heads);
        return new ImageDistance(
            (a, b) => GanLosses.FeatureDistance(Layers(a), Layers(b), weights),
            string.Create(CultureInfo.InvariantCulture, $"LPIPS by {network.Name} at {side} ({eye.Fingerprint:x16})"));

        IReadOnlyList<Tensor> Layers(Tensor images) => eye.Layers(images.Interpolate(side, side, InterpolationMode.Bicubic));
    }
}
