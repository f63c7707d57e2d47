using System.Globalization;
using Gir.Reports.Html;

namespace Gir.Reports.Charts;

/// <summary>Mean PSNR against what it costs, in powers of ten, one point for each restorer.</summary>
internal static class CostScatter
{
    // A point that nothing lies beside still needs an axis.
    private const double LeastDecades = 1;
    private const double LeastDecibels = 1;

    public static void Draw(HtmlText html, string title, string xName, IReadOnlyList<(int Number, string Name, double Cost, double Psnr, bool IsNetwork)> points)
    {
        double[] decades = [.. points.Select(p => Math.Log10(p.Cost))];
        (double Low, double High) x = Range(decades, LeastDecades);
        var frame = new Frame(480, 340) { X = x, XTicks = Frame.LogarithmicTicks(x), Y = Range([.. points.Select(p => p.Psnr)], LeastDecibels) };
        html.Add($"<figure>");
        frame.Open(html, title, "A point for each restorer; the table below has the same numbers", xName, "PSNR, dB", Power, v => v.ToString("0.##", CultureInfo.InvariantCulture));
        var numbered = new NumberedPoints(frame);
        foreach ((int number, string name, double cost, double psnr, bool isNetwork) in points)
            numbered.Add(html, Math.Log10(cost), psnr, number, string.Create(CultureInfo.InvariantCulture, $"{number}. {name}: {cost:0.###}, {psnr:0.00} dB"), isNetwork ? "network" : "classical");
        html.Add($"</svg><figcaption>{title}: up and to the left is better.</figcaption></figure>");
    }

    /// <summary>What holds all values with a margin at both ends.</summary>
    private static (double Low, double High) Range(double[] values, double least)
    {
        double middle = (values.Min() + values.Max()) / 2;
        double half = Math.Max(least, 1.2 * (values.Max() - values.Min())) / 2;
        return (middle - half, middle + half);
    }

    private static string Power(double exponent)
    {
        double value = Math.Pow(10, exponent);
        return value.ToString(value >= 1e6 || value < 1e-3 ? "0.#e0" : "0.####", CultureInfo.InvariantCulture);
    }
}
