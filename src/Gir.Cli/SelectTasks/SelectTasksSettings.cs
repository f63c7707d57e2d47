namespace Gir.Cli.SelectTasks;

/// <summary>The command line.</summary>
internal sealed record SelectTasksSettings
{
    public string? Images { get; init; }

    public required int Limit { get; init; }

    public required int Size { get; init; }

    public required string Orders { get; init; }

    public required int Candidates { get; init; }

    public required int PerOrder { get; init; }

    public required string Strength { get; init; }

    public required ulong Seed { get; init; }

    public required string Output { get; init; }

    public bool Force { get; init; }

    public bool Json { get; init; }

    public bool Strict { get; init; }

    public bool DryRun { get; init; }

    public required int Threads { get; init; }
}
