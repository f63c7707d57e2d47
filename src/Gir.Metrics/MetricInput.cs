namespace Gir.Metrics;

/// <summary>A check that metrics' options share.</summary>
internal static class MetricInput
{
    public static void RequireGray(MetricColor color, string parameter)
    {
        if (color == MetricColor.Rgb || !Enum.IsDefined(color))
            throw new ArgumentException($"Expected a convention that gives one plane, not {color}.", parameter);
    }
}
