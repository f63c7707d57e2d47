namespace Gir.Metrics.Opinions;

/// <summary>What a metric says of the images that people judged.</summary>
/// <param name="Name">The metric's name, e.g. "psnr".</param>
/// <param name="Scores">Its score for each image, by the images' names as the opinions spell them; one that is missing or not finite leaves its image out.</param>
/// <param name="HigherIsBetter">The direction; of no matter where 0 is best.</param>
public sealed record OpinionMetric(string Name, IReadOnlyDictionary<string, double> Scores, bool HigherIsBetter)
{
    /// <summary>Whether 0 is best, as for "detail" and "sharpness"; default false.</summary>
    public bool ZeroIsBest { get; init; }

    /// <summary>The score turned so that more should go with a higher turned opinion.</summary>
    internal double Turned(double score, OpinionScale scale) => ZeroIsBest
        ? scale == OpinionScale.ZeroIsBest ? score : -Math.Abs(score)
        : HigherIsBetter ? score : -score;
}
