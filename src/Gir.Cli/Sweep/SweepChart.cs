using System.Globalization;
using System.Net;
using System.Text;
using Gir.Cli.Evaluate;
using Gir.Evaluation.Results;
using Gir.Reports;

namespace Gir.Cli.Sweep;

/// <summary>The curves of a sweep as SVG: a panel for each metric, one below the other, with one legend at the right.</summary>
internal static class SweepChart
{
    private const double PanelWidth = 640;
    private const double PanelHeight = 300;
    private const double Left = 70;
    private const double Top = 34;
    private const double Bottom = 46;
    private const double LegendWidth = 240;
    private const double LegendStep = 20;

    // Okabe and Ito's colors, which people who confuse red and green tell apart too; the input is black and dashed.
    private static readonly string[] s_colors = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#7f6a00"];

    public static string Draw(SweepTable table)
    {
        double height = Math.Max(table.Metrics.Count * (PanelHeight + Top + Bottom), Top + (LegendStep * table.Curves.Count) + Bottom);
        double width = Left + PanelWidth + LegendWidth;
        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture, $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width:0} {height:0}\" width=\"{width:0}\" height=\"{height:0}\" font-family=\"sans-serif\" font-size=\"13\">\n");
        svg.Append(CultureInfo.InvariantCulture, $"<title>{Text(table.Sweep.Target)}</title>\n<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n");
        for (int i = 0; i < table.Metrics.Count; i++)
            Panel(svg, table, table.Metrics[i], (i * (PanelHeight + Top + Bottom)) + Top);
        for (int c = 0; c < table.Curves.Count; c++)
        {
            double y = Top + 8 + (LegendStep * c);
            double x = Left + PanelWidth + 16;
            svg.Append(CultureInfo.InvariantCulture, $"<path d=\"M{x:0.#} {y:0.#}h24\" {Stroke(c)}/><text x=\"{x + 32:0.#}\" y=\"{y + 4:0.#}\">{Text(Shortened(table.ShortName(table.Curves[c])))}</text>\n");
        }

        return svg.Append("</svg>\n").ToString();
    }

    private static void Panel(StringBuilder svg, SweepTable table, EvaluatedMetric metric, double top)
    {
        double[] xs = Positions(table);
        double[][] ys = [.. table.Curves.Select(c => c.Means.Select(m => m[metric.Name]).ToArray())];
        double[] finite = [.. ys.SelectMany(y => y).Where(double.IsFinite)];
        (double low, double high, double step) = finite.Length == 0 ? (0, 1, 0.5) : Ticks(finite.Min(), finite.Max());
        (double first, double last) = (xs.Min(), xs.Max());
        double X(double x) => Left + (last > first ? (x - first) / (last - first) * PanelWidth : PanelWidth / 2);
        double Y(double y) => top + PanelHeight - ((y - low) / (high - low) * PanelHeight);

        for (double tick = low; tick <= high + (step / 2); tick += step)
            svg.Append(CultureInfo.InvariantCulture, $"<path d=\"M{Left} {Y(tick):0.#}h{PanelWidth}\" stroke=\"#ddd\"/><text x=\"{Left - 8}\" y=\"{Y(tick) + 4:0.#}\" text-anchor=\"end\">{Math.Round(tick, 10):0.####}</text>\n");
        int every = Math.Max(1, (xs.Length + 11) / 12);
        for (int i = 0; i < xs.Length; i += every)
            svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{X(xs[i]):0.#}\" y=\"{top + PanelHeight + 18:0.#}\" text-anchor=\"middle\">{Text(table.Sweep.Steps[i].Value.ToString())}</text>\n");
        string unit = table.Sweep.Parameter.Unit.Length > 0 ? $" ({table.Sweep.Parameter.Unit})" : "";
        svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{Left + (PanelWidth / 2):0}\" y=\"{top + PanelHeight + 36:0}\" text-anchor=\"middle\">{Text(table.Sweep.Target + unit)}</text>\n");
        svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{Left}\" y=\"{top - 12:0}\" font-weight=\"bold\">{Text(metric.Name)} ({ReportWords.Best(metric)})</text>\n");
        for (int c = ys.Length - 1; c >= 0; c--)
        {
            var path = new StringBuilder();
            for (int i = 0; i < xs.Length; i++)
            {
                // What is infinite (an image restored exactly) or could not be measured leaves a gap.
                if (double.IsFinite(ys[c][i]))
                    path.Append(CultureInfo.InvariantCulture, $"{(i > 0 && double.IsFinite(ys[c][i - 1]) ? 'L' : 'M')}{X(xs[i]):0.#} {Y(ys[c][i]):0.#}");
            }

            svg.Append(CultureInfo.InvariantCulture, $"<path d=\"{path}\" {Stroke(c)}/>\n");
            for (int i = 0; i < xs.Length; i++)
            {
                if (double.IsFinite(ys[c][i]))
                    svg.Append(CultureInfo.InvariantCulture, $"<circle cx=\"{X(xs[i]):0.#}\" cy=\"{Y(ys[c][i]):0.#}\" r=\"2.5\" fill=\"{Color(c)}\"/>");
            }

            svg.Append('\n');
        }
    }

    /// <summary>Where values lie: numbers in their place, words side by side.</summary>
    private static double[] Positions(SweepTable table) => table.Sweep.Steps.Any(s => s.Value.IsWord)
        ? [.. Enumerable.Range(0, table.Sweep.Steps.Count).Select(i => (double)i)]
        : [.. table.Sweep.Steps.Select(s => s.Value.Number)];

    /// <summary>A range in steps of 1, 2 or 5 times a power of ten that holds all values.</summary>
    private static (double Low, double High, double Step) Ticks(double least, double most)
    {
        double span = most > least ? most - least : Math.Max(Math.Abs(most), 1);
        double power = Math.Pow(10, Math.Floor(Math.Log10(span / 4)));
        double step = power * (span / 4 / power) switch { <= 1 => 1, <= 2 => 2, <= 5 => 5, _ => 10 };
        double low = Math.Floor(least / step) * step;
        double high = Math.Ceiling(most / step) * step;
        return (low, high > low ? high : low + step, step);
    }

    private static string Stroke(int curve) => curve == 0
        ? "fill=\"none\" stroke=\"black\" stroke-width=\"1.5\" stroke-dasharray=\"5 4\""
        : $"fill=\"none\" stroke=\"{Color(curve)}\" stroke-width=\"1.8\"{((curve - 1) / s_colors.Length) switch { 0 => "", 1 => " stroke-dasharray=\"8 3\"", _ => " stroke-dasharray=\"2 3\"" }}";

    private static string Color(int curve) => curve == 0 ? "black" : s_colors[(curve - 1) % s_colors.Length];

    private static string Shortened(string name) => name.Length <= 24 ? name : name[..23] + "…";

    private static string Text(string text) => WebUtility.HtmlEncode(text);
}
