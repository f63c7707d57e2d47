namespace Gir.Models.Backbones.SrResNet;

/// <summary>Configuration of <see cref="SrResNet"/>; the default is the scale-1 network of general restoration.</summary>
internal sealed record SrResNetOptions
{
    /// <summary>Channels of the input.</summary>
    public int InputChannels { get; init; } = 3;

    /// <summary>Channels of the output.</summary>
    public int OutputChannels { get; init; } = 3;

    /// <summary>Channels inside.</summary>
    public int Features { get; init; } = 64;

    /// <summary>Residual blocks.</summary>
    public int Blocks { get; init; } = 16;

    /// <summary>Output size divided by input size: 1, 2, 3 or 4.</summary>
    public int Scale { get; init; } = 1;

    /// <summary>Seed of the initial weights.</summary>
    public ulong Seed { get; init; }

    internal void Validate()
    {
        OptionChecks.Positive(InputChannels);
        OptionChecks.Positive(OutputChannels);
        OptionChecks.Positive(Features);
        OptionChecks.InRange(Blocks, 0, 10_000);
        OptionChecks.InRange(Scale, 1, 4);
    }
}
