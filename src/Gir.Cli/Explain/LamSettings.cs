namespace Gir.Cli.Explain;

/// <summary>The command line of "explain lam".</summary>
internal sealed record LamSettings
{
    public required string Input { get; init; }

    public required IReadOnlyList<string> Models { get; init; }

    public string? Output { get; init; }

    public string? Window { get; init; }

    public bool Whole { get; init; }

    public required int Around { get; init; }

    public required string Method { get; init; }

    public required int Steps { get; init; }

    public required double Sigma { get; init; }

    public double? Noise { get; init; }

    public string? Wrapper { get; init; }

    public bool Json { get; init; }

    public bool Force { get; init; }

    public bool Strict { get; init; }

    public required int Threads { get; init; }
}
