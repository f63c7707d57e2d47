using Gir.Models.Backbones.Swin;

namespace Gir.Models.Backbones.SwinIr;

/// <summary>How <see cref="SwinIr"/> makes its output from features.</summary>
internal enum SwinIrUpsampler
{
    /// <summary>One convolution and the input added: denoising, JPEG; scale 1.</summary>
    None,

    /// <summary>"pixelshuffle": convolutions and pixel shuffles (classical super-resolution), or none at scale 1.</summary>
    PixelShuffle,

    /// <summary>"pixelshuffledirect": one convolution and one shuffle to the image (lightweight super-resolution).</summary>
    PixelShuffleDirect,

    /// <summary>"nearest+conv": nearest neighbors and convolutions (real-world super-resolution); scale 2 or 4.</summary>
    NearestConvolution,
}

/// <summary>The convolution that ends each of <see cref="SwinIr"/>'s residual groups.</summary>
internal enum SwinIrResidual
{
    /// <summary>"1conv": one 3 x 3 convolution.</summary>
    OneConvolution,

    /// <summary>"3conv": 3 x 3, 1 x 1, 3 x 3 with a quarter of the channels between (the large model).</summary>
    ThreeConvolutions,
}

/// <summary>Configuration of <see cref="SwinIr"/>; the default is the published network for color denoising.</summary>
internal sealed record SwinIrOptions
{
    /// <summary>Channels of input and output; the mean color is that of DIV2K for 3, and 0 for others.</summary>
    public int Channels { get; init; } = 3;

    /// <summary>Output size divided by input size.</summary>
    public int Scale { get; init; } = 1;

    /// <summary>Side of an attention window: 8, or 7 for the JPEG networks.</summary>
    public int WindowSize { get; init; } = 8;

    /// <summary>The network's own unit: inputs in [0, 1] are multiplied by this; 255 for the JPEG networks.</summary>
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

    /// <summary>How the output is made.</summary>
    public SwinIrUpsampler Upsampler { get; init; }

    /// <summary>How residual groups end.</summary>
    public SwinIrResidual Residual { get; init; }

    /// <summary>Channels inside the upsampler (64 in the official code).</summary>
    public int UpsamplerFeatures { get; init; } = 64;

    /// <summary>Seed of the initial weights.</summary>
    public ulong Seed { get; init; }

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
        if (AbsolutePositions is { } side && (side < WindowSize || side % WindowSize != 0))
            throw new ArgumentOutOfRangeException(nameof(AbsolutePositions), side, $"Expected a multiple of the window {WindowSize}.");
        if (Residual == SwinIrResidual.ThreeConvolutions && Width < 4)
            throw new ArgumentOutOfRangeException(nameof(Width), Width, "Expected at least 4 with three convolutions.");
        bool fits = Upsampler switch
        {
            SwinIrUpsampler.None => Scale == 1,
            SwinIrUpsampler.PixelShuffle => Upsampling.Supports(Scale),
            SwinIrUpsampler.PixelShuffleDirect => Scale is >= 1 and <= 64,
            SwinIrUpsampler.NearestConvolution => Scale is 2 or 4,
            _ => throw new ArgumentOutOfRangeException(nameof(Upsampler), Upsampler, "Unknown upsampler."),
        };
        if (!fits)
            throw new ArgumentOutOfRangeException(nameof(Scale), Scale, $"Upsampler {Upsampler} has no such scale.");
    }
}
