using Gir.Imaging.Kernels;

namespace Gir.Imaging;

/// <summary>Between planar float images and interleaved integer pixels (H x W x C, channels in the order red, green, blue, alpha).</summary>
public static class ImageConversion
{
    /// <summary>An image of 8-bit pixels: level v becomes v / 255f.</summary>
    /// <param name="pixels">Exactly channels * height * width levels, interleaved.</param>
    /// <param name="channels">Number of channels, at least 1.</param>
    /// <param name="height">Rows, at least 1.</param>
    /// <param name="width">Columns, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is below 1.</exception>
    /// <exception cref="ArgumentException"><paramref name="pixels"/> has another length than the shape asks for.</exception>
    public static ImageBuffer FromInterleaved(ReadOnlySpan<byte> pixels, int channels, int height, int width)
    {
        ImageBuffer image = Uninitialized(channels, height, width);
        CheckLength(pixels.Length, image, nameof(pixels));
        DeinterleaveBytes.Run(pixels, channels, image.Samples, image.PlaneLength);
        return image;
    }

    /// <summary>An image of 16-bit pixels: level v becomes v / 65535f.</summary>
    /// <param name="pixels">Exactly channels * height * width levels, interleaved.</param>
    /// <param name="channels">Number of channels, at least 1.</param>
    /// <param name="height">Rows, at least 1.</param>
    /// <param name="width">Columns, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is below 1.</exception>
    /// <exception cref="ArgumentException"><paramref name="pixels"/> has another length than the shape asks for.</exception>
    public static ImageBuffer FromInterleaved16(ReadOnlySpan<ushort> pixels, int channels, int height, int width)
    {
        ImageBuffer image = Uninitialized(channels, height, width);
        CheckLength(pixels.Length, image, nameof(pixels));
        DeinterleaveUInt16.Run(pixels, channels, image.Samples, image.PlaneLength);
        return image;
    }

    /// <summary>Writes 8-bit levels, clamp(round-half-even(255 v)), interleaved; NaN gives 0.</summary>
    /// <param name="image">The image, unchanged.</param>
    /// <param name="pixels">Receives exactly Channels * Height * Width levels.</param>
    /// <exception cref="ArgumentException"><paramref name="pixels"/> has another length.</exception>
    public static void ToInterleaved(this ImageBuffer image, Span<byte> pixels)
    {
        ArgumentNullException.ThrowIfNull(image);
        CheckLength(pixels.Length, image, nameof(pixels));
        InterleaveBytes.Run(image.Samples, image.PlaneLength, image.Channels, pixels);
    }

    /// <summary>8-bit levels, clamp(round-half-even(255 v)), interleaved H x W x C; NaN gives 0.</summary>
    public static byte[] ToInterleaved(this ImageBuffer image)
    {
        ArgumentNullException.ThrowIfNull(image);
        byte[] pixels = GC.AllocateUninitializedArray<byte>(image.Samples.Length);
        image.ToInterleaved(pixels);
        return pixels;
    }

    /// <summary>Writes 16-bit levels, clamp(round-half-even(65535 v)), interleaved; NaN gives 0.</summary>
    /// <param name="image">The image, unchanged.</param>
    /// <param name="pixels">Receives exactly Channels * Height * Width levels.</param>
    /// <exception cref="ArgumentException"><paramref name="pixels"/> has another length.</exception>
    public static void ToInterleaved16(this ImageBuffer image, Span<ushort> pixels)
    {
        ArgumentNullException.ThrowIfNull(image);
        CheckLength(pixels.Length, image, nameof(pixels));
        InterleaveUInt16.RunScalar(image.Samples, image.PlaneLength, image.Channels, pixels);
    }

    /// <summary>16-bit levels, clamp(round-half-even(65535 v)), interleaved H x W x C; NaN gives 0.</summary>
    public static ushort[] ToInterleaved16(this ImageBuffer image)
    {
        ArgumentNullException.ThrowIfNull(image);
        ushort[] pixels = GC.AllocateUninitializedArray<ushort>(image.Samples.Length);
        image.ToInterleaved16(pixels);
        return pixels;
    }

    /// <summary>An image of pixels as bitmaps of other libraries hold them: level v becomes v / 255f.</summary>
    /// <param name="pixels">The rows from the top, <paramref name="stride"/> bytes apart.</param>
    /// <param name="format">Order of the bytes of a pixel.</param>
    /// <param name="height">Rows, at least 1.</param>
    /// <param name="width">Columns, at least 1.</param>
    /// <param name="stride">Bytes from one row to the next, or 0 where rows follow one another without gaps.</param>
    /// <returns>1 channel, 3, or 4 where the format has alpha.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A size is below 1, the stride is shorter than a row, or the format is unknown.</exception>
    /// <exception cref="ArgumentException"><paramref name="pixels"/> is too short.</exception>
    public static ImageBuffer FromPixels(ReadOnlySpan<byte> pixels, PixelFormat format, int height, int width, int stride = 0)
    {
        var layout = PixelLayout.Of(format);
        ImageBuffer image = Uninitialized(layout.Channels, height, width);
        layout.Read(pixels, layout.CheckStride(stride, height, width, pixels.Length), image);
        return image;
    }

    /// <summary>Writes pixels as bitmaps of other libraries hold them: clamp(round-half-even(255 v)), NaN gives 0.</summary>
    /// <param name="image">1 to 4 channels; gray becomes three equal colors, alpha is dropped where the format has none, and is 255 where the image has none.</param>
    /// <param name="format">Order of the bytes of a pixel.</param>
    /// <param name="pixels">Receives the rows from the top; bytes between rows stay as they are.</param>
    /// <param name="stride">Bytes from one row to the next, or 0 where rows follow one another without gaps.</param>
    /// <exception cref="ArgumentOutOfRangeException">The stride is shorter than a row, or the format is unknown.</exception>
    /// <exception cref="ArgumentException"><paramref name="pixels"/> is too short, the image has more than 4 channels, or colors are to become gray.</exception>
    public static void ToPixels(this ImageBuffer image, PixelFormat format, Span<byte> pixels, int stride = 0)
    {
        ArgumentNullException.ThrowIfNull(image);
        if (image.Channels > 4 || (image.Channels > 2 && format == PixelFormat.Gray8))
            throw new ArgumentException($"{format} pixels cannot be made of an image of {image}.", nameof(image));
        var layout = PixelLayout.Of(format);
        layout.Write(image, pixels, layout.CheckStride(stride, image.Height, image.Width, pixels.Length));
    }

    /// <summary>Pixels as bitmaps of other libraries hold them, rows from the top without gaps.</summary>
    /// <inheritdoc cref="ToPixels(ImageBuffer, PixelFormat, Span{byte}, int)"/>
    public static byte[] ToPixels(this ImageBuffer image, PixelFormat format)
    {
        ArgumentNullException.ThrowIfNull(image);
        byte[] pixels = GC.AllocateUninitializedArray<byte>(checked(PixelLayout.Of(format).Bytes * image.PlaneLength));
        image.ToPixels(format, pixels);
        return pixels;
    }

    /// <summary>Rounds in place to 8-bit levels: clamp(round-half-even(255 v)) / 255f; NaN gives 0.</summary>
    public static void Quantize(this ImageBuffer image)
    {
        ArgumentNullException.ThrowIfNull(image);
        QuantizeLevels.Run(image.Samples);
    }

    /// <summary>A copy rounded to 8-bit levels: clamp(round-half-even(255 v)) / 255f; NaN gives 0.</summary>
    public static ImageBuffer Quantized(this ImageBuffer image)
    {
        ArgumentNullException.ThrowIfNull(image);
        ImageBuffer copy = image.Clone();
        copy.Quantize();
        return copy;
    }

    /// <summary>A gray image as three equal planes; an image of other channels itself.</summary>
    internal static ImageBuffer GrayAsColor(this ImageBuffer image) =>
        image.Channels == 1 ? new(3, image.Height, image.Width, [.. image.Samples, .. image.Samples, .. image.Samples]) : image;

    /// <summary>An image whose samples will all be written; clearing them first would cost as much as the conversion.</summary>
    internal static ImageBuffer Uninitialized(int channels, int height, int width) => ImagePool.Rent(channels, height, width);

    private static void CheckLength(int length, ImageBuffer image, string name)
    {
        if (length != image.Samples.Length)
            throw new ArgumentException($"An image of {image} has {image.Samples.Length} samples, but room for {length} was given.", name);
    }
}
