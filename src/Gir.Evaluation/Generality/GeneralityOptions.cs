using Gir.Evaluation.Lines;

namespace Gir.Evaluation.Generality;

/// <summary>How rates and their confidence intervals are computed.</summary>
public sealed record GeneralityOptions
{
    /// <summary>The defaults.</summary>
    public static GeneralityOptions Default { get; } = new();

    /// <summary>What reaching a line means; default <see cref="LineComparison.AtLeast"/>.</summary>
    public LineComparison Comparison { get; init; } = LineComparison.AtLeast;

    /// <summary>What becomes of a task that has no line; default <see cref="MissingLines.Refuse"/>.</summary>
    public MissingLines MissingLines { get; init; } = MissingLines.Refuse;

    /// <summary>Bootstrap resamples of the images, 0 for no intervals; default 1000, at most 100,000.</summary>
    public int Resamples { get; init; } = 1000;

    /// <summary>Share of the resamples that an interval holds, in (0, 1); default 0.95.</summary>
    public double Confidence { get; init; } = 0.95;

    /// <summary>Seed of the resampling; default 0.</summary>
    public ulong BootstrapSeed { get; init; }

    internal void Validate()
    {
        if (!Enum.IsDefined(Comparison))
            throw new ArgumentOutOfRangeException(nameof(Comparison), Comparison, "Expected AtLeast or Strict.");
        if (!Enum.IsDefined(MissingLines))
            throw new ArgumentOutOfRangeException(nameof(MissingLines), MissingLines, "Expected Refuse or LeaveOut.");
        if (Resamples is < 0 or > 100_000)
            throw new ArgumentOutOfRangeException(nameof(Resamples), Resamples, "Expected 0..100,000.");
        if (!(Confidence > 0 && Confidence < 1))
            throw new ArgumentOutOfRangeException(nameof(Confidence), Confidence, "Expected a share between 0 and 1, e.g. 0.95.");
    }
}

/// <summary>What becomes of tasks that have no line.</summary>
public enum MissingLines
{
    /// <summary>They are an error, told before anything runs.</summary>
    Refuse,

    /// <summary>
    /// They are reported with their means, and are no part of rates and margins; that no task at all has a line stays an error.
    /// </summary>
    LeaveOut,
}
