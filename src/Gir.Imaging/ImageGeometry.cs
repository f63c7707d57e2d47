using Gir.Imaging.Kernels;

namespace Gir.Imaging;

/// <summary>Cutting, padding, mirroring and turning; every method returns a new image and moves samples unchanged.</summary>
public static class ImageGeometry
{
    private const int Tile = 16;

    /// <summary>The rectangle of height x width samples whose first row is y and first column x.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The rectangle is empty or leaves the image.</exception>
    public static ImageBuffer Crop(this ImageBuffer image, int y, int x, int height, int width)
    {
        ArgumentNullException.ThrowIfNull(image);
        CheckSpan(y, height, image.Height, nameof(y), nameof(height));
        CheckSpan(x, width, image.Width, nameof(x), nameof(width));
        ImageBuffer result = ImageConversion.Uninitialized(image.Channels, height, width);
        for (int c = 0; c < image.Channels; c++)
        {
            for (int row = 0; row < height; row++)
                image.Row(c, y + row).Slice(x, width).CopyTo(result.Row(c, row));
        }

        return result;
    }

    /// <summary>The largest top left part whose height and width are multiples of a number.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="multiple"/> is below 1 or above the height or the width.</exception>
    public static ImageBuffer CropToMultiple(this ImageBuffer image, int multiple)
    {
        ArgumentNullException.ThrowIfNull(image);
        if (multiple < 1 || multiple > Math.Min(image.Height, image.Width))
            throw new ArgumentOutOfRangeException(nameof(multiple), multiple, $"Expected 1..{Math.Min(image.Height, image.Width)} for an image of {image}.");
        return image.Crop(0, 0, image.Height - (image.Height % multiple), image.Width - (image.Width % multiple));
    }

    /// <summary>Adds rows and columns around the image; rows first, then columns of the padded rows (as NumPy pad).</summary>
    /// <param name="image">The image.</param>
    /// <param name="top">Rows above, at least 0; reflections go on past the far edge where padding exceeds the image.</param>
    /// <param name="bottom">Rows below, at least 0.</param>
    /// <param name="left">Columns to the left, at least 0.</param>
    /// <param name="right">Columns to the right, at least 0.</param>
    /// <param name="mode">What the new samples are.</param>
    /// <exception cref="ArgumentOutOfRangeException">A width is negative, the mode is unknown, or the result is too large.</exception>
    public static ImageBuffer Pad(this ImageBuffer image, int top, int bottom, int left, int right, PadMode mode)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentOutOfRangeException.ThrowIfNegative(top);
        ArgumentOutOfRangeException.ThrowIfNegative(bottom);
        ArgumentOutOfRangeException.ThrowIfNegative(left);
        ArgumentOutOfRangeException.ThrowIfNegative(right);
        if (!Enum.IsDefined(mode))
            throw new ArgumentOutOfRangeException(nameof(mode), mode, "Expected a member of PadMode.");
        long height = (long)top + image.Height + bottom;
        long width = (long)left + image.Width + right;
        if (height * width > System.Array.MaxLength / image.Channels)
            throw new ArgumentOutOfRangeException(nameof(top), $"{image.Channels} x {height} x {width} is more than one image can hold.");

        var result = new ImageBuffer(image.Channels, (int)height, (int)width);
        for (int c = 0; c < image.Channels; c++)
        {
            for (int y = 0; y < height; y++)
                PadRow(image, result.Row(c, y).Slice(left, image.Width), c, y - top, top, bottom, mode);
            for (int y = 0; y < height; y++)
                PadEnds(result.Row(c, y), left, right, mode);
        }

        return result;
    }

    /// <summary>Mirrors left and right.</summary>
    public static ImageBuffer FlipHorizontal(this ImageBuffer image)
    {
        ArgumentNullException.ThrowIfNull(image);
        ImageBuffer result = ImageConversion.Uninitialized(image.Channels, image.Height, image.Width);
        for (int row = 0; row < image.Channels * image.Height; row++)
        {
            Span<float> target = result.Samples.Slice(row * image.Width, image.Width);
            image.Samples.Slice(row * image.Width, image.Width).CopyTo(target);
            target.Reverse();
        }

        return result;
    }

    /// <summary>Mirrors top and bottom.</summary>
    public static ImageBuffer FlipVertical(this ImageBuffer image)
    {
        ArgumentNullException.ThrowIfNull(image);
        ImageBuffer result = ImageConversion.Uninitialized(image.Channels, image.Height, image.Width);
        for (int c = 0; c < image.Channels; c++)
        {
            for (int y = 0; y < image.Height; y++)
                image.Row(c, y).CopyTo(result.Row(c, image.Height - 1 - y));
        }

        return result;
    }

    /// <summary>Swaps rows and columns: sample (y, x) goes to (x, y).</summary>
    public static ImageBuffer Transpose(this ImageBuffer image)
    {
        ArgumentNullException.ThrowIfNull(image);
        (int height, int width) = (image.Height, image.Width);
        ImageBuffer result = ImageConversion.Uninitialized(image.Channels, width, height);
        for (int c = 0; c < image.Channels; c++)
        {
            ReadOnlySpan<float> source = image.Plane(c);
            Span<float> target = result.Plane(c);
            // A tile is a cache line wide both ways: no line is written twice, and rows a power of two apart do not evict one another.
            for (int y0 = 0; y0 < height; y0 += Tile)
            {
                for (int x0 = 0; x0 < width; x0 += Tile)
                {
                    TransposeTile.Run(
                        source[((y0 * width) + x0)..], width, target[((x0 * height) + y0)..], height, Math.Min(Tile, height - y0), Math.Min(Tile, width - x0));
                }
            }
        }

        return result;
    }

    /// <summary>Turns a quarter counter-clockwise (NumPy rot90): the right column becomes the first row.</summary>
    public static ImageBuffer Rotate90(this ImageBuffer image)
    {
        ImageBuffer transposed = image.Transpose();
        ImageBuffer result = transposed.FlipVertical();
        ImagePool.Return(transposed);
        return result;
    }

    /// <summary>Turns by half.</summary>
    public static ImageBuffer Rotate180(this ImageBuffer image)
    {
        ArgumentNullException.ThrowIfNull(image);
        ImageBuffer result = ImageConversion.Uninitialized(image.Channels, image.Height, image.Width);
        for (int c = 0; c < image.Channels; c++)
        {
            for (int y = 0; y < image.Height; y++)
            {
                Span<float> target = result.Row(c, image.Height - 1 - y);
                image.Row(c, y).CopyTo(target);
                target.Reverse();
            }
        }

        return result;
    }

    /// <summary>Turns three quarters counter-clockwise, one clockwise: the left column, read upwards, becomes the first row.</summary>
    public static ImageBuffer Rotate270(this ImageBuffer image)
    {
        ImageBuffer result = image.Transpose();
        for (int row = 0; row < result.Channels * result.Height; row++)
            result.Samples.Slice(row * result.Width, result.Width).Reverse();
        return result;
    }

    private static void PadRow(ImageBuffer image, Span<float> target, int channel, int y, int top, int bottom, PadMode mode)
    {
        if (y >= 0 && y < image.Height)
        {
            image.Row(channel, y).CopyTo(target);
        }
        else if (mode == PadMode.LinearRamp)
        {
            ReadOnlySpan<float> edge = image.Row(channel, y < 0 ? 0 : image.Height - 1);
            (int step, int count) = y < 0 ? (y + top, top) : (image.Height + bottom - 1 - y, bottom);
            for (int x = 0; x < target.Length; x++)
                target[x] = step * (edge[x] / count);
        }
        else if (mode != PadMode.Zero)
        {
            image.Row(channel, BorderIndex.Map(y, image.Height, mode)).CopyTo(target);
        }
    }

    private static void PadEnds(Span<float> row, int left, int right, PadMode mode)
    {
        if (mode == PadMode.Zero)
            return;
        int width = row.Length - left - right;
        ReadOnlySpan<float> inner = row.Slice(left, width);
        for (int i = 0; i < left; i++)
            row[i] = mode == PadMode.LinearRamp ? i * (inner[0] / left) : inner[BorderIndex.Map(i - left, width, mode)];
        for (int i = 0; i < right; i++)
        {
            row[left + width + i] = mode == PadMode.LinearRamp
                ? (right - 1 - i) * (inner[width - 1] / right)
                : inner[BorderIndex.Map(width + i, width, mode)];
        }
    }

    private static void CheckSpan(int start, int count, int length, string startName, string countName)
    {
        if (start < 0 || start >= length)
            throw new ArgumentOutOfRangeException(startName, start, $"Expected 0..{length - 1}.");
        if (count < 1 || count > length - start)
            throw new ArgumentOutOfRangeException(countName, count, $"Expected 1..{length - start} from {start} on, of {length}.");
    }
}
