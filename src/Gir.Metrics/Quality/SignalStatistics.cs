using System.Globalization;
using Gir.Imaging;
using Gir.Metrics.NoReference;

namespace Gir.Metrics.Quality;

/// <summary>Statistics of the signal itself: octaves, blocks, noise, edges, color. In double precision on one thread, in one order.</summary>
internal static class SignalStatistics
{
    private static readonly Entropy s_entropy = new();
    private static readonly Colorfulness s_colorfulness = new();

    /// <summary>Names of the numbers, in their order.</summary>
    public static readonly string[] Names =
    [
        .. Enumerable.Range(0, OctaveEnergies.Count).Select(i => string.Create(CultureInfo.InvariantCulture, $"band{i}")),
        .. Enumerable.Range(1, OctaveEnergies.Count - 1).Select(i => string.Create(CultureInfo.InvariantCulture, $"band-ratio{i}")),
        "blockiness",
        "noise",
        "edge-width",
        "edge-overshoot",
        "colorfulness",
        "entropy",
        "black",
        "white",
    ];

    /// <summary>The numbers of an image; NaN where it has no edges.</summary>
    public static double[] Of(ImageBuffer image, Parallelism parallelism)
    {
        using var luma = LevelPlane.Of(image, MetricColor.GrayYiq, 0, 0, parallelism);
        double[] octaves = OctaveEnergies.Of(luma);
        EdgeShape edges = EdgeShape.Of(luma);
        (double black, double white) = Saturation(image);
        return
        [
            .. octaves,
            .. octaves.Zip(octaves.Skip(1), (fine, coarse) => fine - coarse),
            Blockiness.Of(luma),
            NoiseLevel.Of(luma),
            edges.Width,
            edges.Overshoot,
            s_colorfulness.Measure(image, parallelism).Value,
            s_entropy.Measure(image, parallelism).Value,
            black,
            white,
        ];
    }

    /// <summary>Shares of samples that are black or white to within half a level.</summary>
    private static (double Black, double White) Saturation(ImageBuffer image)
    {
        const float Half = 0.5f / 255;
        (int black, int white) = (0, 0);
        foreach (float sample in image.Samples)
        {
            black += sample < Half ? 1 : 0;
            white += sample > 1 - Half ? 1 : 0;
        }

        return ((double)black / image.Samples.Length, (double)white / image.Samples.Length);
    }
}
