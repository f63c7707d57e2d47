using Gir.Imaging;

namespace Gir.Metrics.Dimensions;

/// <summary>
/// Measures failure signs of a restored image against its reference: detail that is missing, detail that was added, and edges that are too soft or too hard.
/// The dimensions are those people were asked for in Yin et al., "How far have we gone in Generative Image Restoration?" (2026); the numbers are Gir's own
/// definition, measured proxies, and no model or score of that paper.
/// </summary>
/// <remarks>
/// On the luma 0.299 R + 0.587 G + 0.114 B in 0..1 of reference x and result r. Bands: y - G1 y, G1 y - G2 y, G2 y - G4 y, of Gaussians of sigma 1, 2 and 4
/// (radius 4 sigma, symmetric borders). Per band and block of 16 x 16 pixels, with means X = x x, R = r r, P = x r and C = (2/255)^2:
/// a = max(0, P / X) where X &gt; C; missing m = (1 - min(a, 1))^2 X / (X + C), blocks with X of at most C having no vote; added e = E / (E + X + C) with
/// E = max(0, R - a^2 X), or max(0, R - X) where X is at most C. Under and over are the means of m and e over blocks, by their pixels, and bands. Sharpness is
/// 2 log2 k, within -3..3: after a Gaussian of sigma 0.7, on the reference's strongest twentieth of gradients (central differences, magnitude above 0.02),
/// k = sum(grad r . grad x) / sum(grad x . grad x). What follows the reference and is too strong is sharpness; what does not follow it is detail.
/// Equal images give exactly 0. Single precision in the planes, double in the sums; the same bits for any number of threads and any vector width.
/// Immutable and safe for concurrent use.
/// </remarks>
public sealed class DimensionMeter
{
    internal const int MinimumSize = BlockGrid.Side;
    private const double Limit = 3;

    /// <summary>A meter.</summary>
    /// <param name="options">The options; null means the defaults.</param>
    /// <exception cref="ArgumentOutOfRangeException">The crop is negative.</exception>
    public DimensionMeter(DimensionOptions? options = null)
    {
        Options = options ?? new DimensionOptions();
        ArgumentOutOfRangeException.ThrowIfNegative(Options.Crop, nameof(options));
        Needs = MetricNeeds.Of("dimensions", MinimumSize, Options.Crop, MetricColor.GrayYiq);
    }

    /// <summary>The options.</summary>
    public DimensionOptions Options { get; }

    internal MetricNeeds Needs { get; init; }

    /// <summary>Measures an image against its reference.</summary>
    /// <param name="reference">The clean image, gray or RGB, at least 16 x 16 pixels after the crop.</param>
    /// <param name="result">The image to judge, of the same shape.</param>
    /// <param name="parallelism">Threads; the numbers do not depend on them.</param>
    /// <exception cref="ArgumentException">The shapes differ or do not fit, or a sample is not in the range of [0, 1] (levels of 0..255, NaN).</exception>
    public DimensionScores Measure(ImageBuffer reference, ImageBuffer result, Parallelism parallelism = default) =>
        Measurement.Of(this, reference, result, detail: true, sharpness: true, parallelism).Scores();

    /// <summary>Measures where in an image the failure signs are, as well.</summary>
    /// <param name="reference">The clean image, gray or RGB, at least 16 x 16 pixels after the crop.</param>
    /// <param name="result">The image to judge, of the same shape.</param>
    /// <param name="maps">One sample per block.</param>
    /// <param name="parallelism">Threads; the numbers do not depend on them.</param>
    /// <exception cref="ArgumentException">The shapes differ or do not fit, or a sample is not in the range of [0, 1] (levels of 0..255, NaN).</exception>
    public DimensionScores Measure(ImageBuffer reference, ImageBuffer result, out DimensionMaps maps, Parallelism parallelism = default)
    {
        Measurement measured = Measurement.Of(this, reference, result, detail: true, sharpness: true, parallelism);
        maps = measured.Maps();
        return measured.Scores();
    }

    internal static double Sharpness(double gain) => gain > 0 ? Math.Clamp(2 * Math.Log2(gain), -Limit, Limit) : -Limit;
}
