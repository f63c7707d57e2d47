namespace Gir.Models.Backbones.UNet;

/// <summary>Configuration of <see cref="UNet"/>.</summary>
internal sealed record UNetOptions
{
    /// <summary>Channels of the finest level; each coarser one has twice as many.</summary>
    public int Features { get; init; } = 32;

    /// <summary>Channels of input and output.</summary>
    public int Channels { get; init; } = 3;

    /// <summary>Seed of the initial weights.</summary>
    public ulong Seed { get; init; }

    internal void Validate()
    {
        OptionChecks.InRange(Features, 1, 1 << 20);
        OptionChecks.Positive(Channels);
    }
}
