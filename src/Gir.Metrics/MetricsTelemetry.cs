using Gir.Imaging;
using Gir.Imaging.Observability;

namespace Gir.Metrics;

/// <summary>What this package tells of its work; <c>docs/observability.md</c> lists it.</summary>
internal static class MetricsTelemetry
{
    private static readonly TimedWork s_measuring = new PackageTelemetry(typeof(MetricsTelemetry))
        .Work("gir.measure", "gir.metrics.measure.duration", "gir.metric", "One metric on one image.");

    /// <summary>Begins a measurement, unless it is to be stopped already.</summary>
    /// <exception cref="OperationCanceledException">It is.</exception>
    public static TimedWork.Piece Begin(string metric, Parallelism parallelism)
    {
        parallelism.CancellationToken.ThrowIfCancellationRequested();
        return s_measuring.Begin(metric);
    }
}
