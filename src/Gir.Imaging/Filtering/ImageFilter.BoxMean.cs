using System.Numerics.Tensors;

namespace Gir.Imaging.Filtering;

/// <content>The mean over a square.</content>
public static partial class ImageFilter
{
    /// <summary>Largest radius of <see cref="BoxMean"/> and <see cref="GuidedFilter"/>.</summary>
    public const int MaxRadius = FilterKernel.MaxSize / 2;

    // Up to here two passes of weighted sums are faster than running sums.
    private const int LargestDirectRadius = 12;

    /// <summary>The mean of the (2 radius + 1)^2 samples around each sample, per channel; the time does not grow with the radius.</summary>
    /// <param name="image">The image.</param>
    /// <param name="radius">Reach of the box in pixels, 0..<see cref="MaxRadius"/>.</param>
    /// <param name="border">What lies beyond the edge; default Reflect101.</param>
    /// <param name="parallelism">Threads; the result does not depend on them.</param>
    /// <returns>A new image of the same shape.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The radius is out of range.</exception>
    /// <exception cref="ArgumentException">The image is too small for a reflected border.</exception>
    public static ImageBuffer BoxMean(ImageBuffer image, int radius, PadMode border = PadMode.Reflect101, Parallelism parallelism = default)
    {
        ArgumentNullException.ThrowIfNull(image);
        CheckRadius(radius);
        int size = (2 * radius) + 1;
        Border.Check(image.Height, image.Width, size, size, border);
        if (radius <= LargestDirectRadius)
            return Correlate(image, FilterKernel.Box(size), border, parallelism);
        ImageBuffer result = Uninitialized(image);
        BoxSums.Run(image.Channels, image.Height, image.Width, radius, border, new MeanClient(image.Array, result.Array, image.Width, size), parallelism);
        return result;
    }

    internal static void CheckRadius(int radius)
    {
        if (radius is < 0 or > MaxRadius)
            throw new ArgumentOutOfRangeException(nameof(radius), radius, $"Expected 0..{MaxRadius}.");
    }

    private readonly struct MeanClient(float[] source, float[] destination, int width, int size) : IBoxClient
    {
        public int Features => 1;

        public void Load(int row, Span<double> features) =>
            TensorPrimitives.ConvertTruncating<float, double>(source.AsSpan(row * width, width), features);

        public void Store(int row, ReadOnlySpan<double> sums)
        {
            Span<float> target = destination.AsSpan(row * width, width);
            double scale = 1.0 / ((double)size * size);
            for (int x = 0; x < width; x++)
                target[x] = (float)(sums[x] * scale);
        }
    }
}
