using System.Buffers;
using Gir.Imaging.Kernels;

namespace Gir.Imaging.Filtering;

/// <content>The median over a square.</content>
public static partial class ImageFilter
{
    /// <summary>The median of the size x size samples around each sample, per channel.</summary>
    /// <param name="image">The image; samples are numbers (for NaN the result is unspecified).</param>
    /// <param name="size">3 or 5.</param>
    /// <param name="border">What lies beyond the edge; default Replicate, as in OpenCV.</param>
    /// <param name="parallelism">Threads; the result does not depend on them.</param>
    /// <returns>A new image of the same shape.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The size is neither 3 nor 5.</exception>
    /// <exception cref="ArgumentException">The image is too small for a reflected border.</exception>
    public static ImageBuffer Median(ImageBuffer image, int size, PadMode border = PadMode.Replicate, Parallelism parallelism = default)
    {
        ArgumentNullException.ThrowIfNull(image);
        if (size is not (3 or 5))
            throw new ArgumentOutOfRangeException(nameof(size), size, "Expected 3 or 5.");
        Border.Check(image.Height, image.Width, size, size, border);
        ImageBuffer result = Uninitialized(image);
        parallelism.For(image.Channels * image.Height, 16, new MedianBody(image, result, size, border));
        return result;
    }

    private readonly unsafe struct MedianBody(ImageBuffer image, ImageBuffer result, int size, PadMode border) : IRangeBody
    {
        public void Invoke(int start, int end)
        {
            int width = image.Width;
            int extended = width + size - 1;
            float[] scratch = ArrayPool<float>.Shared.Rent(size * extended);
            float** rows = stackalloc float*[size];
            fixed (float* buffer = scratch, target = result.Array)
            {
                int loaded = int.MinValue;
                for (int y = start; y < end; y++)
                {
                    // Row i, counted over all planes, lies in slot i modulo the size; a new plane loads all of its rows.
                    int inPlane = y % image.Height;
                    if (inPlane == 0 || loaded < y)
                        loaded = y - (size / 2) - 1;
                    for (; loaded < y + (size / 2); loaded++)
                        LoadRow(y - inPlane, loaded + 1, Slot(buffer, loaded + 1, extended));
                    for (int i = 0; i < size; i++)
                        rows[i] = Slot(buffer, y - (size / 2) + i, extended);
                    if (size == 3)
                        MedianRows.Median<MedianRows3>(rows, target + ((nint)y * width), width);
                    else
                        MedianRows.Median<MedianRows5>(rows, target + ((nint)y * width), width);
                }
            }

            ArrayPool<float>.Shared.Return(scratch);
        }

        private float* Slot(float* buffer, int row, int extended) => buffer + ((row + size) % size * (nint)extended);

        private void LoadRow(int planeStart, int row, float* destination)
        {
            int reach = size / 2;
            int width = image.Width;
            var target = new Span<float>(destination, width + (2 * reach));
            int source = Border.Source(row - planeStart, image.Height, border);
            if (source < 0)
            {
                target.Clear();
                return;
            }

            image.Array.AsSpan((planeStart + source) * width, width).CopyTo(target[reach..]);
            float factor = (float)Border.Factor(row - planeStart, image.Height, reach, reach, border);
            for (int x = 0; x < width && factor != 1; x++)
                target[reach + x] *= factor;
            Border.Extend(target, reach, width, reach, border);
        }
    }
}
