using System.Globalization;
using Gir.Evaluation.Generality;
using Gir.Metrics.Analysis;

namespace Gir.Reports;

/// <summary>Numbers as reports write them.</summary>
internal static class Numbers
{
    /// <summary>Stands where there is no value.</summary>
    public const string Nothing = "\u2013";

    private const int LongestPlain = 4;

    /// <summary>A metric's value: decibels and large numbers with two decimals, similarities with four.</summary>
    public static string Of(string metric, double value) =>
        double.IsNaN(value) ? Nothing
        : double.IsInfinity(value) ? "\u221E"
        : value.ToString(metric == GeneralityReport.PsnrName || Math.Abs(value) >= LongestPlain ? "0.00" : "0.0000", CultureInfo.InvariantCulture);

    /// <summary>"62 %".</summary>
    public static string Percent(double? share) => (100 * share)?.ToString("0' %'", CultureInfo.InvariantCulture) ?? Nothing;

    /// <summary>"55 to 70 %", or nothing.</summary>
    public static string Interval(Estimate share) =>
        share is { Low: { } low, High: { } high } ? string.Create(CultureInfo.InvariantCulture, $"{100 * low:0} to {100 * high:0} %") : "";

    /// <summary>"+0.31", with a true minus.</summary>
    public static string Signed(double? value) => value switch
    {
        null or double.NaN => Nothing,
        double.PositiveInfinity => "+\u221E",
        double.NegativeInfinity => "\u2212\u221E",
        { } v => v.ToString("+0.00;\u22120.00;0.00", CultureInfo.InvariantCulture),
    };

    /// <summary>A number on an axis.</summary>
    public static string Short(double value) => Math.Round(value, 6).ToString(CultureInfo.InvariantCulture);

    /// <summary>What sorting goes by; empty where there is no value.</summary>
    public static string Key(double? value) => value is null or double.NaN ? "" : value.Value.ToString("R", CultureInfo.InvariantCulture);

    /// <summary>"1 task", "2 tasks".</summary>
    public static string Count(int count, string noun) => count == 1 ? $"1 {noun}" : string.Create(CultureInfo.InvariantCulture, $"{count} {noun}s");
}
