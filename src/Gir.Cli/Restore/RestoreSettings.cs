namespace Gir.Cli.Restore;

/// <summary>The command line.</summary>
internal sealed record RestoreSettings(
    string? Input,
    string? Output,
    string? Model,
    string? Options,
    int? Tile,
    int? Overlap,
    int? Memory,
    bool Ensemble,
    double? Noise,
    string? Sheet,
    bool List,
    bool Force,
    int Threads);
