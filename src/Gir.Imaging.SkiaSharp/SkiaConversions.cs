using SkiaSharp;

namespace Gir.Imaging.SkiaSharp;

/// <summary>Gir's images as SkiaSharp's bitmaps and images, and back. Everything is copied; no color profile is applied.</summary>
public static class SkiaConversions
{
    /// <summary>A bitmap as an image: 1 channel of Gray8 and Alpha8, 3 of what is opaque, else 4, colors and alpha apart.</summary>
    /// <param name="bitmap">A bitmap of any color type; of more than 8 bits, all are kept.</param>
    /// <exception cref="ArgumentException">The bitmap is empty.</exception>
    public static ImageBuffer ToImageBuffer(this SKBitmap bitmap)
    {
        ArgumentNullException.ThrowIfNull(bitmap);
        using SKPixmap pixels = bitmap.PeekPixels() ?? throw new ArgumentException("The bitmap is empty.", nameof(bitmap));
        return Read(pixels.Info, pixels.ReadPixels);
    }

    /// <summary>An image of Skia's as one of ours, as <see cref="ToImageBuffer(SKBitmap)"/> does.</summary>
    /// <param name="image">An image in memory; one on a GPU is fetched.</param>
    /// <exception cref="ArgumentException">The image is empty, or cannot be read.</exception>
    public static ImageBuffer ToImageBuffer(this SKImage image)
    {
        ArgumentNullException.ThrowIfNull(image);
        return Read(image.Info, (info, address, stride) => image.ReadPixels(info, address, stride, 0, 0));
    }

    /// <summary>An image as a bitmap of its own.</summary>
    /// <param name="image">1 to 4 channels; gray becomes three equal colors where the color type has colors.</param>
    /// <param name="colorType">How pixels are stored; samples are clamped to [0, 1] and rounded as the type needs, but in the floating-point types. Default <see cref="SKColorType.Bgra8888"/>.</param>
    /// <param name="alphaType">
    /// Whether colors are multiplied by alpha (<see cref="SKAlphaType.Premul"/>, what Skia draws fastest) or apart from it (<see cref="SKAlphaType.Unpremul"/>). Default null:
    /// apart where the image has alpha, else opaque.
    /// </param>
    /// <exception cref="ArgumentException">The image has more than 4 channels, or the types cannot hold it.</exception>
    public static unsafe SKBitmap ToSKBitmap(this ImageBuffer image, SKColorType colorType = SKColorType.Bgra8888, SKAlphaType? alphaType = null)
    {
        ArgumentNullException.ThrowIfNull(image);
        if (image.Channels > 4)
            throw new ArgumentException($"A bitmap holds 1 to 4 channels, but the image is {image}.", nameof(image));
        if (colorType == SKColorType.Unknown)
            throw new ArgumentException($"Found {colorType}; expected a color type that stores pixels.", nameof(colorType));
        SKAlphaType alpha = alphaType ?? (image.HasAlpha() ? SKAlphaType.Unpremul : SKAlphaType.Opaque);
        SKAlphaType own = image.HasAlpha() ? SKAlphaType.Unpremul : SKAlphaType.Opaque;
        var bitmap = new SKBitmap();
        try
        {
            if (!bitmap.TryAllocPixels(new SKImageInfo(image.Width, image.Height, colorType, alpha)))
                throw new ArgumentException($"A bitmap of {image.Width} x {image.Height}, {colorType} and {alpha} cannot be made.", nameof(colorType));
            using SKPixmap target = bitmap.PeekPixels();
            bool isByte = colorType is SKColorType.Rgba8888 or SKColorType.Bgra8888 or SKColorType.Rgb888x or SKColorType.Gray8;
            bool done;
            if (isByte)
            {
                byte[] bytes = colorType == SKColorType.Gray8 && image.Channels < 3
                    ? image.ToPixels(PixelFormat.Gray8)
                    : image.ToPixels(PixelFormat.Rgba32);
                var info = new SKImageInfo(image.Width, image.Height, colorType == SKColorType.Gray8 && image.Channels < 3 ? SKColorType.Gray8 : SKColorType.Rgba8888, own);
                fixed (byte* start = bytes)
                    done = Copy(info, (nint)start, target);
            }
            else
            {
                float[] samples = Interleaved(image);
                var info = new SKImageInfo(image.Width, image.Height, SKColorType.RgbaF32, own);
                fixed (float* start = samples)
                    done = Copy(info, (nint)start, target);
            }

            return done ? bitmap : throw new ArgumentException($"Skia does not convert {image} to {colorType} and {alpha}.", nameof(colorType));
        }
        catch
        {
            bitmap.Dispose();
            throw;
        }
    }

    /// <summary>An image as one of Skia's, as <see cref="ToSKBitmap"/> makes it.</summary>
    /// <inheritdoc cref="ToSKBitmap"/>
    public static SKImage ToSKImage(this ImageBuffer image, SKColorType colorType = SKColorType.Bgra8888, SKAlphaType? alphaType = null)
    {
        using SKBitmap bitmap = image.ToSKBitmap(colorType, alphaType);
        bitmap.SetImmutable();
        return SKImage.FromBitmap(bitmap);
    }

    private static bool Copy(SKImageInfo info, nint address, SKPixmap target)
    {
        using var source = new SKPixmap(info, address, info.RowBytes);
        return source.ReadPixels(target.Info, target.GetPixels(), target.RowBytes);
    }

    private static unsafe ImageBuffer Read(SKImageInfo info, Func<SKImageInfo, nint, int, bool> read)
    {
        if (info.IsEmpty)
            throw new ArgumentException("The bitmap is empty.", nameof(info));
        (int height, int width) = (info.Height, info.Width);
        if (info.ColorType is SKColorType.Gray8 or SKColorType.Alpha8)
        {
            byte[] gray = new byte[(long)height * width];
            fixed (byte* start = gray)
                Check(read(new SKImageInfo(width, height, info.ColorType, info.AlphaType), (nint)start, width), info);
            return ImageConversion.FromPixels(gray, PixelFormat.Gray8, height, width);
        }

        ImageBuffer image;
        SKAlphaType alpha = info.AlphaType == SKAlphaType.Opaque ? SKAlphaType.Opaque : SKAlphaType.Unpremul;
        if (info.BytesPerPixel <= 4 && info.ColorType is not (SKColorType.Rgba1010102 or SKColorType.Rgb101010x or SKColorType.Bgra1010102 or SKColorType.Bgr101010x or SKColorType.Rg1616 or SKColorType.RgF16))
        {
            byte[] pixels = new byte[4L * height * width];
            fixed (byte* start = pixels)
                Check(read(new SKImageInfo(width, height, SKColorType.Rgba8888, alpha), (nint)start, 4 * width), info);
            image = ImageConversion.FromPixels(pixels, PixelFormat.Rgba32, height, width);
        }
        else
        {
            float[] samples = new float[4L * height * width];
            fixed (float* start = samples)
                Check(read(new SKImageInfo(width, height, SKColorType.RgbaF32, alpha), (nint)start, 16 * width), info);
            image = new ImageBuffer(4, height, width);
            for (int i = 0; i < samples.Length; i++)
                image.Array[((i & 3) * image.PlaneLength) + (i >> 2)] = samples[i];
        }

        return alpha == SKAlphaType.Opaque ? image.WithoutAlpha() : image;
    }

    private static float[] Interleaved(ImageBuffer image)
    {
        bool hasAlpha = image.HasAlpha();
        int colors = hasAlpha ? image.Channels - 1 : image.Channels;
        float[] samples = new float[4L * image.PlaneLength];
        for (int i = 0; i < samples.Length; i++)
        {
            int channel = i & 3;
            samples[i] = channel < 3
                ? image.Array[((colors == 1 ? 0 : channel) * image.PlaneLength) + (i >> 2)]
                : hasAlpha ? image.Array[(colors * image.PlaneLength) + (i >> 2)] : 1;
        }

        return samples;
    }

    private static void Check(bool isRead, SKImageInfo info)
    {
        if (!isRead)
            throw new ArgumentException($"Skia does not read the pixels of {info.Width} x {info.Height}, {info.ColorType} and {info.AlphaType}.", nameof(info));
    }
}
