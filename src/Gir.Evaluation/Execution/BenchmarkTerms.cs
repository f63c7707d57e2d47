using Gir.Degradations;
using Gir.Evaluation.Results;

namespace Gir.Evaluation.Execution;

/// <summary>What another machine has to know of a benchmark to make any of its results: names, no objects.</summary>
/// <param name="Version">Version of the library, whose algorithms define the degradations.</param>
/// <param name="Seed">The benchmark's seed.</param>
/// <param name="FullReference">Names of the metrics with a reference, in order.</param>
/// <param name="NoReference">Names of the metrics without one, in order.</param>
/// <param name="Metrics">What all of them are: a machine whose metrics of these names differ makes no results.</param>
/// <param name="DepthEstimator">Name of what estimates the depth of images that have none; null where nothing does.</param>
public sealed record BenchmarkTerms(
    string Version,
    ulong Seed,
    IReadOnlyList<string> FullReference,
    IReadOnlyList<string> NoReference,
    IReadOnlyList<EvaluatedMetric> Metrics,
    string? DepthEstimator)
{
    /// <summary>The version that results of this process bear.</summary>
    internal static string ThisVersion => typeof(DegradationPipeline).Assembly.GetName().Version!.ToString();

    /// <summary>The terms of a job.</summary>
    /// <param name="job">The job.</param>
    public static BenchmarkTerms Of(BenchmarkJob job)
    {
        ArgumentNullException.ThrowIfNull(job);
        return new BenchmarkTerms(
            job.Configuration.Version,
            job.Options.Seed,
            [.. job.Options.FullReference.Select(m => m.Name)],
            [.. job.Options.NoReference.Select(m => m.Name)],
            job.Configuration.Metrics,
            job.Configuration.DepthEstimator);
    }
}
