using Gir.Evaluation.Execution;
using Gir.Evaluation.Results;

namespace Gir.Evaluation.Orleans.Messages;

/// <summary>Between a job and what is sent of it.</summary>
internal static class RunTermsConversion
{
    public static RunTerms ToMessage(this BenchmarkJob job)
    {
        BenchmarkTerms terms = BenchmarkTerms.Of(job);
        return new RunTerms(
            terms.Version,
            terms.Seed,
            [.. terms.FullReference],
            [.. terms.NoReference],
            [.. terms.Metrics.Select(m => new MetricTerms(m.Name, m.Convention, m.HigherIsBetter, m.ZeroIsBest))],
            terms.DepthEstimator,
            [.. job.Configuration.Tasks.Select(t => new TaskTerms(t.Id, t.Definition))],
            [.. job.Infos.Select(i => new RestorerKey(i.Name, i.Identity))]);
    }

    public static BenchmarkTerms ToTerms(this RunTerms terms) => new(
        terms.Version,
        terms.Seed,
        terms.FullReference,
        terms.NoReference,
        [.. terms.Metrics.Select(m => new EvaluatedMetric(m.Name, m.Convention, m.HigherIsBetter, m.ZeroIsBest))],
        terms.DepthEstimator);
}
