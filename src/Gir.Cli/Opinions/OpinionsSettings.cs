namespace Gir.Cli.Opinions;

/// <summary>The command line.</summary>
internal sealed record OpinionsSettings
{
    public required string Data { get; init; }

    public required string Form { get; init; }

    public required string Columns { get; init; }

    public required string Scale { get; init; }

    public string? Dimension { get; init; }

    public string? Images { get; init; }

    public string? References { get; init; }

    public required string Metrics { get; init; }

    public string? Scores { get; init; }

    public IReadOnlyList<string> LowerIsBetter { get; init; } = [];

    public string? Against { get; init; }

    public required int Resamples { get; init; }

    public required ulong Seed { get; init; }

    public bool Json { get; init; }

    public bool Strict { get; init; }

    public required int Threads { get; init; }
}
