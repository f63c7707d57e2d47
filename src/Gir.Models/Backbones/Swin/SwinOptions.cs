namespace Gir.Models.Backbones.Swin;

/// <summary>What the window transformers' configurations have in common; the defaults are those of the published networks.</summary>
internal abstract record SwinOptions
{
    /// <summary>Takes what differs between the published networks.</summary>
    protected SwinOptions(int scale, int windowSize) => (Scale, WindowSize) = (scale, windowSize);

    /// <summary>Channels of input and output; the mean color is that of DIV2K for 3, and 0 for others.</summary>
    public int Channels { get; init; } = 3;

    /// <summary>Output size divided by input size.</summary>
    public int Scale { get; init; }

    /// <summary>Side of an attention window.</summary>
    public int WindowSize { get; init; }

    /// <summary>The network's own unit: inputs in [0, 1] are multiplied by this.</summary>
    public float ImageRange { get; init; } = 1;

    /// <summary>Transformer blocks in each residual group.</summary>
    public IReadOnlyList<int> Depths { get; init; } = [6, 6, 6, 6, 6, 6];

    /// <summary>Width of a token.</summary>
    public int Width { get; init; } = 180;

    /// <summary>Attention heads in each residual group.</summary>
    public IReadOnlyList<int> Heads { get; init; } = [6, 6, 6, 6, 6, 6];

    /// <summary>Hidden width of the MLP divided by the token's width.</summary>
    public double MlpRatio { get; init; } = 2;

    /// <summary>Whether queries, keys and values have a bias.</summary>
    public bool QkvBias { get; init; } = true;

    /// <summary>Factor of the attention scores; null means one over the square root of a head's width.</summary>
    public double? QkScale { get; init; }

    /// <summary>Side of the grid of learned absolute positions, or null for none; with it, inputs must fill just this grid.</summary>
    public int? AbsolutePositions { get; init; }

    /// <summary>Whether tokens are normalized before the first group.</summary>
    public bool PatchNorm { get; init; } = true;

    /// <summary>Channels inside the upsampler (64 in the official code).</summary>
    public int UpsamplerFeatures { get; init; } = 64;

    /// <summary>Seed of the initial weights.</summary>
    public ulong Seed { get; init; }

    internal virtual void Validate()
    {
        OptionChecks.AtLeast(Channels, 1);
        OptionChecks.AtLeast(WindowSize, 2);
        OptionChecks.AtLeast(Width, 1);
        OptionChecks.AtLeast(UpsamplerFeatures, 1);
        OptionChecks.Counts(Depths);
        OptionChecks.Counts(Heads, Depths.Count);
        OptionChecks.PositiveNumber(MlpRatio);
        OptionChecks.PositiveNumber(ImageRange);
        foreach (int heads in Heads)
            OptionChecks.HeadsDivide(Width, heads);
        if (AbsolutePositions is { } side && (side < WindowSize || side % WindowSize != 0))
            throw new ArgumentOutOfRangeException(nameof(AbsolutePositions), side, $"Expected a multiple of the window {WindowSize}.");
    }
}
