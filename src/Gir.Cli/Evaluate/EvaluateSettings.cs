namespace Gir.Cli.Evaluate;

/// <summary>The command line.</summary>
internal sealed record EvaluateSettings
{
    public string? Images { get; init; }

    public string? TestSet { get; init; }

    public IReadOnlyList<string> Tasks { get; init; } = [];

    public IReadOnlyList<string> Restorers { get; init; } = [];

    public string? Wrapper { get; init; }

    public string? Lines { get; init; }

    public required string Metrics { get; init; }

    public required string Output { get; init; }

    public int? Limit { get; init; }

    public int Pictures { get; init; }

    public string? Panels { get; init; }

    public string? Depth { get; init; }

    public bool Categories { get; init; }

    public bool Cost { get; init; }

    public bool Published { get; init; }

    public bool Force { get; init; }

    public ulong? Seed { get; init; }

    public required int Threads { get; init; }

    public bool AboveLines { get; init; }

    public IReadOnlyList<string> Gates { get; init; } = [];

    public string? Shard { get; init; }

    public string? Cluster { get; init; }

    public bool Json { get; init; }

    public bool Strict { get; init; }

    public bool DryRun { get; init; }
}
