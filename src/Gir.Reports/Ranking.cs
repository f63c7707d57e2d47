using Gir.Evaluation.Generality;
using Gir.Evaluation.Lines;

namespace Gir.Reports;

/// <summary>What tables say of restorers beside their numbers.</summary>
internal static class Ranking
{
    /// <summary>Decibels below which nobody sees a difference.</summary>
    public const double Harm = 0.05;

    /// <summary>How <see cref="Of"/> orders, in a sentence.</summary>
    public static string Rule(GeneralityReport report) => "Ranked by AR, then ER, then mean margin to the acceptance line"
        + (AreInputs(report) ? FormattableString.Invariant($"; these lines are the input's own, which doing nothing reaches, so that for the rank a task counts as accepted only where it gains more than {Harm} dB.") : ".");

    /// <summary>
    /// The restorers, best first: by acceptance rate, then excellence rate, then mean margin. Where the lines are the input's own, which doing nothing reaches, tasks count as
    /// accepted by a gain that can be seen alone. Those that change nothing come last: that is no achievement by any line.
    /// </summary>
    public static IReadOnlyList<RestorerGenerality> Of(GeneralityReport report)
    {
        bool areInputs = AreInputs(report);
        return
        [
            .. report.Restorers
                .OrderBy(r => r.Tasks.Zip(report.Input.Tasks).All(t => t.First.Means[GeneralityReport.PsnrName].Equals(t.Second.Means[GeneralityReport.PsnrName])))
                .ThenByDescending(r => areInputs ? Helped(report, r) : r.AcceptanceRate.Value)
                .ThenByDescending(r => r.ExcellenceRate.Value)
                .ThenByDescending(Margin)
                .ThenByDescending(r => r.Averages[GeneralityReport.PsnrName].Value),
        ];
    }

    /// <summary>The name without its settings, where it is still unique without them.</summary>
    public static string ShortName(GeneralityReport report, RestorerGenerality restorer) => ReportWords.ShortName(restorer.Name, report.Restorers.Select(r => r.Name));

    /// <summary>In how many tasks a restorer is worse than doing nothing, by more than <see cref="Harm"/>.</summary>
    public static int Harmed(GeneralityReport report, RestorerGenerality restorer) => restorer.Tasks.Zip(report.Input.Tasks)
        .Count(t => t.First.Means[GeneralityReport.PsnrName] < t.Second.Means[GeneralityReport.PsnrName] - Harm);

    /// <summary>In how many tasks a restorer is better than doing nothing, by more than <see cref="Harm"/>.</summary>
    public static int Helped(GeneralityReport report, RestorerGenerality restorer) => restorer.Tasks.Zip(report.Input.Tasks)
        .Count(t => t.First.Means[GeneralityReport.PsnrName] > t.Second.Means[GeneralityReport.PsnrName] + Harm);

    private static bool AreInputs(GeneralityReport report) => report.Lines.Label == QualityLines.InputLabel;

    private static double Margin(RestorerGenerality restorer)
    {
        double[] margins = [.. restorer.Tasks.Select(t => t.AcceptanceMargin).OfType<double>().Where(double.IsFinite)];
        return margins.Length > 0 ? margins.Average() : double.NegativeInfinity;
    }
}
