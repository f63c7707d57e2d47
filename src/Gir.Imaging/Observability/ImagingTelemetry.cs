namespace Gir.Imaging.Observability;

/// <summary>What this package tells of its work; <c>docs/observability.md</c> lists it.</summary>
internal static class ImagingTelemetry
{
    private static readonly PackageTelemetry s_package = new(typeof(ImagingTelemetry));

    public static TimedWork Decoding { get; } = s_package.Work("gir.decode", "gir.imaging.decode.duration", "gir.format", "Decoding one image.");

    public static TimedWork Encoding { get; } = s_package.Work("gir.encode", "gir.imaging.encode.duration", "gir.format", "Encoding one image.");
}
