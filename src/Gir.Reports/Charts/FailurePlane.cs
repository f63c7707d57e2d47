using System.Globalization;
using Gir.Evaluation.Generality;
using Gir.Reports.Failures;
using Gir.Reports.Html;

namespace Gir.Reports.Charts;

/// <summary>Missing detail against added detail, one point for each restorer.</summary>
internal static class FailurePlane
{
    private const double Least = 0.25;

    public static void Draw(HtmlText html, IReadOnlyList<(int Number, string Name, RestorerGenerality Restorer, FailureScore[] Scores)> all)
    {
        double most = all.Max(a => Math.Max(a.Scores.Average(s => s.Under), a.Scores.Average(s => s.Over)));
        double end = Math.Min(1, Math.Max(Least, Math.Ceiling(most * 11) / 10));
        var frame = new Frame(640, 420) { X = (0, end), Y = (0, end) };
        static string Text(double value) => value.ToString("0.0#", CultureInfo.InvariantCulture);
        frame.Open(html, "Missing and added detail", "A point for each restorer; the table below has the same numbers", "under: detail that is missing", "over: detail that was added", Text, Text);
        html.Add($"<line class=\"divider\" x1=\"{Frame.At(frame.AtX(0))}\" y1=\"{Frame.At(frame.AtY(0))}\" x2=\"{Frame.At(frame.AtX(end))}\" y2=\"{Frame.At(frame.AtY(end))}\"/>");
        var points = new NumberedPoints(frame);
        foreach ((int number, string name, RestorerGenerality restorer, FailureScore[] scores) in all)
        {
            (double under, double over) = (scores.Average(s => s.Under), scores.Average(s => s.Over));
            points.Add(html, under, over, number, $"{number}. {name}: under {Text(under)}, over {Text(over)}", restorer.ParameterCount > 0 ? "network" : "classical");
        }

        html.Add($"</svg>");
    }
}
