namespace Gir.Cli.Degrade;

/// <summary>The command line.</summary>
internal sealed record DegradeSettings(
    string Input,
    string Output,
    string? Pipeline,
    string? Task,
    int? Random,
    string? Replay,
    ulong Seed,
    string? Quantize,
    string? Depth,
    string Format,
    bool Force,
    int Threads);
