using System.Diagnostics.Metrics;
using Gir.Imaging.Observability;

namespace Gir.Evaluation.Orleans;

/// <summary>What a coordinator counts; <c>docs/observability.md</c> lists it. The cluster's own numbers are those of Orleans' meter, "Microsoft.Orleans".</summary>
internal static class ClusterMeters
{
    private static readonly PackageTelemetry s_package = new(typeof(ClusterMeters));

    public static Counter<long> Orders { get; } = s_package.Meter.CreateCounter<long>("gir.cluster.orders", "{order}", "Orders that were handed to silos.");

    public static Counter<long> Lost { get; } = s_package.Meter.CreateCounter<long>("gir.cluster.lost", "{silo}", "Silos that were lost during a run.");

    public static Counter<long> ImageBytes { get; } = s_package.Meter.CreateCounter<long>("gir.cluster.image.bytes", "By", "Bytes of images that were sent to silos.");
}
