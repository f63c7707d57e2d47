using Gir.Imaging;
using Gir.Metrics.Kernels;

namespace Gir.Metrics.FullReference;

/// <summary>Root of the mean squared difference over all channels and pixels, in units of the sample range [0, 1]; lower is better.</summary>
/// <remarks>Samples are compared as levels 255 v rounded to float32 (8-bit images are exact) and the result divided by 255. Any size from one pixel; samples beyond the range of [0, 1], such as levels of 0..255 or NaN, are refused.</remarks>
/// <param name="color">The plane or planes compared.</param>
/// <param name="crop">Pixels cut from every side.</param>
/// <exception cref="ArgumentOutOfRangeException">The crop is negative.</exception>
public sealed class Rmse(MetricColor color = MetricColor.Rgb, int crop = 0) : IFullReferenceMetric
{
    private readonly DifferenceMetric<PairSum.Square> _metric = new("rmse", color, crop, Math.Sqrt);

    /// <inheritdoc/>
    public string Name => "rmse";

    /// <inheritdoc/>
    public string? WhyUnfit(int channels, int height, int width) => _metric.WhyUnfit(channels, height, width);

    /// <inheritdoc/>
    public MetricScore Measure(ImageBuffer reference, ImageBuffer distorted) => Measure(reference, distorted, default);

    /// <inheritdoc/>
    public MetricScore Measure(ImageBuffer reference, ImageBuffer distorted, Parallelism parallelism) => _metric.Measure(reference, distorted, parallelism);
}
