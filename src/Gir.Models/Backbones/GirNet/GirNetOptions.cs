namespace Gir.Models.Backbones.GirNet;

/// <summary>Configuration of <see cref="GirNet"/>; the default is the shipped color network's.</summary>
internal sealed record GirNetOptions
{
    /// <summary>Channels of input and output.</summary>
    public int Channels { get; init; } = 3;

    /// <summary>Channels of the four levels, at a half, a quarter, an eighth and a sixteenth of the size.</summary>
    public IReadOnlyList<int> Features { get; init; } = [64, 96, 128, 160];

    /// <summary>Residual blocks per level and direction.</summary>
    public int Blocks { get; init; } = 2;

    /// <summary>Length of the picture's code.</summary>
    public int Code { get; init; } = 128;

    /// <summary>Height and width of the thumbnail that the code is made of; a multiple of 8.</summary>
    public int Thumbnail { get; init; } = 32;

    /// <summary>Channels inside the part that says how far a change is to be trusted; 0: none.</summary>
    public int Trust { get; init; } = 32;

    /// <summary>Seed of the initial weights.</summary>
    public ulong Seed { get; init; }

    internal void Validate()
    {
        OptionChecks.Positive(Channels);
        OptionChecks.InRange(Blocks, 1, 1000);
        OptionChecks.InRange(Code, 4, 65536);
        OptionChecks.InRange(Thumbnail, 8, 1024);
        OptionChecks.InRange(Trust, 0, 65536);
        if (Thumbnail % 8 != 0)
            throw new ArgumentException($"Expected a multiple of 8; found {Thumbnail}.", nameof(Thumbnail));
        if (Features is not { Count: 4 } || Features.Any(f => f < 1))
            throw new ArgumentException($"Expected four positive numbers of channels; found {string.Join(", ", Features ?? [])}.", nameof(Features));
    }
}
