using Gir.Imaging;

namespace Gir.Metrics;

/// <summary>Which channels a metric can work with.</summary>
internal enum MetricChannels
{
    /// <summary>Any number.</summary>
    Any,

    /// <summary>One or three.</summary>
    GrayOrRgb,

    /// <summary>Three.</summary>
    Rgb,
}

/// <summary>What a metric asks of an image, and the checks that follow from it.</summary>
/// <param name="Metric">The metric's name.</param>
/// <param name="MinimumSize">Fewest rows and columns after the crop.</param>
/// <param name="Crop">Pixels cut from every side.</param>
/// <param name="Channels">Which channels it takes.</param>
internal readonly record struct MetricNeeds(string Metric, int MinimumSize, int Crop, MetricChannels Channels)
{
    /// <summary>A metric that compares what a color convention makes of the image.</summary>
    public static MetricNeeds Of(string metric, int minimumSize, int crop, MetricColor color) =>
        new(metric, minimumSize, crop, color == MetricColor.Rgb ? MetricChannels.Any : MetricChannels.GrayOrRgb);

    /// <summary>Why images of a shape cannot be measured; null where they can.</summary>
    public string? Unfit(int channels, int height, int width)
    {
        if ((Channels == MetricChannels.Rgb && channels != 3) || (Channels == MetricChannels.GrayOrRgb && channels is not (1 or 3)))
            return $"{Metric} needs {(Channels == MetricChannels.Rgb ? "3" : "1 or 3")} channels, but the image has {channels}.";
        if (Math.Min(height, width) - (2L * Crop) >= MinimumSize)
            return null;
        string cropped = Crop == 0 ? "" : $" after cropping {Crop} pixels per side";
        return $"{Metric} needs at least {MinimumSize} x {MinimumSize} pixels{cropped}, but the image is {height} x {width}.";
    }

    /// <summary>Refuses images of different shapes, of an unfit shape, or with samples that are not in the range of [0, 1].</summary>
    /// <exception cref="ArgumentException">The message tells what was found and what is expected.</exception>
    public void Check(ImageBuffer reference, ImageBuffer distorted)
    {
        CheckShapes(reference, distorted);
        CheckSamples(reference, distorted);
    }

    /// <summary>The first part of <see cref="Check(ImageBuffer, ImageBuffer)"/>, for metrics that look at the samples' range while they measure.</summary>
    public void CheckShapes(ImageBuffer reference, ImageBuffer distorted)
    {
        ArgumentNullException.ThrowIfNull(reference);
        ArgumentNullException.ThrowIfNull(distorted);
        if (!reference.HasShapeOf(distorted))
        {
            throw new ArgumentException(
                $"{Metric} needs two images of the same shape, but the reference is {reference} and the image {distorted} (channels x height x width).",
                nameof(distorted));
        }

        if (Unfit(reference.Channels, reference.Height, reference.Width) is { } fault)
            throw new ArgumentException(fault, nameof(reference));
    }

    /// <summary>The second part.</summary>
    public void CheckSamples(ImageBuffer reference, ImageBuffer distorted)
    {
        SampleRange.Check(reference, nameof(reference), $"{Metric}: the reference");
        SampleRange.Check(distorted, nameof(distorted), $"{Metric}: the image");
    }

    /// <summary>Refuses an image of an unfit shape, or with samples that are not in the range of [0, 1].</summary>
    /// <exception cref="ArgumentException">The message tells what was found and what is expected.</exception>
    public void Check(ImageBuffer image)
    {
        ArgumentNullException.ThrowIfNull(image);
        if (Unfit(image.Channels, image.Height, image.Width) is { } fault)
            throw new ArgumentException(fault, nameof(image));
        SampleRange.Check(image, nameof(image), $"{Metric}: the image");
    }
}
