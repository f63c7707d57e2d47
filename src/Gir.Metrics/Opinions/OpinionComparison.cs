using Gir.Imaging;
using Gir.Imaging.Text;
using Gir.Metrics.Analysis;

namespace Gir.Metrics.Opinions;

/// <summary>
/// Judges metrics by what people said: rank and linear correlation, error after the logistic of VQEG, and the share of pairs in the right order, with percentile
/// bootstrap intervals over SCENES, since images of one scene are no independent witnesses.
/// </summary>
/// <remarks>Stateless and safe for concurrent use; the same inputs and seed give the same bits for any number of threads.</remarks>
public static class OpinionComparison
{
    /// <summary>Measures the agreement of metrics with opinions.</summary>
    /// <param name="set">What people said.</param>
    /// <param name="metrics">What metrics say, at least one; names are distinct.</param>
    /// <param name="options">How; null means the defaults.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="ArgumentException">There is no metric, two have one name, or <see cref="OpinionOptions.Against"/> names none of them.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range.</exception>
    /// <exception cref="OpinionException">Fewer than two images have both an opinion and a finite score of every metric.</exception>
    public static OpinionReport Measure(
        OpinionSet set, IReadOnlyList<OpinionMetric> metrics, OpinionOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(set);
        ArgumentNullException.ThrowIfNull(metrics);
        options ??= new();
        options.Validate();
        Check(metrics, options);

        Opinion[] judged = [.. set.Opinions.Where(o => metrics.All(m => HasScore(m, o)))];
        if (judged.Length < 2)
        {
            throw new OpinionException(
                $"'{set.Name}': found {judged.Length} images with an opinion and a score of {string.Join(", ", metrics.Select(m => m.Name))}; expected at least 2.");
        }

        var blocks = new SceneBlocks(judged, options.Seed);
        Opinion[] ordered = [.. blocks.Order.Select(i => judged[i])];
        int drawn = blocks.Starts.Length - 1;
        var bootstrap = new Bootstrap(drawn, drawn > 1 ? options.Resamples : 0, options.Confidence, options.Seed);
        MetricAgreement[] agreements = [.. metrics.Select(m => new MetricAgreement(m, set.Scale, ordered, blocks, bootstrap, options.Parallelism, cancellationToken))];
        MetricAgreement? against = agreements.FirstOrDefault(a => IsNamed(a.Name, options.Against));
        return new OpinionReport(
            set.Name,
            judged.Length,
            blocks.Scenes,
            drawn,
            [.. agreements.Select(a => a.Report(against))],
            [.. set.Opinions.Where(o => !metrics.All(m => HasScore(m, o))).Select(o => o.Image)],
            options);
    }

    private static void Check(IReadOnlyList<OpinionMetric> metrics, OpinionOptions options)
    {
        if (metrics.Count == 0)
            throw new ArgumentException("Expected at least one metric.", nameof(metrics));
        if (metrics.GroupBy(m => m.Name, StringComparer.OrdinalIgnoreCase).FirstOrDefault(g => g.Count() > 1) is { } twice)
            throw new ArgumentException($"Two metrics are named '{twice.Key}'; expected distinct names.", nameof(metrics));
        if (options.Against is { } against && !metrics.Any(m => IsNamed(m.Name, against)))
            throw new ArgumentException($"Against: there is no metric '{against}'; expected {Suggestion.Among(against, [.. metrics.Select(m => m.Name)])}.", nameof(options));
    }

    private static bool HasScore(OpinionMetric metric, Opinion opinion) => metric.Scores.TryGetValue(opinion.Image, out double score) && double.IsFinite(score);

    private static bool IsNamed(string name, string? wanted) => name.Equals(wanted, StringComparison.OrdinalIgnoreCase);
}
