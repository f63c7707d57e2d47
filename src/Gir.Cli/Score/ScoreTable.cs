using Gir.Metrics;

namespace Gir.Cli.Score;

/// <summary>The scores of one image.</summary>
/// <param name="Image">The file's name.</param>
/// <param name="Scores">By metric; one that the image does not allow is missing.</param>
/// <param name="Missing">Why metrics are missing, one sentence each.</param>
internal sealed record ImageScores(string Image, IReadOnlyDictionary<string, MetricScore> Scores, IReadOnlyList<string> Missing);

/// <summary>All scores, with their averages.</summary>
internal sealed class ScoreTable
{
    private ScoreTable(IReadOnlyList<ImageScores> images, IReadOnlyList<MetricScore> metrics)
    {
        Images = images;
        Metrics = metrics;
    }

    /// <summary>The images.</summary>
    public IReadOnlyList<ImageScores> Images { get; }

    /// <summary>The metrics that at least one image allows, each as its first score: name, direction and convention.</summary>
    public IReadOnlyList<MetricScore> Metrics { get; }

    /// <summary>Which metrics are missing, and why.</summary>
    public IEnumerable<string> Notes => Images.SelectMany(i => i.Missing.Select(m => $"{i.Image}: {m}"));

    public static ScoreTable Create(IReadOnlyList<ImageScores> images) =>
        new(images, [.. images.SelectMany(i => i.Scores.Values).DistinctBy(s => s.Metric)]);

    /// <summary>The mean of a metric over the images that allow it; null without any.</summary>
    public double? Average(string metric)
    {
        double[] values = [.. Images.Where(i => i.Scores.ContainsKey(metric)).Select(i => i.Scores[metric].Value)];
        return values.Length > 0 ? values.Average() : null;
    }

    /// <summary>The averages in the form of an image's scores; null where there is only one image.</summary>
    public ImageScores? Averages => Images.Count <= 1
        ? null
        : new ImageScores("average", Metrics.ToDictionary(m => m.Metric, m => m with { Value = Average(m.Metric)!.Value }), []);
}
