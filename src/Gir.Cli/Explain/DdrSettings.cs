namespace Gir.Cli.Explain;

/// <summary>The command line of "explain ddr".</summary>
internal sealed record DdrSettings
{
    public required string Input { get; init; }

    public required IReadOnlyList<string> Models { get; init; }

    public IReadOnlyList<string> Layers { get; init; } = [];

    public IReadOnlyList<string> Degradations { get; init; } = [];

    public string? Output { get; init; }

    public required int Size { get; init; }

    public required int Crops { get; init; }

    public required int Grid { get; init; }

    public required int Components { get; init; }

    public required ulong Seed { get; init; }

    public double? Noise { get; init; }

    public string? Wrapper { get; init; }

    public bool ListLayers { get; init; }

    public bool Json { get; init; }

    public bool Force { get; init; }

    public bool Strict { get; init; }

    public required int Threads { get; init; }
}
