using Gir.Metrics.Analysis;
using Gir.Reports.Html;

namespace Gir.Reports.Charts;

/// <summary>A share as a bar, its interval as a line across the bar's end.</summary>
internal static class RateBar
{
    private const double Width = 120;
    private const double Height = 16;

    public static void Draw(HtmlText html, Estimate rate)
    {
        html.Add($"<svg class=\"bar\" viewBox=\"0 0 {Frame.At(Width)} {Frame.At(Height)}\" aria-hidden=\"true\">");
        html.Add($"<rect class=\"track\" width=\"{Frame.At(Width)}\" height=\"10\" y=\"3\" rx=\"2\"/>");
        html.Add($"<rect class=\"fill\" width=\"{Frame.At(Width * rate.Value)}\" height=\"10\" y=\"3\" rx=\"2\"/>");
        if (rate is { Low: { } low, High: { } high } && high > low)
        {
            html.Add($"<path class=\"whisker\" d=\"M{Frame.At(Width * low)} 8H{Frame.At(Width * high)}M{Frame.At(Width * low)} 4v8M{Frame.At(Width * high)} 4v8\"/>");
        }

        html.Add($"</svg>");
    }
}
