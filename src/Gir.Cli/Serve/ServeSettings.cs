namespace Gir.Cli.Serve;

/// <summary>The command line.</summary>
internal sealed record ServeSettings
{
    public required int Port { get; init; }

    public required string Listen { get; init; }

    public IReadOnlyList<string> Models { get; init; } = [];

    public string? Wrapper { get; init; }

    public required int Side { get; init; }

    public required int Threads { get; init; }
}
