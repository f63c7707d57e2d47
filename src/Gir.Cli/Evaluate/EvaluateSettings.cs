namespace Gir.Cli.Evaluate;

/// <summary>The command line.</summary>
internal sealed record EvaluateSettings(
    string? Images,
    string? TestSet,
    IReadOnlyList<string> Tasks,
    IReadOnlyList<string> Restorers,
    string? Lines,
    string Metrics,
    string Output,
    int? Limit,
    string? Depth,
    bool Published,
    bool Force,
    ulong? Seed,
    int Threads,
    bool Strict);
