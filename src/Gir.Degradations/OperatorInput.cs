using Gir.Imaging;
using Gir.Imaging.Filtering;

namespace Gir.Degradations;

/// <summary>What every operator asks of its image.</summary>
internal static class OperatorInput
{
    /// <summary>Requires 1 or 3 channels, and samples in 0..1 (overshoot passes) unless a pipeline has looked at them already.</summary>
    public static void Check(ImageBuffer image, DegradationContext context)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(context);
        if (image.Channels is not (1 or 3))
            throw new DegradationException($"the image has {image.Channels} channels: expected 1 (gray) or 3 (RGB); split off an alpha channel first.");
        if (!context.IsChecked && SampleRange.Fault(image, "the image") is { } fault)
            throw new DegradationException(fault);
    }

    /// <summary>Correlates with a kernel under a reflected border (REFLECT_101), and says clearly when the image is too small for it.</summary>
    public static ImageBuffer Correlate(ImageBuffer image, FilterKernel kernel, DegradationContext context)
    {
        Check(image, context);
        if (image.Height <= kernel.Height / 2 || image.Width <= kernel.Width / 2)
        {
            throw new DegradationException(
                $"a kernel of {kernel} with a reflected border needs an image larger than {kernel.Height / 2} x {kernel.Width / 2}, but it is {image.Height} x {image.Width} (height x width).");
        }

        context.CancellationToken.ThrowIfCancellationRequested();
        return ImageFilter.Correlate(image, kernel, PadMode.Reflect101, context.Parallelism);
    }
}
