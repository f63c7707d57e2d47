using Gir.Imaging;

namespace Gir.Metrics.Opinions;

/// <summary>How agreement with opinions is measured.</summary>
public sealed record OpinionOptions
{
    /// <summary>Resamples of the scenes for the intervals, 0..10,000; default 1000; 0 for no intervals.</summary>
    public int Resamples { get; init; } = 1000;

    /// <summary>Share of the resamples inside an interval, above 0 and below 1; default 0.95.</summary>
    public double Confidence { get; init; } = 0.95;

    /// <summary>Seed of the drawing.</summary>
    public ulong Seed { get; init; }

    /// <summary>The metric that every other one is compared with, by name; default null: none.</summary>
    public string? Against { get; init; }

    /// <summary>Threads; the results do not depend on them.</summary>
    public Parallelism Parallelism { get; init; } = Parallelism.AllProcessors;

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Resamples, 0, nameof(Resamples));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Resamples, 10_000, nameof(Resamples));
        if (Confidence is not (> 0 and < 1))
            throw new ArgumentOutOfRangeException(nameof(Confidence), Confidence, "Expected more than 0 and less than 1.");
    }
}
