namespace Gir.Cli.Score;

/// <summary>The command line.</summary>
internal sealed record ScoreSettings
{
    public string? Image { get; init; }

    public bool List { get; init; }

    public string? Reference { get; init; }

    public required string Metrics { get; init; }

    public required string Profile { get; init; }

    public int? Scale { get; init; }

    public string? NiqeModel { get; init; }

    public string? BrisqueModel { get; init; }

    public string? BrisqueRange { get; init; }

    public IReadOnlyList<string> Weights { get; init; } = [];

    public string? Calibration { get; init; }

    public required string Format { get; init; }

    public IReadOnlyList<string> Gates { get; init; } = [];

    public bool Strict { get; init; }

    public bool DryRun { get; init; }

    public required int Threads { get; init; }
}
