using Gir.Imaging;
using Gir.Imaging.Observability;
using Gir.Metrics.Kernels;

namespace Gir.Metrics.FullReference;

/// <summary>Mean absolute difference over all channels and pixels, in units of the sample range [0, 1]; lower is better.</summary>
/// <remarks>Samples are compared as levels 255 v rounded to float32 (8-bit images are exact) and the result divided by 255. Any size from one pixel; samples beyond the range of [0, 1], such as levels of 0..255 or NaN, are refused.</remarks>
public sealed class Mae : IFullReferenceMetric
{
    private readonly MetricColor _color;
    private readonly int _crop;
    private readonly string _convention;

    /// <summary>MAE under a color convention.</summary>
    /// <param name="color">The plane or planes compared.</param>
    /// <param name="crop">Pixels cut from every side.</param>
    /// <exception cref="ArgumentOutOfRangeException">The crop is negative.</exception>
    public Mae(MetricColor color = MetricColor.Rgb, int crop = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(crop);
        (_color, _crop) = (color, crop);
        _convention = $"{MetricText.Of(color, crop)}, range 1";
    }

    /// <inheritdoc/>
    public string Name => "mae";

    /// <inheritdoc/>
    public string? WhyUnfit(int channels, int height, int width) => DifferenceMean.Needs(Name, _color, _crop).Unfit(channels, height, width);

    /// <inheritdoc/>
    public MetricScore Measure(ImageBuffer reference, ImageBuffer distorted) => Measure(reference, distorted, default);

    /// <inheritdoc/>
    public MetricScore Measure(ImageBuffer reference, ImageBuffer distorted, Parallelism parallelism)
    {
        using TimedWork.Piece work = MetricsTelemetry.Begin(Name, parallelism);
        double mean = DifferenceMean.Of<PairSum.Absolute>(Name, reference, distorted, _color, _crop, parallelism);
        return work.Complete(new MetricScore(Name, mean / 255, _convention, HigherIsBetter: false));
    }
}
