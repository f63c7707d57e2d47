namespace Gir.Metrics.Opinions;

/// <summary>Which opinions are the good ones.</summary>
public enum OpinionScale
{
    /// <summary>More is better, as in a mean opinion score (MOS).</summary>
    HigherIsBetter,

    /// <summary>Less is better, as in a difference mean opinion score (DMOS).</summary>
    LowerIsBetter,

    /// <summary>0 is best: below it something is missing, above it something is too much.</summary>
    ZeroIsBest,
}

/// <summary>Opinions of one kind, of images of one collection; immutable.</summary>
/// <param name="Name">What tables call it, e.g. "TID2013" or "Details".</param>
/// <param name="Scale">Which opinions are the good ones.</param>
/// <param name="Opinions">One for each image.</param>
public sealed record OpinionSet(string Name, OpinionScale Scale, IReadOnlyList<Opinion> Opinions)
{
    /// <summary>
    /// The sides of a bipolar set: those at or below 0, where more is better ("missing"), and those at or above 0, where less is better ("added"). A score of 0
    /// belongs to both. Any other set has no sides.
    /// </summary>
    public IReadOnlyList<OpinionSet> Poles() => Scale != OpinionScale.ZeroIsBest
        ? []
        :
        [
            new($"{Name}, missing", OpinionScale.HigherIsBetter, [.. Opinions.Where(o => o.Score <= 0)]),
            new($"{Name}, added", OpinionScale.LowerIsBetter, [.. Opinions.Where(o => o.Score >= 0)]),
        ];
}
