using Gir.Imaging;

namespace Gir.Metrics.Tests;

/// <summary>The rounded gray that the goldens named "YiqRounded" were made on.</summary>
/// <remarks>
/// 0.299 R + 0.587 G + 0.114 B in floating point has exact .5 ties whose rounding depends on the order of summation. The goldens' order
/// was found to be fma(0.114, B, fma(0.299, R, 0.587 G)): it reproduces them to the last digit. Gir adds whole numbers instead
/// (MetricColor.GrayYiqRounded), so these goldens are compared on the goldens' own gray plane.
/// </remarks>
internal static class GoldenGray
{
    public static ImageBuffer Of(ImageBuffer image)
    {
        var gray = new ImageBuffer(1, image.Height, image.Width);
        for (int i = 0; i < gray.Samples.Length; i++)
            gray.Samples[i] = (float)Math.Round(Level(image, i), MidpointRounding.ToEven) / 255f;
        return gray;
    }

    public static double Level(ImageBuffer image, int i)
    {
        double Channel(int c) => Math.Round(image.Samples[(c * image.PlaneLength) + i] * 255.0);
        return Math.FusedMultiplyAdd(0.114, Channel(2), Math.FusedMultiplyAdd(0.299, Channel(0), 0.587 * Channel(1)));
    }
}
