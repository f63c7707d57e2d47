using System.Diagnostics.Metrics;
using Gir.Imaging.Observability;

namespace Gir.Models;

/// <summary>What this package tells of its work; <c>docs/observability.md</c> lists it.</summary>
internal static class ModelsTelemetry
{
    private static readonly PackageTelemetry s_package = new(typeof(ModelsTelemetry));

    public static TimedWork Loading { get; } = s_package.Work("gir.load", "gir.models.load.duration", "gir.model", "Reading a checkpoint and making its network.");

    public static TimedWork Restoring { get; } = s_package.Work("gir.restore", "gir.models.restore.duration", "gir.model", "Restoring one image or batch.");

    public static TimedWork TrainingStep { get; } =
        s_package.Work("gir.train.step", "gir.models.training.step.duration", "gir.model", "One step of a training, without waiting for patches.");

    public static Counter<long> Tiles { get; } = s_package.Meter.CreateCounter<long>("gir.models.tiles", "{tile}", "Tiles that networks have restored; a whole image is one.");

    public static UpDownCounter<int> Waiting { get; } =
        s_package.Meter.CreateUpDownCounter<int>("gir.models.queue.waiting", "{image}", "Restorations that wait for their turn in a RestorationQueue.");

    public static UpDownCounter<int> Running { get; } =
        s_package.Meter.CreateUpDownCounter<int>("gir.models.queue.running", "{image}", "Restorations of a RestorationQueue that are at work.");
}
