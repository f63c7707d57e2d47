using System.Globalization;
using System.Net;
using System.Text;
using Gir.Metrics.Analysis;

namespace Gir.Reports.Charts;

/// <summary>A point of a curve.</summary>
/// <param name="X">Its place, with an interval or without.</param>
/// <param name="Y">Its value, with an interval or without.</param>
/// <param name="Label">Words beside it; empty for none.</param>
internal sealed record CurvePoint(Estimate X, Estimate Y, string Label = "");

/// <summary>Points of one name.</summary>
/// <param name="Name">The name; curves of one name have one color in all panels.</param>
/// <param name="Points">The points.</param>
/// <param name="IsLine">Whether a line joins them.</param>
internal sealed record Curve(string Name, IReadOnlyList<CurvePoint> Points, bool IsLine = true);

/// <summary>One drawing.</summary>
/// <param name="Title">What it shows.</param>
/// <param name="XName">What goes to the right.</param>
/// <param name="YName">What goes up.</param>
/// <param name="Curves">What is drawn.</param>
/// <param name="IsLogarithmic">Whether X goes by powers of ten.</param>
/// <param name="Most">Where the drawing ends above; what lies beyond is cut off.</param>
internal sealed record CurvePanel(string Title, string XName, string YName, IReadOnlyList<Curve> Curves, bool IsLogarithmic = false, double Most = double.PositiveInfinity);

/// <summary>Panels of curves with their intervals as SVG, two beside each other, with one legend for all at the right.</summary>
internal static class CurveFigure
{
    private const double PanelWidth = 400;
    private const double PanelHeight = 260;
    private const double Left = 66;
    private const double Top = 36;
    private const double Bottom = 52;
    private const double Gap = 24;
    private const double LegendWidth = 240;
    private const double LegendStep = 20;
    private const double Margin = 0.06;
    private const int Columns = 2;

    // Okabe and Ito's colors, which people who confuse red and green tell apart too.
    private static readonly string[] s_colors = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#7f6a00", "#000000"];

    public static string Draw(string title, IReadOnlyList<CurvePanel> panels)
    {
        string[] names = [.. panels.SelectMany(p => p.Curves).Select(c => c.Name).Distinct(StringComparer.Ordinal)];
        int columns = Math.Min(Columns, panels.Count);
        double width = (columns * (Left + PanelWidth + Gap)) + LegendWidth;
        double height = Math.Max((panels.Count + columns - 1) / columns * (Top + PanelHeight + Bottom), Top + (LegendStep * names.Length) + Bottom);
        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture, $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width:0} {height:0}\" width=\"{width:0}\" height=\"{height:0}\" font-family=\"sans-serif\" font-size=\"12\" role=\"img\">\n");
        svg.Append(CultureInfo.InvariantCulture, $"<title>{Text(title)}</title>\n<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n");
        for (int i = 0; i < panels.Count; i++)
            Panel(svg, panels[i], names, (i % columns * (Left + PanelWidth + Gap)) + Left, (i / columns * (Top + PanelHeight + Bottom)) + Top);
        foreach ((int n, string name) in names.Index())
        {
            (double x, double y) = (width - LegendWidth + 12, Top + 8 + (LegendStep * n));
            svg.Append(CultureInfo.InvariantCulture, $"<path d=\"M{x:0.#} {y:0.#}h20\" {Stroke(n)}/><circle cx=\"{x + 10:0.#}\" cy=\"{y:0.#}\" {Marker(n)}/><text x=\"{x + 28:0.#}\" y=\"{y + 4:0.#}\">{Text(name)}</text>\n");
        }

        return svg.Append("</svg>\n").ToString();
    }

    private static void Panel(StringBuilder svg, CurvePanel panel, string[] names, double left, double top)
    {
        double Place(double x) => panel.IsLogarithmic ? Math.Log10(x) : x;
        CurvePoint[] all = [.. panel.Curves.SelectMany(c => c.Points).Where(IsDrawn)];
        (double Low, double High) across = Range(all.SelectMany(p => Ends(p.X)).Select(Place));
        (double Low, double High) up = Range(all.SelectMany(p => Ends(p.Y)).Select(y => Math.Min(y, panel.Most)));
        double X(double x) => left + ((Place(x) - across.Low) / (across.High - across.Low) * PanelWidth);
        double Y(double y) => top + PanelHeight - ((y - up.Low) / (up.High - up.Low) * PanelHeight);
        svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{left:0.#}\" y=\"{top - 12:0.#}\" font-weight=\"bold\">{Text(panel.Title)}</text>\n");
        foreach (double tick in Frame.Ticks(up))
            svg.Append(CultureInfo.InvariantCulture, $"<path d=\"M{left:0.#} {Y(tick):0.#}h{PanelWidth}\" stroke=\"#ddd\"/><text x=\"{left - 6:0.#}\" y=\"{Y(tick) + 4:0.#}\" text-anchor=\"end\">{Number(tick)}</text>\n");
        foreach (double tick in panel.IsLogarithmic ? Frame.LogarithmicTicks(across) : Frame.Ticks(across))
        {
            double x = left + ((tick - across.Low) / (across.High - across.Low) * PanelWidth);
            svg.Append(CultureInfo.InvariantCulture, $"<path d=\"M{x:0.#} {top:0.#}v{PanelHeight}\" stroke=\"#eee\"/><text x=\"{x:0.#}\" y=\"{top + PanelHeight + 16:0.#}\" text-anchor=\"middle\">{Number(panel.IsLogarithmic ? Math.Pow(10, tick) : tick)}</text>\n");
        }

        svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{left + (PanelWidth / 2):0.#}\" y=\"{top + PanelHeight + 34:0.#}\" text-anchor=\"middle\">{Text(panel.XName)}</text>\n");
        double middle = top + (PanelHeight / 2);
        svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{left - 48:0.#}\" y=\"{middle:0.#}\" text-anchor=\"middle\" transform=\"rotate(-90 {left - 48:0.#} {middle:0.#})\">{Text(panel.YName)}</text>\n");
        bool isCut = double.IsFinite(panel.Most);
        if (isCut)
            svg.Append(CultureInfo.InvariantCulture, $"<clipPath id=\"c{left:0}-{top:0}\"><rect x=\"{left:0.#}\" y=\"{top:0.#}\" width=\"{PanelWidth}\" height=\"{PanelHeight}\"/></clipPath><g clip-path=\"url(#c{left:0}-{top:0})\">\n");
        foreach (Curve curve in panel.Curves)
            Draw(svg, curve, Array.IndexOf(names, curve.Name), X, Y);
        if (isCut)
            svg.Append("</g>\n");
    }

    private static void Draw(StringBuilder svg, Curve curve, int color, Func<double, double> atX, Func<double, double> atY)
    {
        CurvePoint[] points = [.. curve.Points.Where(IsDrawn)];
        if (curve.IsLine && points.Length > 1)
            svg.Append(CultureInfo.InvariantCulture, $"<path d=\"M{string.Join('L', points.Select(p => string.Create(CultureInfo.InvariantCulture, $"{atX(p.X.Value):0.#} {atY(p.Y.Value):0.#}")))}\" {Stroke(color)}/>\n");
        foreach (CurvePoint point in points)
        {
            (double x, double y) = (atX(point.X.Value), atY(point.Y.Value));
            if (point.Y is { Low: { } low, High: { } high })
                svg.Append(CultureInfo.InvariantCulture, $"<path d=\"M{x:0.#} {atY(low):0.#}V{atY(high):0.#}\" stroke=\"{Color(color)}\" stroke-opacity=\"0.5\"/>");
            if (point.X is { Low: { } first, High: { } last })
                svg.Append(CultureInfo.InvariantCulture, $"<path d=\"M{atX(first):0.#} {y:0.#}H{atX(last):0.#}\" stroke=\"{Color(color)}\" stroke-opacity=\"0.5\"/>");
            svg.Append(CultureInfo.InvariantCulture, $"<circle cx=\"{x:0.#}\" cy=\"{y:0.#}\" {Marker(color)}><title>{Text(curve.Name)}: {Number(point.X.Value)}, {Number(point.Y.Value)}</title></circle>");
            if (point.Label.Length > 0)
                svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{x + 6:0.#}\" y=\"{y - 6:0.#}\" fill=\"{Color(color)}\">{Text(point.Label)}</text>");
            svg.Append('\n');
        }
    }

    // What is infinite or could not be measured is left out.
    private static bool IsDrawn(CurvePoint point) => double.IsFinite(point.X.Value) && double.IsFinite(point.Y.Value);

    private static IEnumerable<double> Ends(Estimate estimate) => new[] { estimate.Value, estimate.Low ?? estimate.Value, estimate.High ?? estimate.Value }.Where(double.IsFinite);

    private static (double Low, double High) Range(IEnumerable<double> values)
    {
        double[] all = [.. values];
        if (all.Length == 0)
            return (0, 1);
        double span = all.Max() - all.Min();
        double margin = span > 0 ? Margin * span : Math.Max(Math.Abs(all.Max()) * Margin, Margin);
        return (all.Min() - margin, all.Max() + margin);
    }

    // Rounding to nothing from below would leave a minus.
    private static string Number(double value) => Math.Abs(value) < 1e-12 ? "0" : Math.Abs(value) is >= 1e5 or < 1e-3 ? value.ToString("0.#e0", CultureInfo.InvariantCulture) : Math.Round(value, 4).ToString("0.####", CultureInfo.InvariantCulture);

    private static string Color(int curve) => s_colors[curve % s_colors.Length];

    // Names beyond the colors have rings, and beyond those larger ones.
    private static string Marker(int curve) => (curve / s_colors.Length) switch
    {
        0 => $"r=\"3.5\" fill=\"{Color(curve)}\"",
        1 => $"r=\"4\" fill=\"white\" stroke=\"{Color(curve)}\" stroke-width=\"2\"",
        _ => $"r=\"6\" fill=\"white\" stroke=\"{Color(curve)}\" stroke-width=\"2\"",
    };

    private static string Stroke(int curve) =>
        $"fill=\"none\" stroke=\"{Color(curve)}\" stroke-width=\"1.8\"{(curve / s_colors.Length) switch { 0 => "", 1 => " stroke-dasharray=\"7 3\"", _ => " stroke-dasharray=\"2 3\"" }}";

    private static string Text(string text) => WebUtility.HtmlEncode(text);
}
