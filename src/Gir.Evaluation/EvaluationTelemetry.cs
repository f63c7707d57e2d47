using System.Diagnostics.Metrics;
using Gir.Imaging.Observability;

namespace Gir.Evaluation;

/// <summary>What this package tells of its work; <c>docs/observability.md</c> lists it.</summary>
internal static class EvaluationTelemetry
{
    private static readonly PackageTelemetry s_package = new(typeof(EvaluationTelemetry));

    public static TimedWork Run { get; } = s_package.Work("gir.benchmark", "gir.evaluation.benchmark.duration", "gir.outcome", "A whole benchmark.");

    public static TimedWork Unit { get; } =
        s_package.Work("gir.benchmark.task", "gir.evaluation.task.duration", "gir.task", "One task on one image: degraded, restored by all that lack it, measured.");

    public static Counter<long> Results { get; } = s_package.Meter.CreateCounter<long>("gir.evaluation.results", "{result}", "Results that were made, not those kept from before.");
}
