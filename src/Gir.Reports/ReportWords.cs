using Gir.Evaluation.Results;

namespace Gir.Reports;

/// <summary>What tables and charts call restorers and metrics.</summary>
internal static class ReportWords
{
    /// <summary>The degraded images themselves.</summary>
    public const string Input = "(input)";

    /// <summary>The name of a restorer without its settings.</summary>
    public static string WithoutSettings(string name) => name.Split('(')[0];

    /// <summary>The name without its settings, where none of the others is the same without them.</summary>
    public static string ShortName(string name, IEnumerable<string> all)
    {
        string bare = WithoutSettings(name);
        return all.Count(n => WithoutSettings(n) == bare) <= 1 ? bare : name;
    }

    /// <summary>Which values of a metric are good.</summary>
    public static string Best(EvaluatedMetric metric) => metric.ZeroIsBest ? "0 is best" : metric.HigherIsBetter ? "high is good" : "low is good";
}
