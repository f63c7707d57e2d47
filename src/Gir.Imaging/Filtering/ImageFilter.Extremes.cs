using System.Buffers;
using System.Numerics.Tensors;

namespace Gir.Imaging.Filtering;

/// <content>The smallest and the largest sample of a square: erosion and dilation.</content>
public static partial class ImageFilter
{
    /// <summary>The smallest of the size x size samples around each sample, per channel (erosion); windows end at the image's edge.</summary>
    /// <param name="image">The image.</param>
    /// <param name="size">Odd size of the window, 1..<see cref="FilterKernel.MaxSize"/>.</param>
    /// <param name="parallelism">Threads; the result does not depend on them.</param>
    /// <returns>A new image of the same shape; NaN where the window holds one.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The size is even or out of range.</exception>
    public static ImageBuffer Minimum(ImageBuffer image, int size, Parallelism parallelism = default) =>
        Extreme(image, size, isMaximum: false, parallelism);

    /// <summary>The largest of the size x size samples around each sample, per channel (dilation); windows end at the image's edge.</summary>
    /// <param name="image">The image.</param>
    /// <param name="size">Odd size of the window, 1..<see cref="FilterKernel.MaxSize"/>.</param>
    /// <param name="parallelism">Threads; the result does not depend on them.</param>
    /// <returns>A new image of the same shape; NaN where the window holds one.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The size is even or out of range.</exception>
    public static ImageBuffer Maximum(ImageBuffer image, int size, Parallelism parallelism = default) =>
        Extreme(image, size, isMaximum: true, parallelism);

    private static ImageBuffer Extreme(ImageBuffer image, int size, bool isMaximum, Parallelism parallelism)
    {
        ArgumentNullException.ThrowIfNull(image);
        if (size is < 1 or > FilterKernel.MaxSize || size % 2 == 0)
            throw new ArgumentOutOfRangeException(nameof(size), size, $"Expected an odd size in 1..{FilterKernel.MaxSize}.");
        ImageBuffer result = Uninitialized(image);
        parallelism.For(image.Channels * image.Height, 16, new ExtremeBody(image, result, size / 2, isMaximum));
        return result;
    }

    private readonly struct ExtremeBody(ImageBuffer image, ImageBuffer result, int reach, bool isMaximum) : IRangeBody
    {
        public void Invoke(int start, int end)
        {
            int width = image.Width;
            float[] scratch = ArrayPool<float>.Shared.Rent(width);
            Span<float> column = scratch.AsSpan(0, width);
            for (int row = start; row < end; row++)
            {
                int planeStart = row / image.Height * image.Height;
                int last = Math.Min(planeStart + image.Height - 1, row + reach);
                Row(image, row).CopyTo(column);
                for (int y = Math.Max(planeStart, row - reach); y <= last; y++)
                    Combine(column, Row(image, y));
                Span<float> target = Row(result, row);
                column.CopyTo(target);
                for (int shift = 1; shift <= Math.Min(reach, width - 1); shift++)
                {
                    Combine(target[..^shift], column[shift..]);
                    Combine(target[shift..], column[..^shift]);
                }
            }

            ArrayPool<float>.Shared.Return(scratch);
        }

        private static Span<float> Row(ImageBuffer buffer, int row) => buffer.Array.AsSpan(row * buffer.Width, buffer.Width);

        private void Combine(Span<float> target, ReadOnlySpan<float> other)
        {
            if (isMaximum)
                TensorPrimitives.Max(target, other, target);
            else
                TensorPrimitives.Min(target, other, target);
        }
    }
}
