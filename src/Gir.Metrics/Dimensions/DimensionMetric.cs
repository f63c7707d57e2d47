using Gir.Imaging;
using Gir.Imaging.Observability;

namespace Gir.Metrics.Dimensions;

/// <summary>One of the numbers of <see cref="DimensionMeter"/> as a metric: "under", "over", "detail" or "sharpness".</summary>
/// <remarks>
/// 0 is best in all of them. Whoever needs several of them measures them at once with <see cref="DimensionMeter"/>; benchmarks and the tool do so. Gray or RGB, at least 16 x 16 pixels.
/// </remarks>
public sealed class DimensionMetric : IFullReferenceMetric
{
    private readonly Dimension _dimension;
    private readonly DimensionMeter _meter;
    private readonly string _convention;

    /// <summary>A metric.</summary>
    /// <param name="dimension">Which number.</param>
    /// <param name="options">The options; null means the defaults.</param>
    /// <exception cref="ArgumentOutOfRangeException">The dimension is not defined, or the crop is negative.</exception>
    public DimensionMetric(Dimension dimension, DimensionOptions? options = null)
    {
        if (!Enum.IsDefined(dimension))
            throw new ArgumentOutOfRangeException(nameof(dimension), dimension, "Expected a defined dimension.");
        options ??= new DimensionOptions();
        ArgumentOutOfRangeException.ThrowIfNegative(options.Crop, nameof(options));
        _dimension = dimension;
        Name = dimension.ToString().ToLowerInvariant();
        _meter = new DimensionMeter(options) { Needs = MetricNeeds.Of(Name, DimensionMeter.MinimumSize, options.Crop, MetricColor.GrayYiq) };
        string fit = options.Affine ? "brightness and contrast fitted" : "brightness and contrast as they are";
        _convention = $"Gir's measured proxy, {MetricText.Of(MetricColor.GrayYiq, options.Crop)}, {fit}{(options.Search ? ", blocks searched within 2 pixels" : "")}";
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public string? WhyUnfit(int channels, int height, int width) => _meter.Needs.Unfit(channels, height, width);

    /// <inheritdoc/>
    public MetricScore Measure(ImageBuffer reference, ImageBuffer distorted) => Measure(reference, distorted, default);

    /// <inheritdoc/>
    public MetricScore Measure(ImageBuffer reference, ImageBuffer distorted, Parallelism parallelism) =>
        MeasureAmong([this], [], reference, distorted, parallelism);

    /// <summary>Measures as one of several metrics: what was measured for another under the same options is taken from there.</summary>
    internal MetricScore MeasureAmong(
        IReadOnlyList<IFullReferenceMetric> metrics,
        Dictionary<DimensionOptions, DimensionScores> shared,
        ImageBuffer reference,
        ImageBuffer distorted,
        Parallelism parallelism)
    {
        using TimedWork.Piece work = MetricsTelemetry.Begin(Name, parallelism);
        if (!shared.TryGetValue(_meter.Options, out DimensionScores? scores))
        {
            Dimension[] wanted = [.. metrics.OfType<DimensionMetric>().Where(m => m._meter.Options == _meter.Options).Select(m => m._dimension)];
            bool detail = wanted.Any(d => d != Dimension.Sharpness);
            scores = Measurement.Of(_meter, reference, distorted, detail, wanted.Contains(Dimension.Sharpness), parallelism).Scores();
            shared[_meter.Options] = scores;
        }

        return work.Complete(Score(scores));
    }

    private MetricScore Score(DimensionScores scores)
    {
        double value = _dimension switch
        {
            Dimension.Under => scores.Under,
            Dimension.Over => scores.Over,
            Dimension.Detail => scores.Detail,
            _ => scores.Sharpness,
        };
        return new MetricScore(Name, value, _convention, HigherIsBetter: false) { ZeroIsBest = _dimension is Dimension.Detail or Dimension.Sharpness };
    }
}
