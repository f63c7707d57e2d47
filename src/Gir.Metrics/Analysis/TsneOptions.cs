namespace Gir.Metrics.Analysis;

/// <summary>How <see cref="Tsne"/> lays points out.</summary>
public sealed record TsneOptions
{
    /// <summary>How many neighbors a point has, roughly: at least 1 and below a third of the points; default 30, or what few points allow.</summary>
    public double? Perplexity { get; init; }

    /// <summary>Steps of descent, 1..10000; default 1000.</summary>
    public int Iterations { get; init; } = 1000;

    /// <summary>Seed of the first layout.</summary>
    public ulong Seed { get; init; }

    internal double PerplexityOf(int points)
    {
        if (Iterations is < 1 or > 10_000)
            throw new ArgumentOutOfRangeException(nameof(Iterations), Iterations, "Expected 1..10000.");
        double most = (points - 1) / 3.0;
        if (Perplexity is not { } given)
            return Math.Min(30, most);
        return given >= 1 && given <= most
            ? given
            : throw new ArgumentOutOfRangeException(nameof(Perplexity), given, FormattableString.Invariant($"Expected 1..{most:0.##} for {points} points."));
    }
}
