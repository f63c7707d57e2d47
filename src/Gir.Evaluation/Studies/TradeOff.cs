using Gir.Evaluation.Generality;
using Gir.Evaluation.Results;

namespace Gir.Evaluation.Studies;

/// <summary>
/// Two metrics that pull apart, e.g. distortion against perception (Blau and Michaeli, "The Perception-Distortion Tradeoff", 2018: PSNR against NIQE): where every
/// restorer lies on their plane, and which ones no other beats in both.
/// </summary>
/// <param name="First">The one metric, usually of distortion.</param>
/// <param name="Second">The other, usually without a reference.</param>
/// <param name="Points">The degraded images themselves, then the restorers in the report's order; those that could not be measured are left out.</param>
public sealed record TradeOff(EvaluatedMetric First, EvaluatedMetric Second, IReadOnlyList<TradeOffPoint> Points)
{
    /// <summary>The plane of two of a report's metrics.</summary>
    /// <param name="report">The report.</param>
    /// <param name="first">The name of a metric.</param>
    /// <param name="second">The name of another.</param>
    /// <exception cref="ArgumentException">The report has no metric of this name.</exception>
    public static TradeOff Of(GeneralityReport report, string first, string second)
    {
        ArgumentNullException.ThrowIfNull(report);
        EvaluatedMetric one = Metric(report, first, nameof(first));
        EvaluatedMetric two = Metric(report, second, nameof(second));
        (string Name, double First, double Second)[] all =
        [
            .. report.Restorers.Prepend(report.Input)
                .Select(r => (r.Name, First: r.Averages[first].Value, Second: r.Averages[second].Value))
                .Where(p => !double.IsNaN(p.First) && !double.IsNaN(p.Second)),
        ];
        return new TradeOff(one, two, [.. all.Select(p => new TradeOffPoint(p.Name, p.First, p.Second, !all.Any(o => Beats(o, p))))]);

        bool Beats((string Name, double First, double Second) a, (string Name, double First, double Second) b)
        {
            (double a1, double a2, double b1, double b2) = (Badness(one, a.First), Badness(two, a.Second), Badness(one, b.First), Badness(two, b.Second));
            return a1 <= b1 && a2 <= b2 && (a1 < b1 || a2 < b2);
        }
    }

    private static double Badness(EvaluatedMetric metric, double value) => metric.ZeroIsBest ? Math.Abs(value) : metric.HigherIsBetter ? -value : value;

    private static EvaluatedMetric Metric(GeneralityReport report, string name, string argument) =>
        report.Configuration.Metrics.FirstOrDefault(m => m.Name == name) ?? throw new ArgumentException($"The report has no metric '{name}'.", argument);
}

/// <summary>A restorer on the plane.</summary>
/// <param name="Restorer">Its name; "input" for the degraded images.</param>
/// <param name="First">Mean of the first metric over tasks and images.</param>
/// <param name="Second">Mean of the second.</param>
/// <param name="IsOnFront">Whether none is at least as good in both and better in one.</param>
public sealed record TradeOffPoint(string Restorer, double First, double Second, bool IsOnFront);
