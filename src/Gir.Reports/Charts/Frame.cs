using System.Globalization;
using Gir.Reports.Html;

namespace Gir.Reports.Charts;

/// <summary>The rectangle that a chart is drawn in, with its axes; from data to SVG's coordinates, whose y grows downwards.</summary>
/// <param name="Width">Width of the whole drawing.</param>
/// <param name="Height">Height of the whole drawing.</param>
internal sealed record Frame(double Width, double Height)
{
    private const int MostTicks = 7;
    private const double Wide = 600;
    private const double Right = 28;
    private const double Top = 14;
    private const double Bottom = 50;

    // Wide drawings are made small on a phone, where their letters are larger to be read.
    private double Left => Width >= Wide ? 84 : 62;

    public (double Low, double High) X { get; init; } = (0, 1);

    public (double Low, double High) Y { get; init; } = (0, 1);

    /// <summary>Where x is marked; null: at round numbers of it.</summary>
    public IReadOnlyList<double>? XTicks { get; init; }

    public double AtX(double value) => Left + ((value - X.Low) / (X.High - X.Low) * (Width - Left - Right));

    public double AtY(double value) => Height - Bottom - ((value - Y.Low) / (Y.High - Y.Low) * (Height - Top - Bottom));

    /// <summary>A coordinate as SVG takes it.</summary>
    public static string At(double value) => Math.Round(value, 1).ToString(CultureInfo.InvariantCulture);

    /// <summary>Opens the drawing: what it shows for those who do not see it, then grid, numbers and names of the axes.</summary>
    public void Open(HtmlText html, string title, string description, string xName, string yName, Func<double, string> xText, Func<double, string> yText)
    {
        html.Add($"<svg class=\"chart{(Width >= Wide ? " wide" : "")}\" role=\"img\" viewBox=\"0 0 {At(Width)} {At(Height)}\" aria-label=\"{title}. {description}\">");
        foreach (double tick in XTicks ?? Ticks(X))
        {
            html.Add($"<line class=\"grid\" x1=\"{At(AtX(tick))}\" x2=\"{At(AtX(tick))}\" y1=\"{At(Top)}\" y2=\"{At(Height - Bottom)}\"/>");
            html.Add($"<text class=\"tick\" x=\"{At(AtX(tick))}\" y=\"{At(Height - Bottom + 18)}\" text-anchor=\"middle\">{xText(tick)}</text>");
        }

        foreach (double tick in Ticks(Y))
        {
            html.Add($"<line class=\"grid\" x1=\"{At(Left)}\" x2=\"{At(Width - Right)}\" y1=\"{At(AtY(tick))}\" y2=\"{At(AtY(tick))}\"/>");
            html.Add($"<text class=\"tick\" x=\"{At(Left - 8)}\" y=\"{At(AtY(tick) + 4)}\" text-anchor=\"end\">{yText(tick)}</text>");
        }

        double middle = (Top + Height - Bottom) / 2;
        html.Add($"<text class=\"axis\" x=\"{At((Left + Width - Right) / 2)}\" y=\"{At(Height - 10)}\" text-anchor=\"middle\">{xName}</text>");
        html.Add($"<text class=\"axis\" x=\"16\" y=\"{At(middle)}\" text-anchor=\"middle\" transform=\"rotate(-90 16 {At(middle)})\">{yName}</text>");
    }

    /// <summary>Round numbers over a range: steps of 1, 2 or 5 times a power of ten, at most ten of them.</summary>
    public static IReadOnlyList<double> Ticks((double Low, double High) range)
    {
        const int most = 6;
        double rough = (range.High - range.Low) / most;
        double power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        double step = new[] { 1.0, 2, 5, 10 }.Select(m => m * power).First(s => s >= rough * 0.999);
        var ticks = new List<double>();
        for (double i = Math.Ceiling(range.Low / step); i * step <= range.High + (step * 1e-9); i++)
            ticks.Add(i * step);
        return ticks;
    }

    /// <summary>The decadic logarithms of numbers that one reads at a glance: 1, 2 and 5 times powers of ten, or where these are too many, 1 and 3 times, or powers of ten alone.</summary>
    public static IReadOnlyList<double> LogarithmicTicks((double Low, double High) range)
    {
        double[] few = Decades(range, 1, 3);
        double[] many = Decades(range, 1, 2, 5);
        return many.Length <= MostTicks ? many : few.Length <= MostTicks ? few : Decades(range, 1);
    }

    private static double[] Decades((double Low, double High) range, params int[] digits)
    {
        int first = (int)Math.Floor(range.Low);
        return
        [
            .. Enumerable.Range(first, (int)Math.Ceiling(range.High) - first + 1)
                .SelectMany(power => digits.Select(digit => power + Math.Log10(digit))).Where(t => t >= range.Low && t <= range.High),
        ];
    }
}
