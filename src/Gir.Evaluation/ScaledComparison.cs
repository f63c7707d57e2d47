using Gir.Imaging;
using Gir.Imaging.Resampling;
using Gir.Models.Restoration;

namespace Gir.Evaluation;

/// <summary>
/// How a restorer that scales takes part in a benchmark of images that keep their size: it is given the degraded image scaled down by its factor, and
/// what it makes of that is compared at the image's own size, as the GIR paper compares models for real-world super-resolution.
/// </summary>
internal static class ScaledComparison
{
    /// <summary>What reports say of the restorer: it keeps the size, and how.</summary>
    public static RestorerInfo Describe(RestorerInfo info) => info.Scale == 1 ? info : info with
    {
        Name = FormattableString.Invariant($"{info.Name}(input/{info.Scale})"),
        Scale = 1,
        Description = FormattableString.Invariant($"{info.Description}; given the input scaled down by {info.Scale} (bicubic, MATLAB)"),
    };

    /// <summary>Restores an image with a restorer of any scale.</summary>
    /// <param name="restorer">The restorer.</param>
    /// <param name="degraded">The degraded image, rounded to 8 bits.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>An image of the degraded image's size, where the restorer does what its scale says.</returns>
    public static ImageBuffer Restore(IRestorer restorer, ImageBuffer degraded, CancellationToken cancellationToken)
    {
        int scale = restorer.Info.Scale;
        if (scale == 1)
            return restorer.Restore(degraded, cancellationToken);
        // Sides that are no multiples are extended by their last samples, and cut off again.
        (int height, int width) = (Quotient(degraded.Height, scale), Quotient(degraded.Width, scale));
        ImageBuffer padded = degraded.Pad(0, (height * scale) - degraded.Height, 0, (width * scale) - degraded.Width, PadMode.Replicate);
        ImageBuffer small = Resampler.Resize(padded, height, width, ResamplingKernel.Bicubic, ResamplingConvention.MatlabUint8Symmetric);
        ImageBuffer restored = restorer.Restore(small, cancellationToken);
        return restored.HasShapeOf(padded) ? restored.Crop(0, 0, degraded.Height, degraded.Width) : restored;
    }

    private static int Quotient(int length, int scale) => (length + scale - 1) / scale;
}
