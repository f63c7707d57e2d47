namespace Gir.Cli.Real;

/// <summary>The command line.</summary>
internal sealed record RealSettings
{
    public required string Images { get; init; }

    public string? References { get; init; }

    public IReadOnlyList<string> Restorers { get; init; } = [];

    public string? Wrapper { get; init; }

    public required string Metrics { get; init; }

    public int? Limit { get; init; }

    public string? Output { get; init; }

    public bool Force { get; init; }

    public bool Json { get; init; }

    public bool Strict { get; init; }

    public bool DryRun { get; init; }

    public required int Threads { get; init; }
}
