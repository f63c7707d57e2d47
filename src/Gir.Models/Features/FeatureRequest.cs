using Gir.Imaging;
using Gir.Imaging.Features;
using Gir.Models.Tensors;

namespace Gir.Models.Features;

/// <summary>What extractors with a network of their own have in common: they check what they are asked, and make the network's input.</summary>
internal static class FeatureRequest
{
    /// <summary>The places of the layers asked for.</summary>
    /// <exception cref="ArgumentException">There is no such layer, or the image does not fit.</exception>
    public static int[] Check(IFeatureExtractor extractor, ImageBuffer image, IReadOnlyList<string> layers)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(layers);
        int least = extractor.Input.MinimumSize;
        if (image.Channels is not (1 or 3) || Math.Min(image.Height, image.Width) < least)
            throw new ArgumentException($"The image is {image} (channels x height x width); {extractor.Name} wants 1 or 3 channels of at least {least} x {least} pixels.", nameof(image));
        SampleRange.Check(image, nameof(image));
        int[] indices = [.. layers.Select(l => extractor.Layers.ToList().IndexOf(l))];
        return Array.IndexOf(indices, -1) is >= 0 and var unknown
            ? throw new ArgumentException($"{extractor.Name} has no layer '{layers[unknown]}'; it has {string.Join(", ", extractor.Layers)}.", nameof(layers))
            : indices;
    }

    /// <summary>[1, 3, h, w] by the means and deviations of the input, not resized; gray is seen three times.</summary>
    public static Tensor ToTensor(ImageBuffer image, FeatureInput input)
    {
        var values = new float[3 * image.PlaneLength];
        for (int c = 0; c < 3; c++)
        {
            ReadOnlySpan<float> plane = image.Plane(image.Channels == 1 ? 0 : c);
            for (int i = 0; i < plane.Length; i++)
                values[(c * plane.Length) + i] = (plane[i] - input.Mean[c]) / input.Deviation[c];
        }

        return Tensor.From(values, [1, 3, image.Height, image.Width]);
    }
}
