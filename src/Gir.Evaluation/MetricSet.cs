using Gir.Evaluation.Results;
using Gir.Imaging;
using Gir.Imaging.Random;
using Gir.Metrics;
using Gir.Metrics.Dimensions;

namespace Gir.Evaluation;

/// <summary>The metrics of a benchmark as one.</summary>
internal sealed class MetricSet(BenchmarkOptions options)
{
    private const int ProbeSize = 256;

    /// <summary>Names, conventions and directions, learnt by measuring a small textured image.</summary>
    public IReadOnlyList<EvaluatedMetric> Describe()
    {
        ImageBuffer probe = new(3, ProbeSize, ProbeSize);
        Philox4x32.FillUniform(probe.Samples, seed: 0);
        return [.. Scores(probe, probe, default).Select(s => new EvaluatedMetric(
            s.Metric, s.Convention + (s.Model is null ? "" : $", model {s.Model}") + ", image rounded to 8 bits", s.HigherIsBetter, s.ZeroIsBest))];
    }

    /// <summary>All values by name, in order; NaN where a metric cannot measure the image.</summary>
    public IReadOnlyDictionary<string, double> Measure(ImageBuffer clean, ImageBuffer image, CancellationToken cancellationToken)
    {
        var values = new OrderedDictionary<string, double>();
        foreach (IFullReferenceMetric metric in options.FullReference)
            values[metric.Name] = double.NaN;
        foreach (INoReferenceMetric metric in options.NoReference)
            values[metric.Name] = double.NaN;
        foreach (MetricScore score in Scores(clean, image, Parallelism.Sequential.WithCancellation(cancellationToken)))
            values[score.Metric] = score.Value;
        return values;
    }

    private IEnumerable<MetricScore> Scores(ImageBuffer clean, ImageBuffer image, Parallelism parallelism)
    {
        IFullReferenceMetric[] full = [.. options.FullReference.Where(m => m.WhyUnfit(image.Channels, image.Height, image.Width) is null)];
        INoReferenceMetric[] none = [.. options.NoReference.Where(m => m.WhyUnfit(image.Channels, image.Height, image.Width) is null)];
        return full.Zip(DimensionGroup.Measure(full, clean, image, parallelism), (m, score) => score with { Metric = m.Name })
            .Concat(none.Select(m => m.Measure(image, parallelism) with { Metric = m.Name }));
    }
}
