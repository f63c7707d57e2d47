using Gir.Evaluation.Generality;
using Gir.Metrics.Analysis;
using Gir.Reports.Html;

namespace Gir.Reports.Charts;

/// <summary>Acceptance rate against excellence rate, one point for each restorer, with their intervals as crosses.</summary>
internal static class RateScatter
{
    public static void Draw(HtmlText html, GeneralityReport report, IReadOnlyList<RestorerGenerality> ranked)
    {
        static string Text(double share) => Numbers.Percent(share);
        var frame = new Frame(640, 420) { X = (0, 1), Y = (0, 1) };
        frame.Open(html, "Acceptance and excellence rate", $"A point for each of {Numbers.Count(ranked.Count, "restorer")}; the table has the same numbers", "Acceptance rate (AR)", "Excellence rate (ER)", Text, Text);
        foreach (RestorerGenerality restorer in ranked)
            Cross(html, frame, restorer.AcceptanceRate, restorer.ExcellenceRate);
        var points = new NumberedPoints(frame);
        foreach ((int index, RestorerGenerality restorer) in ranked.Index())
        {
            string label = $"{index + 1}. {Ranking.ShortName(report, restorer)}: AR {Text(restorer.AcceptanceRate.Value)}, ER {Text(restorer.ExcellenceRate.Value)}";
            points.Add(html, restorer.AcceptanceRate.Value, restorer.ExcellenceRate.Value, index + 1, label, restorer.ParameterCount > 0 ? "network" : "classical");
        }

        html.Add($"</svg>");
    }

    private static void Cross(HtmlText html, Frame frame, Estimate x, Estimate y)
    {
        if (x is { Low: { } left, High: { } right } && right > left)
            html.Add($"<line class=\"cross\" x1=\"{Frame.At(frame.AtX(left))}\" x2=\"{Frame.At(frame.AtX(right))}\" y1=\"{Frame.At(frame.AtY(y.Value))}\" y2=\"{Frame.At(frame.AtY(y.Value))}\"/>");
        if (y is { Low: { } low, High: { } high } && high > low)
            html.Add($"<line class=\"cross\" x1=\"{Frame.At(frame.AtX(x.Value))}\" x2=\"{Frame.At(frame.AtX(x.Value))}\" y1=\"{Frame.At(frame.AtY(low))}\" y2=\"{Frame.At(frame.AtY(high))}\"/>");
    }
}
