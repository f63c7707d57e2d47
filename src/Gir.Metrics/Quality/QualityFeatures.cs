using System.Globalization;
using Gir.Imaging;
using Gir.Imaging.Color;
using Gir.Metrics.Dimensions;
using Gir.Metrics.FullReference;
using Gir.Metrics.NoReference;

namespace Gir.Metrics.Quality;

/// <summary>The numbers that a <see cref="QualityModel"/> sees of an image: natural-scene statistics, simple signal statistics and, with a reference, full-reference metrics.</summary>
/// <remarks>
/// Without a reference: the means over blocks of NIQE's 36 features, BRISQUE's 36 features, and 17 of the signal: log energies of five octaves and their ratios, blockiness, noise,
/// width and overshoot of edges, colorfulness, entropy, shares of black and white samples. With one also PSNR (at most 60 dB), SSIM, MS-SSIM, GMSD, VIF, FSIM, CIEDE2000, and
/// under, over and the edges' gain of <see cref="DimensionMeter"/>. A statistic that an image does not have (a flat one has no edges) is NaN.
/// The same bits for any number of threads and any vector width. Safe for concurrent use.
/// </remarks>
public static class QualityFeatures
{
    /// <summary>Fewest rows and columns: NIQE's block.</summary>
    internal const int MinimumSize = NiqeFeatures.BlockSize;

    /// <summary>Fewest rows and columns with a reference: MS-SSIM's five scales.</summary>
    internal const int MinimumSizeWithReference = 161;

    private const double MostPsnr = 60;

    private static readonly string[] s_alone =
    [
        .. Enumerable.Range(0, NiqeFeatures.Count).Select(i => string.Create(CultureInfo.InvariantCulture, $"niqe{i}")),
        .. Enumerable.Range(0, Brisque.FeatureCount).Select(i => string.Create(CultureInfo.InvariantCulture, $"brisque{i}")),
        .. SignalStatistics.Names,
    ];

    private static readonly string[] s_compared = ["psnr", "ssim", "ms-ssim", "gmsd", "vif", "fsim", "ciede2000", "under", "over", "edge-gain"];

    private static readonly string[] s_all = [.. s_alone, .. s_compared];
    private static readonly IFullReferenceMetric[] s_metrics =
        [new Psnr(new PsnrOptions { Cap = MostPsnr }), new Ssim(), new MsSsim(new MsSsimOptions { ClampContrast = true }), new Gmsd(), new Vif(), new Fsim(), new Ciede2000()];

    private static readonly DimensionMeter s_dimensions = new();

    /// <summary>Names of the features of a set, in their order.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The set is not defined.</exception>
    public static IReadOnlyList<string> Names(QualityFeatureSet set) => set switch
    {
        QualityFeatureSet.NoReference => s_alone,
        QualityFeatureSet.FullReference => s_all,
        _ => throw new ArgumentOutOfRangeException(nameof(set), set, "Expected a defined set."),
    };

    /// <summary>The features of an image alone.</summary>
    /// <param name="image">Gray or RGB, at least 96 x 96 pixels.</param>
    /// <param name="parallelism">Threads; the numbers do not depend on them.</param>
    /// <exception cref="ArgumentException">The image's shape does not fit, or a sample is not in the range of [0, 1] (levels of 0..255, NaN).</exception>
    public static double[] Compute(ImageBuffer image, Parallelism parallelism = default)
    {
        Needs("quality features", QualityFeatureSet.NoReference, 0).Check(image);
        return [.. Alone(image, parallelism)];
    }

    /// <summary>The features of an image and its reference: those of the image alone, and then the comparison's.</summary>
    /// <param name="reference">The clean image, gray or RGB, at least 161 x 161 pixels.</param>
    /// <param name="image">The image to judge, of the same shape.</param>
    /// <param name="parallelism">Threads; the numbers do not depend on them.</param>
    /// <exception cref="ArgumentException">The shapes differ or do not fit, or a sample is not in the range of [0, 1] (levels of 0..255, NaN).</exception>
    public static double[] Compute(ImageBuffer reference, ImageBuffer image, Parallelism parallelism = default)
    {
        Needs("quality features", QualityFeatureSet.FullReference, 0).Check(reference, image);
        // Differences of color are defined for colors alone.
        (ImageBuffer x, ImageBuffer y) = reference.Channels == 1 ? (reference.GrayToRgb(), image.GrayToRgb()) : (reference, image);
        DimensionScores dimensions = s_dimensions.Measure(x, y, parallelism);
        return
        [
            .. Alone(image, parallelism),
            .. s_metrics.Select(metric => metric.Measure(x, y, parallelism).Value),
            dimensions.Under,
            dimensions.Over,
            dimensions.EdgeGain,
        ];
    }

    internal static MetricNeeds Needs(string metric, QualityFeatureSet set, int crop) =>
        new(metric, set == QualityFeatureSet.NoReference ? MinimumSize : MinimumSizeWithReference, crop, MetricChannels.GrayOrRgb);

    private static IEnumerable<double> Alone(ImageBuffer image, Parallelism parallelism)
    {
        double[] niqe;
        using (LevelPlane gray = Niqe.CroppedGray(image, MetricColor.GrayMatlab, 0, parallelism))
            (niqe, _, _) = NiqeStatistics.Of(NiqeFeatures.Compute(gray, Niqe.SnapBelow, null, parallelism));
        return [.. niqe, .. Brisque.ComputeFeatures(image, parallelism: parallelism), .. SignalStatistics.Of(image, parallelism)];
    }
}
