using Gir.Imaging;

namespace Gir.Metrics.Analysis;

/// <summary>Histogram intersection (Swain, Ballard: "Color Indexing", 1991), which tells how alike two degraded images are distributed.</summary>
public static class HistogramSimilarity
{
    private const int Bins = 256;

    /// <summary>
    /// Mean over channels of sum_i min(h1_i, h2_i), with 256 bins of one level and each histogram divided by its number of pixels:
    /// 1 for equal histograms, 0 for disjoint ones.
    /// </summary>
    /// <param name="first">An image; samples are rounded half to even to levels and clamped to 0..255.</param>
    /// <param name="second">An image of as many channels, of any size.</param>
    /// <exception cref="ArgumentException">The channels differ, or a sample is not in the range of [0, 1] (levels of 0..255, NaN).</exception>
    public static double Intersection(ImageBuffer first, ImageBuffer second)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        if (first.Channels != second.Channels)
            throw new ArgumentException($"Expected {first.Channels} channels in both images, but the second has {second.Channels}.", nameof(second));
        SampleRange.Check(first, nameof(first), "The first image");
        SampleRange.Check(second, nameof(second), "The second image");
        Span<int> a = stackalloc int[Bins];
        Span<int> b = stackalloc int[Bins];
        double sum = 0;
        for (int channel = 0; channel < first.Channels; channel++)
        {
            Count(first.Plane(channel), a);
            Count(second.Plane(channel), b);
            for (int i = 0; i < Bins; i++)
                sum += Math.Min((double)a[i] / first.PlaneLength, (double)b[i] / second.PlaneLength);
        }

        return sum / first.Channels;
    }

    private static void Count(ReadOnlySpan<float> samples, Span<int> histogram)
    {
        histogram.Clear();
        foreach (float sample in samples)
            histogram[(int)Math.Clamp(MathF.Round(sample * 255f, MidpointRounding.ToEven), 0, Bins - 1)]++;
    }
}
