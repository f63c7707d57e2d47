using Gir.Cli.Evaluate;
using Gir.Degradations.Tasks;
using Gir.Evaluation.Generality;
using Gir.Evaluation.Results;
using Gir.Reports;

namespace Gir.Cli.Sweep;

/// <summary>Means by metric, restorer and value.</summary>
/// <param name="Sweep">What was swept.</param>
/// <param name="Images">Over how many images the means are.</param>
/// <param name="Metrics">The metrics.</param>
/// <param name="Curves">A curve for the degraded images themselves, then one for each restorer.</param>
internal sealed record SweepTable(ParameterSweep Sweep, int Images, IReadOnlyList<EvaluatedMetric> Metrics, IReadOnlyList<SweepCurve> Curves)
{
    /// <summary>A restorer's name, without its settings where it is unique without them.</summary>
    public string ShortName(SweepCurve curve) =>
        curve.Restorer == ReportWords.Input ? curve.Restorer : ReportWords.ShortName(curve.Restorer, Curves.Select(c => c.Restorer));

    public static SweepTable Of(ParameterSweep sweep, GeneralityReport report) => new(
        sweep,
        report.Configuration.Images.Count,
        report.Configuration.Metrics,
        [.. report.Restorers.Prepend(report.Input).Select((r, i) => new SweepCurve(i == 0 ? ReportWords.Input : r.Name, [.. r.Tasks.Select(t => t.Means)]))]);
}

/// <summary>How one restorer fares at every value.</summary>
/// <param name="Restorer">Its name.</param>
/// <param name="Means">For each value the mean over the images, by metric.</param>
internal sealed record SweepCurve(string Restorer, IReadOnlyList<IReadOnlyDictionary<string, double>> Means);
