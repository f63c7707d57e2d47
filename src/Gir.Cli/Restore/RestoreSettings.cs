namespace Gir.Cli.Restore;

/// <summary>The command line.</summary>
internal sealed record RestoreSettings
{
    public string? Input { get; init; }

    public string? Output { get; init; }

    public required string Model { get; init; }

    public string? Options { get; init; }

    public string? Wrapper { get; init; }

    public int? Tile { get; init; }

    public int? Overlap { get; init; }

    public int? Memory { get; init; }

    public bool Ensemble { get; init; }

    public double? Noise { get; init; }

    public string? Sheet { get; init; }

    public string? Format { get; init; }

    public int? Bits { get; init; }

    public bool AllowNonFinite { get; init; }

    public bool List { get; init; }

    public bool Json { get; init; }

    public bool Force { get; init; }

    public bool Resume { get; init; }

    public bool Strict { get; init; }

    public bool DryRun { get; init; }

    public required int Threads { get; init; }
}
