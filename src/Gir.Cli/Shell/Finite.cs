using System.Globalization;
using Gir.Imaging;
using Gir.Imaging.Kernels;

namespace Gir.Cli.Shell;

/// <summary>Finds samples that are no finite numbers.</summary>
internal static class Finite
{
    /// <summary>The first place in one sentence, or null.</summary>
    /// <param name="image">The image.</param>
    /// <param name="what">What it is, to begin the sentence with.</param>
    public static string? Fault(ImageBuffer image, string what)
    {
        int index = MagnitudeScan.FirstBeyond(image.Samples, float.MaxValue);
        if (index < 0)
            return null;
        (int channel, int pixel) = Math.DivRem(index, image.PlaneLength);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{what} holds {image.Samples[index]} at channel {channel}, row {pixel / image.Width}, column {pixel % image.Width} (from 0), which is no finite number.");
    }
}
