using Gir.Imaging;

namespace Gir.Metrics.Dimensions;

/// <summary>Measures with several metrics at once: dimensions under the same options share their work, and give the same numbers as alone.</summary>
internal static class DimensionGroup
{
    /// <summary>A score of every metric, in their order.</summary>
    /// <exception cref="ArgumentException">The images do not fit a metric.</exception>
    public static IEnumerable<MetricScore> Measure(
        IReadOnlyList<IFullReferenceMetric> metrics, ImageBuffer reference, ImageBuffer distorted, Parallelism parallelism = default)
    {
        Dictionary<DimensionOptions, DimensionScores> shared = [];
        foreach (IFullReferenceMetric metric in metrics)
        {
            yield return metric is DimensionMetric dimension
                ? dimension.MeasureAmong(metrics, shared, reference, distorted, parallelism)
                : metric.Measure(reference, distorted, parallelism);
        }
    }
}
