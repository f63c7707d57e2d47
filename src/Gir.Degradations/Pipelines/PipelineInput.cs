using System.Numerics.Tensors;
using Gir.Degradations.Depth;
using Gir.Imaging;

namespace Gir.Degradations;

/// <summary>Prepares what the first operator gets: the cropped image and depth that fits it.</summary>
internal static class PipelineInput
{
    public static ImageBuffer Crop(ImageBuffer image, int multiple)
    {
        int height = image.Height - (image.Height % multiple);
        int width = image.Width - (image.Width % multiple);
        return height == image.Height && width == image.Width ? image : TopLeft(image, height, width);
    }

    /// <summary>Depth of exactly the cropped image's size.</summary>
    public static ImageBuffer Depth(ImageBuffer image, ImageBuffer cropped, ImageBuffer? depth, IDepthEstimator? estimator, string reader, RunObserver? log)
    {
        string source = "given";
        if (depth is null)
        {
            if (estimator is null)
                throw new DegradationException($"'{reader}' needs depth: give a depth map (1 x {cropped.Height} x {cropped.Width}) or an estimator.");
            depth = estimator.Estimate(cropped)
                ?? throw new DegradationException($"The depth estimator '{estimator.Name}' returned null.");
            source = estimator.Name;
        }

        log?.DepthWasRead(source, depth);
        if (depth.Channels != 1)
            throw new DegradationException($"The depth map has {depth.Channels} channels: expected 1.");
        float lowest = TensorPrimitives.Min<float>(depth.Samples);
        float highest = TensorPrimitives.Max<float>(depth.Samples);
        // NaN wins both searches and fails both comparisons.
        if (!(lowest >= 0 && highest <= 1))
            throw new DegradationException($"The depth map holds {lowest}..{highest}: expected relative depth in 0..1 (far = 1).");

        if (depth.Height == cropped.Height && depth.Width == cropped.Width)
            return depth;
        if (depth.Height == image.Height && depth.Width == image.Width)
            return TopLeft(depth, cropped.Height, cropped.Width);
        if (depth.Height * 4L == cropped.Height && depth.Width * 4L == cropped.Width)
            return QuarterDepth.Enlarge(depth);
        throw new DegradationException(
            $"The depth map is {depth.Height} x {depth.Width} (height x width), the image {image.Height} x {image.Width}: expected the same size or exactly a quarter of it.");
    }

    private static ImageBuffer TopLeft(ImageBuffer image, int height, int width)
    {
        ImageBuffer result = ImagePool.Rent(image.Channels, height, width);
        for (int c = 0; c < image.Channels; c++)
        {
            for (int y = 0; y < height; y++)
                image.Row(c, y)[..width].CopyTo(result.Row(c, y));
        }

        return result;
    }
}
