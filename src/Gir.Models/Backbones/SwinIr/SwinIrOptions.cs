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

/// <summary>
/// Configuration of <see cref="SwinIr"/>; the default is the published network for color denoising. The JPEG networks have windows of 7 and an image range of 255.
/// </summary>
internal sealed record SwinIrOptions() : SwinOptions(scale: 1, windowSize: 8)
{
    /// <summary>How the output is made.</summary>
    public SwinIrUpsampler Upsampler { get; init; }

    /// <summary>How residual groups end.</summary>
    public SwinIrResidual Residual { get; init; }

    internal override void Validate()
    {
        base.Validate();
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
