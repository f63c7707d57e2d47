using Gir.Imaging.Kernels;

namespace Gir.Imaging.Color;

/// <summary>Gray, RGB and BT.601 Y'CbCr. All samples are levels divided by 255; nothing is rounded or clamped.</summary>
public static class ColorConversion
{
    // A stretch of the three planes that stays in the first-level cache while the rows of a matrix are applied to it.
    private const int Stretch = 1024;
    private const int Grain = 16;

    private static readonly MatrixRow GrayRow = new(0.299f, 0.587f, 0.114f, 0f);

    /// <summary>Gray: 0.299 R + 0.587 G + 0.114 B (BT.601, full range); alpha is dropped, gray stays as it is.</summary>
    /// <param name="image">1 (gray), 2 (gray, alpha), 3 (RGB) or 4 (RGB, alpha) channels.</param>
    /// <param name="parallelism">Threads; the result does not depend on it.</param>
    /// <returns>A new image of one channel.</returns>
    /// <exception cref="ArgumentException">The image has more than 4 channels.</exception>
    public static ImageBuffer ToGray(this ImageBuffer image, Parallelism parallelism = default) => Luma(image, GrayRow, isLimited: false, parallelism);

    /// <summary>Luma of limited range, (65.481 R + 128.553 G + 24.966 B + 16) / 255, unrounded: black is 16/255, white 235/255.</summary>
    /// <param name="image">1 (gray, taken as R = G = B), 2 (gray, alpha), 3 (RGB) or 4 (RGB, alpha) channels; alpha is dropped.</param>
    /// <param name="parallelism">Threads; the result does not depend on it.</param>
    /// <returns>A new image of one channel.</returns>
    /// <exception cref="ArgumentException">The image has more than 4 channels.</exception>
    public static ImageBuffer ToBt601Luma(this ImageBuffer image, Parallelism parallelism = default) =>
        Luma(image, YCbCrMatrix.Limited.Forward[0], isLimited: true, parallelism);

    /// <summary>RGB to Y'CbCr.</summary>
    /// <param name="image">Three channels.</param>
    /// <param name="range">Levels of the result.</param>
    /// <param name="parallelism">Threads; the result does not depend on it.</param>
    /// <returns>A new image with the planes Y, Cb, Cr; neutral chroma is 128/255.</returns>
    /// <exception cref="ArgumentException">The image does not have three channels.</exception>
    public static ImageBuffer ToYCbCr(this ImageBuffer image, YCbCrRange range = YCbCrRange.Full, Parallelism parallelism = default) =>
        Transform(image, YCbCrMatrix.Of(range).Forward, parallelism);

    /// <summary>Y'CbCr to RGB, the exact inverse of <see cref="ToYCbCr"/> up to rounding.</summary>
    /// <param name="image">Three channels Y, Cb, Cr.</param>
    /// <param name="range">Levels of the input.</param>
    /// <param name="parallelism">Threads; the result does not depend on it.</param>
    /// <returns>A new RGB image, not clamped.</returns>
    /// <exception cref="ArgumentException">The image does not have three channels.</exception>
    public static ImageBuffer FromYCbCr(this ImageBuffer image, YCbCrRange range = YCbCrRange.Full, Parallelism parallelism = default) =>
        Transform(image, YCbCrMatrix.Of(range).Inverse, parallelism);

    /// <summary>Repeats gray as red, green and blue; an alpha plane is kept behind them.</summary>
    /// <param name="image">1 (gray) or 2 (gray, alpha) channels.</param>
    /// <returns>A new image of 3 or 4 channels.</returns>
    /// <exception cref="ArgumentException">The image has more than 2 channels.</exception>
    public static ImageBuffer GrayToRgb(this ImageBuffer image)
    {
        ArgumentNullException.ThrowIfNull(image);
        if (image.Channels > 2)
            throw new ArgumentException($"Expected gray (1 channel) or gray and alpha (2), but the image is {image}.", nameof(image));
        ImageBuffer result = ImageConversion.Uninitialized(image.Channels + 2, image.Height, image.Width);
        for (int c = 0; c < result.Channels; c++)
            image.Plane(c < 3 ? 0 : 1).CopyTo(result.Plane(c));
        return result;
    }

    /// <summary>Three channels of any picture: gray is repeated, alpha is dropped, RGB is copied.</summary>
    /// <param name="image">1 (gray), 2 (gray, alpha), 3 (RGB) or 4 (RGB, alpha) channels.</param>
    /// <returns>A new image of 3 channels.</returns>
    /// <exception cref="ArgumentException">The image has more than 4 channels.</exception>
    public static ImageBuffer ToRgb(this ImageBuffer image)
    {
        CheckPicture(image);
        ImageBuffer result = ImageConversion.Uninitialized(3, image.Height, image.Width);
        for (int c = 0; c < 3; c++)
            image.Plane(image.Channels < 3 ? 0 : c).CopyTo(result.Plane(c));
        return result;
    }

    private static ImageBuffer Luma(ImageBuffer image, MatrixRow row, bool isLimited, Parallelism parallelism)
    {
        CheckPicture(image);
        ImageBuffer result = ImageConversion.Uninitialized(1, image.Height, image.Width);
        if (image.Channels < 3 && !isLimited)
            image.Plane(0).CopyTo(result.Samples);
        else
            parallelism.For(image.Height, Grain, new MatrixBody(image, result, [row]));
        return result;
    }

    private static ImageBuffer Transform(ImageBuffer image, MatrixRow[] rows, Parallelism parallelism)
    {
        ArgumentNullException.ThrowIfNull(image);
        if (image.Channels != 3)
            throw new ArgumentException($"Expected 3 channels, but the image is {image}.", nameof(image));
        ImageBuffer result = ImageConversion.Uninitialized(3, image.Height, image.Width);
        parallelism.For(image.Height, Grain, new MatrixBody(image, result, rows));
        return result;
    }

    private static void CheckPicture(ImageBuffer image)
    {
        ArgumentNullException.ThrowIfNull(image);
        if (image.Channels > 4)
            throw new ArgumentException($"Expected 1 to 4 channels (gray, gray and alpha, RGB, RGB and alpha), but the image is {image}.", nameof(image));
    }

    private readonly struct MatrixBody(ImageBuffer source, ImageBuffer destination, MatrixRow[] rows) : IRangeBody
    {
        public void Invoke(int start, int end)
        {
            int last = end * source.Width;
            int second = source.Channels < 3 ? 0 : 1;
            for (int at = start * source.Width; at < last; at += Stretch)
            {
                int count = Math.Min(Stretch, last - at);
                ReadOnlySpan<float> x = source.Plane(0).Slice(at, count);
                ReadOnlySpan<float> y = source.Plane(second).Slice(at, count);
                ReadOnlySpan<float> z = source.Plane(2 * second).Slice(at, count);
                for (int c = 0; c < rows.Length; c++)
                    WeightedSum.Run(x, y, z, rows[c], destination.Plane(c).Slice(at, count));
            }
        }
    }
}
