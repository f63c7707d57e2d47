namespace Gir.Cli.Degrade;

/// <summary>The command line.</summary>
internal sealed record DegradeSettings
{
    public string? Input { get; init; }

    public string? Output { get; init; }

    public string? Pipeline { get; init; }

    public string? Task { get; init; }

    public int? Random { get; init; }

    public string? Replay { get; init; }

    public ulong Seed { get; init; }

    public string? Quantize { get; init; }

    public string? Depth { get; init; }

    public string? Format { get; init; }

    public int? Bits { get; init; }

    public bool Force { get; init; }

    public bool Resume { get; init; }

    public bool Strict { get; init; }

    public bool DryRun { get; init; }

    public bool List { get; init; }

    public bool Json { get; init; }

    public required int Threads { get; init; }
}
