using Gir.Evaluation.Generality;

namespace Gir.Reports;

/// <summary>What tables say of restorers beside their numbers.</summary>
internal static class Ranking
{
    /// <summary>Decibels below which nobody sees a difference.</summary>
    public const double Harm = 0.05;

    /// <summary>
    /// The restorers, best first: by acceptance rate, then excellence rate, then PSNR. Those that change nothing come last: they reach every line that is the input's
    /// own, and that is no achievement.
    /// </summary>
    public static IReadOnlyList<RestorerGenerality> Of(GeneralityReport report) =>
    [
        .. report.Restorers
            .OrderBy(r => r.Tasks.Zip(report.Input.Tasks).All(t => t.First.Means[GeneralityReport.PsnrName].Equals(t.Second.Means[GeneralityReport.PsnrName])))
            .ThenByDescending(r => r.AcceptanceRate.Value)
            .ThenByDescending(r => r.ExcellenceRate.Value)
            .ThenByDescending(r => r.Averages[GeneralityReport.PsnrName].Value),
    ];

    /// <summary>The name without its settings, where it is still unique without them.</summary>
    public static string ShortName(GeneralityReport report, RestorerGenerality restorer) => ReportWords.ShortName(restorer.Name, report.Restorers.Select(r => r.Name));

    /// <summary>In how many tasks a restorer is worse than doing nothing, by more than <see cref="Harm"/>.</summary>
    public static int Harmed(GeneralityReport report, RestorerGenerality restorer) => restorer.Tasks.Zip(report.Input.Tasks)
        .Count(t => t.First.Means[GeneralityReport.PsnrName] < t.Second.Means[GeneralityReport.PsnrName] - Harm);
}
