using Gir.Imaging;
using Gir.Imaging.Codecs;

namespace Gir.Cli.Shell;

/// <summary>An image as commands work on it: color and alpha apart, with what its file says.</summary>
/// <remarks>
/// What degrades or restores sees <see cref="Visible"/>, in which visible colors go on behind transparent pixels: no black that nobody sees darkens an edge.
/// Alpha is handed on, and so are the colors that it hides.
/// </remarks>
/// <param name="Color">1 or 3 channels.</param>
/// <param name="Alpha">1 channel, or null where the file has none.</param>
/// <param name="Info">What the file says.</param>
internal sealed record Picture(ImageBuffer Color, ImageBuffer? Alpha, ImageFileInfo Info)
{
    /// <summary>Takes color and alpha apart.</summary>
    public static Picture Of(ImageBuffer image, ImageFileInfo info)
    {
        (ImageBuffer color, ImageBuffer? alpha) = image.SplitAlpha();
        return new Picture(color, alpha, info);
    }

    /// <summary>The colors to work on, continued where alpha is 0.</summary>
    public ImageBuffer Visible { get; } = Alpha is null ? Color : Color.WithAlpha(Alpha).ContinueBehindAlpha().WithoutAlpha();

    /// <summary>
    /// A result with this picture's alpha: each sample repeated where the result is larger, cropped where the result was. Where alpha is 0, colors are this picture's own.
    /// </summary>
    public ImageBuffer WithAlpha(ImageBuffer color, int scale = 1)
    {
        if (Alpha is null)
            return color;
        ImageBuffer own = Enlarge(Color.WithAlpha(Alpha), scale);
        own = own.Height == color.Height && own.Width == color.Width ? own : own.Crop(0, 0, color.Height, color.Width);
        if (own.Channels != color.Channels + 1)
            return color.WithAlpha(own.SplitAlpha().Alpha);
        ReadOnlySpan<float> alpha = own.Plane(color.Channels);
        for (int c = 0; c < color.Channels; c++)
        {
            ReadOnlySpan<float> made = color.Plane(c);
            Span<float> plane = own.Plane(c);
            for (int i = 0; i < made.Length; i++)
                plane[i] = alpha[i] == 0 ? plane[i] : made[i];
        }

        return own;
    }

    private static ImageBuffer Enlarge(ImageBuffer image, int scale)
    {
        if (scale == 1)
            return image;
        var large = new ImageBuffer(image.Channels, image.Height * scale, image.Width * scale);
        for (int c = 0; c < image.Channels; c++)
        {
            for (int y = 0; y < large.Height; y++)
            {
                ReadOnlySpan<float> source = image.Row(c, y / scale);
                Span<float> target = large.Row(c, y);
                for (int x = 0; x < target.Length; x++)
                    target[x] = source[x / scale];
            }
        }

        return large;
    }
}
