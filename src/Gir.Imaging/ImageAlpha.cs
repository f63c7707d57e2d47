using Gir.Imaging.Filtering;

namespace Gir.Imaging;

/// <summary>The alpha channel: apart from color, together with it, and multiplied into it.</summary>
/// <remarks>
/// Files store color and alpha side by side ("straight"). Where an operation mixes pixels (blur, resize, restoration), the color of transparent pixels,
/// which nobody sees, must not bleed into visible ones. A linear filter takes <see cref="Premultiplied"/> images: multiply alpha in before, and divide it out
/// after. What is not linear (weather, compression, a network) takes visible colors that go on where nothing is seen: <see cref="ContinueBehindAlpha"/>.
/// </remarks>
public static class ImageAlpha
{
    /// <summary>Whether the last channel is alpha: 2 channels (gray and alpha) or 4 (RGB and alpha).</summary>
    public static bool HasAlpha(this ImageBuffer image)
    {
        ArgumentNullException.ThrowIfNull(image);
        return image.Channels is 2 or 4;
    }

    /// <summary>Color and alpha apart.</summary>
    /// <returns>Copies; the image itself and null where there is no alpha.</returns>
    public static (ImageBuffer Color, ImageBuffer? Alpha) SplitAlpha(this ImageBuffer image)
    {
        if (!image.HasAlpha())
            return (image, null);
        int colors = image.Channels - 1;
        return (
            new ImageBuffer(colors, image.Height, image.Width, image.Samples[..(colors * image.PlaneLength)].ToArray()),
            new ImageBuffer(1, image.Height, image.Width, image.Plane(colors).ToArray()));
    }

    /// <summary>The color channels alone; the image itself where there is no alpha.</summary>
    public static ImageBuffer WithoutAlpha(this ImageBuffer image) => image.SplitAlpha().Color;

    /// <summary>Color and alpha in one image.</summary>
    /// <param name="color">1 channel (gray) or 3 (RGB).</param>
    /// <param name="alpha">1 channel of the same height and width; null gives the color itself.</param>
    /// <exception cref="ArgumentException">The channels or sizes do not fit.</exception>
    public static ImageBuffer WithAlpha(this ImageBuffer color, ImageBuffer? alpha)
    {
        ArgumentNullException.ThrowIfNull(color);
        if (alpha is null)
            return color;
        if (color.Channels is not (1 or 3))
            throw new ArgumentException($"Alpha joins 1 (gray) or 3 (RGB) channels, but the image is {color}.", nameof(color));
        if (alpha.Channels != 1 || alpha.Height != color.Height || alpha.Width != color.Width)
            throw new ArgumentException($"Alpha is {alpha}; expected 1 x {color.Height} x {color.Width}.", nameof(alpha));
        return new ImageBuffer(color.Channels + 1, color.Height, color.Width, [.. color.Samples, .. alpha.Samples]);
    }

    /// <summary>A copy whose colors are multiplied by alpha; the image itself where there is no alpha.</summary>
    public static ImageBuffer Premultiplied(this ImageBuffer image) => Map(image, static (color, alpha) => color * alpha);

    /// <summary>A copy whose colors are divided by alpha, black where alpha is not above 0; the image itself where there is no alpha.</summary>
    public static ImageBuffer Unpremultiplied(this ImageBuffer image) => Map(image, static (color, alpha) => alpha > 0 ? color / alpha : 0);

    /// <summary>
    /// A copy in which the visible colors go on where alpha is 0; the image itself where there is no alpha, where all is visible, or nothing is.
    /// </summary>
    /// <remarks>
    /// An invisible pixel takes the mean, weighted by alpha, of the smallest square of 2, 4, 8, ... pixels around it in which anything is visible, blended with
    /// the neighboring squares' (pull-push interpolation: Gortler, Grzeszczuk, Szeliski and Cohen, "The Lumigraph", SIGGRAPH 1996). Visible pixels and alpha
    /// stay as they are.
    /// </remarks>
    public static ImageBuffer ContinueBehindAlpha(this ImageBuffer image)
    {
        if (!image.HasAlpha())
            return image;
        int colors = image.Channels - 1;
        float[] weights = image.Plane(colors).ToArray();
        foreach (ref float weight in weights.AsSpan())
            weight = weight > 0 ? Math.Min(weight, 1) : 0;
        if (!weights.Contains(0) || weights.AsSpan().IndexOfAnyExcept(0) < 0)
            return image;
        ImageBuffer result = image.Clone();
        for (int c = 0; c < colors; c++)
            PullPush.Fill(result.Plane(c), weights, image.Height, image.Width);
        return result;
    }

    private static ImageBuffer Map(ImageBuffer image, Func<float, float, float> combine)
    {
        if (!image.HasAlpha())
            return image;
        ImageBuffer result = image.Clone();
        ReadOnlySpan<float> alpha = image.Plane(image.Channels - 1);
        for (int c = 0; c < image.Channels - 1; c++)
        {
            Span<float> plane = result.Plane(c);
            for (int i = 0; i < plane.Length; i++)
                plane[i] = combine(plane[i], alpha[i]);
        }

        return result;
    }
}
