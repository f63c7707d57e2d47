using Gir.Imaging;

namespace Gir.Metrics;

/// <summary>The checks that metrics share.</summary>
internal static class MetricInput
{
    public static void RequireSameShape(string metric, ImageBuffer reference, ImageBuffer distorted)
    {
        ArgumentNullException.ThrowIfNull(reference);
        ArgumentNullException.ThrowIfNull(distorted);
        if (!reference.HasShapeOf(distorted))
        {
            throw new ArgumentException(
                $"{metric} needs two images of the same shape, but the reference is {reference} and the image {distorted} (channels x height x width).",
                nameof(distorted));
        }
    }

    public static void RequireSize(string metric, ImageBuffer image, int crop, int minimum, string parameter)
    {
        int smaller = Math.Min(image.Height, image.Width) - (2 * crop);
        if (smaller < minimum)
        {
            string cropped = crop == 0 ? "" : $" after cropping {crop} pixels per side";
            throw new ArgumentException(
                $"{metric} needs at least {minimum} x {minimum} pixels{cropped}, but the image is {image.Height} x {image.Width}.", parameter);
        }
    }

    public static void RequireColor(string metric, ImageBuffer image, MetricColor color, string parameter)
    {
        if (color != MetricColor.Rgb && image.Channels is not (1 or 3))
        {
            throw new ArgumentException(
                $"{metric} on {MetricText.Of(color)} needs 1 or 3 channels, but the image has {image.Channels}.", parameter);
        }
    }

    public static void RequireGray(MetricColor color, string parameter)
    {
        if (color == MetricColor.Rgb || !Enum.IsDefined(color))
            throw new ArgumentException($"Expected a convention that gives one plane, not {color}.", parameter);
    }

    /// <summary>Refuses NaN and infinite samples, which thresholds and maxima would otherwise swallow.</summary>
    public static void RequireFinite(string metric, ImageBuffer image, string parameter)
    {
        Span<float> samples = image.Samples;
        int index = Kernels.FiniteScan.FirstNonFinite(samples);
        if (index < 0)
            return;
        (int channel, int rest) = Math.DivRem(index, image.PlaneLength);
        (int y, int x) = Math.DivRem(rest, image.Width);
        throw new ArgumentException(
            $"{metric} needs finite samples, but sample (channel {channel}, row {y}, column {x}) is {samples[index]}.", parameter);
    }
}
