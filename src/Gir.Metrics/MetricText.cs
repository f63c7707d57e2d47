namespace Gir.Metrics;

/// <summary>Conventions in words.</summary>
internal static class MetricText
{
    public static string Of(MetricColor color) => color switch
    {
        MetricColor.Rgb => "RGB",
        MetricColor.LumaBt601 => "Y of BT.601 (16..235)",
        MetricColor.GrayMatlab => "gray (rgb2gray, rounded)",
        MetricColor.GrayYiqRounded => "gray (299/587/114, rounded)",
        MetricColor.GrayYiq => "gray (299/587/114)",
        _ => throw new ArgumentOutOfRangeException(nameof(color), color, "Expected a defined color."),
    };

    public static string Of(MetricColor color, int crop) => $"{Of(color)}, {(crop == 0 ? "no crop" : $"crop {crop}")}";
}
