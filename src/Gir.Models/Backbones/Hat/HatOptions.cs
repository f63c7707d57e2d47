using Gir.Models.Backbones.Swin;

namespace Gir.Models.Backbones.Hat;

/// <summary>Configuration of <see cref="Hat"/>; the default is the published network at scale 4 (a power of 2, or 3) with windows of 16.</summary>
internal sealed record HatOptions() : SwinOptions(scale: 4, windowSize: 16)
{
    /// <summary>Width divided by the channels inside the convolution branch.</summary>
    public int CompressRatio { get; init; } = 3;

    /// <summary>Width divided by the channels inside the channel attention.</summary>
    public int SqueezeFactor { get; init; } = 30;

    /// <summary>Weight of the convolution branch (alpha in the paper).</summary>
    public float ConvolutionScale { get; init; } = 0.01f;

    /// <summary>By how much of a window the keys' windows of the overlapping attention are larger.</summary>
    public double OverlapRatio { get; init; } = 0.5;

    internal int KeyWindow => WindowSize + (int)(WindowSize * OverlapRatio);

    internal override void Validate()
    {
        base.Validate();
        if (CompressRatio < 1 || CompressRatio > Width)
            throw new ArgumentOutOfRangeException(nameof(CompressRatio), CompressRatio, $"Expected 1..{Width}.");
        if (SqueezeFactor < 1 || SqueezeFactor > Width)
            throw new ArgumentOutOfRangeException(nameof(SqueezeFactor), SqueezeFactor, $"Expected 1..{Width}.");
        if (!(OverlapRatio >= 0 && OverlapRatio <= 2) || (KeyWindow - WindowSize) % 2 != 0)
            throw new ArgumentOutOfRangeException(nameof(OverlapRatio), OverlapRatio, "Expected 0..2, adding an even number of pixels to the window.");
        if (!Upsampling.Supports(Scale))
            throw new ArgumentOutOfRangeException(nameof(Scale), Scale, "Expected 1, 3 or a power of 2 up to 64.");
    }
}
