using Gir.Evaluation.Generality;
using Gir.Evaluation.Results;

namespace Gir.Reports.Failures;

/// <summary>How a restored image fails: by what is missing, by what was added, by both, or not much.</summary>
internal enum FailureSign
{
    Under,
    Over,
    Both,
    Fair,
}

/// <summary>One image: the numbers of Gir's definition of failure signs.</summary>
internal sealed record FailureScore(ResultRecord Result, double Under, double Over, double? Sharpness)
{
    public double Detail => 3 * (Over - Under);

    public FailureSign Sign => (Under > FailureResults.Limit, Over > FailureResults.Limit) switch
    {
        (true, true) => FailureSign.Both,
        (true, false) => FailureSign.Under,
        (false, true) => FailureSign.Over,
        _ => FailureSign.Fair,
    };
}

/// <summary>Failure signs of every restorer, where a run measured them.</summary>
internal static class FailureResults
{
    /// <summary>What counts as missing or added: a fifth of the detail.</summary>
    public const double Limit = 0.2;

    private const string Under = "under";
    private const string Over = "over";
    private const string Sharpness = "sharpness";

    /// <summary>The metrics that a run has to measure.</summary>
    public static bool AreMeasured(GeneralityReport report) =>
        report.Configuration.Metrics.Any(m => m.Name == Under) && report.Configuration.Metrics.Any(m => m.Name == Over);

    /// <summary>A restorer's images that could be measured.</summary>
    public static FailureScore[] Of(IReadOnlyList<ResultRecord> results, RestorerGenerality restorer) =>
    [
        .. from result in results
           where result.Restorer == restorer.Name && result.Identity == restorer.Identity
           let under = result.Metrics.GetValueOrDefault(Under, double.NaN)
           let over = result.Metrics.GetValueOrDefault(Over, double.NaN)
           where double.IsFinite(under) && double.IsFinite(over)
           select new FailureScore(result, under, over, result.Metrics.TryGetValue(Sharpness, out double sharpness) && double.IsFinite(sharpness) ? sharpness : null),
    ];

    /// <summary>The category of an image that is named "category/name"; empty for others.</summary>
    public static string CategoryOf(string image) => image.LastIndexOf('/') is > 0 and var slash ? image[..slash] : "";
}
