namespace Gir.Models.Backbones.Edsr;

/// <summary>Configuration of <see cref="Edsr"/>; the default is the baseline ("M") at scale 4.</summary>
internal sealed record EdsrOptions
{
    /// <summary>Channels of the input; the mean color is that of DIV2K for 3, and 0 for others.</summary>
    public int InputChannels { get; init; } = 3;

    /// <summary>Channels of the output.</summary>
    public int OutputChannels { get; init; } = 3;

    /// <summary>Channels inside: 64 (M) or 256 (L).</summary>
    public int Features { get; init; } = 64;

    /// <summary>Residual blocks: 16 (M) or 32 (L).</summary>
    public int Blocks { get; init; } = 16;

    /// <summary>Output size divided by input size: a power of 2, or 3.</summary>
    public int Scale { get; init; } = 4;

    /// <summary>Scale of every residual: 1 (M) or 0.1 (L).</summary>
    public float ResidualScale { get; init; } = 1;

    /// <summary>The network's own unit: inputs in [0, 1] are multiplied by this.</summary>
    public float ImageRange { get; init; } = 255;

    /// <summary>Seed of the initial weights.</summary>
    public ulong Seed { get; init; }

    internal void Validate()
    {
        OptionChecks.Positive(InputChannels);
        OptionChecks.Positive(OutputChannels);
        OptionChecks.Positive(Features);
        OptionChecks.InRange(Blocks, 0, 10_000);
        OptionChecks.OneOf(Scale, [1, 2, 3, 4, 8]);
        if (!(ImageRange > 0))
            throw new ArgumentOutOfRangeException(nameof(ImageRange), ImageRange, "Expected a positive number.");
    }
}
