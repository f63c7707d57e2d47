namespace Gir.Cli.Score;

/// <summary>The command line.</summary>
internal sealed record ScoreSettings(
    string Image,
    string? Reference,
    string Metrics,
    string Profile,
    int? Scale,
    string? NiqeModel,
    string? BrisqueModel,
    string? BrisqueRange,
    string Format,
    int Threads);
