using Gir.Models.Backbones.Swin;

namespace Gir.Models.Backbones.Hat;

/// <summary>Configuration of <see cref="Hat"/>; the default is the published network at scale 4.</summary>
internal sealed record HatOptions
{
    /// <summary>Channels of input and output; the mean color is that of DIV2K for 3, and 0 for others.</summary>
    public int Channels { get; init; } = 3;

    /// <summary>Output size divided by input size: a power of 2, or 3.</summary>
    public int Scale { get; init; } = 4;

    /// <summary>Side of an attention window.</summary>
    public int WindowSize { get; init; } = 16;

    /// <summary>The network's own unit: inputs in [0, 1] are multiplied by this.</summary>
    public float ImageRange { get; init; } = 1;

    /// <summary>Hybrid attention blocks in each residual group.</summary>
    public IReadOnlyList<int> Depths { get; init; } = [6, 6, 6, 6, 6, 6];

    /// <summary>Width of a token.</summary>
    public int Width { get; init; } = 180;

    /// <summary>Attention heads in each residual group.</summary>
    public IReadOnlyList<int> Heads { get; init; } = [6, 6, 6, 6, 6, 6];

    /// <summary>Hidden width of the MLP divided by the token's width.</summary>
    public double MlpRatio { get; init; } = 2;

    /// <summary>Width divided by the channels inside the convolution branch.</summary>
    public int CompressRatio { get; init; } = 3;

    /// <summary>Width divided by the channels inside the channel attention.</summary>
    public int SqueezeFactor { get; init; } = 30;

    /// <summary>Weight of the convolution branch (alpha in the paper).</summary>
    public float ConvolutionScale { get; init; } = 0.01f;

    /// <summary>By how much of a window the keys' windows of the overlapping attention are larger.</summary>
    public double OverlapRatio { get; init; } = 0.5;

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

    internal int KeyWindow => WindowSize + (int)(WindowSize * OverlapRatio);

    internal void Validate()
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
        if (CompressRatio < 1 || CompressRatio > Width)
            throw new ArgumentOutOfRangeException(nameof(CompressRatio), CompressRatio, $"Expected 1..{Width}.");
        if (SqueezeFactor < 1 || SqueezeFactor > Width)
            throw new ArgumentOutOfRangeException(nameof(SqueezeFactor), SqueezeFactor, $"Expected 1..{Width}.");
        if (!(OverlapRatio >= 0 && OverlapRatio <= 2) || (KeyWindow - WindowSize) % 2 != 0)
            throw new ArgumentOutOfRangeException(nameof(OverlapRatio), OverlapRatio, "Expected 0..2, adding an even number of pixels to the window.");
        if (AbsolutePositions is { } side && (side < WindowSize || side % WindowSize != 0))
            throw new ArgumentOutOfRangeException(nameof(AbsolutePositions), side, $"Expected a multiple of the window {WindowSize}.");
        if (!Upsampling.Supports(Scale))
            throw new ArgumentOutOfRangeException(nameof(Scale), Scale, "Expected 1, 3 or a power of 2 up to 64.");
    }
}
