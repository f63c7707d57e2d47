namespace Gir.Models.Backbones.FfdNet;

/// <summary>Configuration of <see cref="FfdNet"/>; the default is the gray network.</summary>
internal sealed record FfdNetOptions
{
    /// <summary>Channels of input and output, the noise level not counted.</summary>
    public int Channels { get; init; } = 1;

    /// <summary>Channels inside: 64 (gray), 96 (color).</summary>
    public int Features { get; init; } = 64;

    /// <summary>Convolutions: 15 (gray), 12 (color).</summary>
    public int Layers { get; init; } = 15;

    /// <summary>Seed of the initial weights.</summary>
    public ulong Seed { get; init; }

    /// <summary>The published color network: 852,108 parameters.</summary>
    public static FfdNetOptions Color { get; } = new() { Channels = 3, Features = 96, Layers = 12 };

    internal void Validate()
    {
        OptionChecks.Positive(Channels);
        OptionChecks.Positive(Features);
        OptionChecks.InRange(Layers, 2, 10_000);
    }
}
