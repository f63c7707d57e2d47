using Gir.Evaluation.Lines;

namespace Gir.Evaluation.Generality;

/// <summary>How rates and their confidence intervals are computed.</summary>
public sealed record GeneralityOptions
{
    /// <summary>The defaults.</summary>
    public static GeneralityOptions Default { get; } = new();

    /// <summary>What reaching a line means; default <see cref="LineComparison.AtLeast"/>.</summary>
    public LineComparison Comparison { get; init; } = LineComparison.AtLeast;

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
        if (Resamples is < 0 or > 100_000)
            throw new ArgumentOutOfRangeException(nameof(Resamples), Resamples, "Expected 0..100,000.");
        if (!(Confidence > 0 && Confidence < 1))
            throw new ArgumentOutOfRangeException(nameof(Confidence), Confidence, "Expected a share between 0 and 1, e.g. 0.95.");
    }
}
