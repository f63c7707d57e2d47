using System.Globalization;
using Gir.Reports.Html;

namespace Gir.Reports.Charts;

/// <summary>How many images have a value, over -3..3; a line stands at 0, where the best ones are.</summary>
internal static class Histogram
{
    private const double Limit = 3;
    private const int Bins = 24;

    public static void Draw(HtmlText html, string title, string name, IReadOnlyList<double> values)
    {
        var counts = new int[Bins];
        foreach (double value in values)
            counts[Math.Clamp((int)((value + Limit) / (2 * Limit) * Bins), 0, Bins - 1)]++;
        int most = Math.Max(1, counts.Max());
        var frame = new Frame(360, 220) { X = (-Limit, Limit), Y = (0, most) };
        double mean = values.Average();
        string told = string.Create(CultureInfo.InvariantCulture, $"mean {mean:+0.00;-0.00;0.00} over {values.Count} images");
        html.Add($"<figure>");
        frame.Open(html, title, told, name, "images", v => Numbers.Short(v), v => v % 1 == 0 ? Numbers.Short(v) : "");
        for (int bin = 0; bin < Bins; bin++)
        {
            if (counts[bin] == 0)
                continue;
            double left = frame.AtX(-Limit + (2 * Limit * bin / Bins));
            double right = frame.AtX(-Limit + (2 * Limit * (bin + 1) / Bins));
            double top = frame.AtY(counts[bin]);
            html.Add($"<rect class=\"column\" x=\"{Frame.At(left + 0.5)}\" y=\"{Frame.At(top)}\" width=\"{Frame.At(right - left - 1)}\" height=\"{Frame.At(frame.AtY(0) - top)}\"/>");
        }

        html.Add($"<line class=\"divider\" x1=\"{Frame.At(frame.AtX(0))}\" x2=\"{Frame.At(frame.AtX(0))}\" y1=\"{Frame.At(frame.AtY(0))}\" y2=\"{Frame.At(frame.AtY(most))}\"/></svg>");
        html.Add($"<figcaption>{title}: {told}</figcaption></figure>");
    }
}
