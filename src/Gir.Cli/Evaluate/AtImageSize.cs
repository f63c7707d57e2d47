using Gir.Imaging;
using Gir.Imaging.Resampling;
using Gir.Models.Restoration;

namespace Gir.Cli.Evaluate;

/// <summary>
/// A super-resolution network judged as a restorer, as the GIR paper compares real-world super-resolution with restoration: its input is made smaller
/// by the network's scale first (MATLAB's bicubic), so that the result is as large as the degraded image.
/// </summary>
internal sealed class AtImageSize : IRestorer
{
    private readonly IRestorer _enlarger;
    private readonly int _scale;

    public AtImageSize(IRestorer enlarger)
    {
        (_enlarger, _scale) = (enlarger, enlarger.Info.Scale);
        Info = enlarger.Info with
        {
            Name = $"{enlarger.Info.Name}(input/{_scale})",
            Description = $"{enlarger.Info.Description}, of an input made {_scale} times smaller",
            Scale = 1,
        };
    }

    public RestorerInfo Info { get; }

    public string? Identity => _enlarger.Identity;

    /// <summary>The restorer itself, or so wrapped where it enlarges.</summary>
    public static IRestorer Wrap(IRestorer restorer) => restorer.Info.Scale > 1 ? new AtImageSize(restorer) : restorer;

    public ImageBuffer Restore(ImageBuffer degraded, CancellationToken cancellationToken = default)
    {
        // Sides that the scale does not divide are extended by their last samples and cut off again.
        (int height, int width) = (Ceiling(degraded.Height), Ceiling(degraded.Width));
        ImageBuffer padded = degraded.Pad(0, (height * _scale) - degraded.Height, 0, (width * _scale) - degraded.Width, PadMode.Replicate);
        ImageBuffer small = Resampler.Resize(padded, height, width, ResamplingKernel.Bicubic, ResamplingConvention.Matlab);
        return _enlarger.Restore(small, cancellationToken).Crop(0, 0, degraded.Height, degraded.Width);
    }

    private int Ceiling(int length) => (length + _scale - 1) / _scale;
}
