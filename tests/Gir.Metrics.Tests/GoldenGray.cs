using Gir.Imaging;

namespace Gir.Metrics.Tests;

/// <summary>The rounded grays that some goldens were made on.</summary>
/// <remarks>
/// 0.299 R + 0.587 G + 0.114 B in floating point has exact .5 ties whose rounding depends on the order of summation. The goldens' order
/// was found to be fma(0.114, B, fma(0.299, R, 0.587 G)), on levels for "YiqRounded" and on samples for PIQE: it reproduces them to the
/// last digit. Gir adds whole numbers instead, so these goldens are compared on the goldens' own gray plane.
/// </remarks>
internal static class GoldenGray
{
    public static ImageBuffer Rounded(ImageBuffer image) => Of(image, i => Mix(image, i, 1));

    /// <summary>The same gray scaled to a maximum of 255 before it is rounded, as PIQE takes it.</summary>
    public static ImageBuffer Stretched(ImageBuffer image)
    {
        double maximum = Enumerable.Range(0, image.PlaneLength).Max(i => Mix(image, i, 255));
        return Of(image, i => Mix(image, i, 255) / maximum * 255);
    }

    private static ImageBuffer Of(ImageBuffer image, Func<int, double> level)
    {
        var gray = new ImageBuffer(1, image.Height, image.Width);
        for (int i = 0; i < gray.Samples.Length; i++)
            gray.Samples[i] = (float)Math.Round(level(i), MidpointRounding.ToEven) / 255f;
        return gray;
    }

    private static double Mix(ImageBuffer image, int i, double divisor)
    {
        double Channel(int c) => Math.Round(image.Samples[(c * image.PlaneLength) + i] * 255.0) / divisor;
        return Math.FusedMultiplyAdd(0.114, Channel(2), Math.FusedMultiplyAdd(0.299, Channel(0), 0.587 * Channel(1)));
    }
}
