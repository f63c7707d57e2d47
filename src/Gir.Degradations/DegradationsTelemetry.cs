using Gir.Imaging.Observability;

namespace Gir.Degradations;

/// <summary>What this package tells of its work; <c>docs/observability.md</c> lists it.</summary>
internal static class DegradationsTelemetry
{
    private static readonly PackageTelemetry s_package = new(typeof(DegradationsTelemetry));

    public static TimedWork Pipeline { get; } =
        s_package.Work("gir.degrade", "gir.degradations.pipeline.duration", "gir.order", "Degrading one image by a whole pipeline.");

    public static TimedWork Operator { get; } =
        s_package.Work("gir.degrade.operator", "gir.degradations.operator.duration", "gir.operator", "One operator on one image.");
}
