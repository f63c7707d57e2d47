using Gir.Evaluation.Results;
using Gir.Imaging;
using Gir.Imaging.Random;
using Gir.Metrics;

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

    /// <summary>All values by name, in order.</summary>
    public IReadOnlyDictionary<string, double> Measure(ImageBuffer clean, ImageBuffer image, CancellationToken cancellationToken) =>
        new OrderedDictionary<string, double>(Scores(clean, image, Parallelism.Sequential.WithCancellation(cancellationToken)).Select(s => KeyValuePair.Create(s.Metric, s.Value)));

    private IEnumerable<MetricScore> Scores(ImageBuffer clean, ImageBuffer image, Parallelism parallelism) =>
        options.FullReference.Select(m => m.Measure(clean, image, parallelism) with { Metric = m.Name })
            .Concat(options.NoReference.Select(m => m.Measure(image, parallelism) with { Metric = m.Name }));
}
