using System.Numerics.Tensors;
using Gir.Imaging;
using Gir.Imaging.Codecs;

namespace Gir.Degradations.Damage;

/// <summary>Masks that users give: 1 x H x W in [0, 1].</summary>
internal static class MaskImage
{
    /// <summary>Reads a mask; of a color image the mean of the three channels counts, and alpha does not.</summary>
    /// <exception cref="ImageFormatException">The file is damaged.</exception>
    /// <exception cref="DegradationException">The file holds samples outside [0, 1].</exception>
    public static ImageBuffer Load(string path)
    {
        ImageBuffer image = ImageFile.Load(path);
        if (!IsUnit(image))
            throw new DegradationException($"'{path}' is no mask: it holds samples outside 0..1.");
        if (image.Channels == 1)
            return image;

        var mean = new ImageBuffer(1, image.Height, image.Width);
        int colors = image.Channels >= 3 ? 3 : 1;
        for (int c = 0; c < colors; c++)
        {
            ReadOnlySpan<float> plane = image.Plane(c);
            for (int i = 0; i < plane.Length; i++)
                mean.Samples[i] += plane[i] / colors;
        }

        return mean;
    }

    /// <summary>Whether an image in memory is a mask.</summary>
    public static bool IsMask(ImageBuffer image) => image.Channels == 1 && IsUnit(image);

    // NaN wins both searches and fails both comparisons.
    private static bool IsUnit(ImageBuffer image) =>
        TensorPrimitives.Min<float>(image.Samples) >= 0 && TensorPrimitives.Max<float>(image.Samples) <= 1;
}
