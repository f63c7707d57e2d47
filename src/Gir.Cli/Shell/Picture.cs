using Gir.Imaging;
using Gir.Imaging.Codecs;

namespace Gir.Cli.Shell;

/// <summary>An image as commands work on it: color and alpha apart, with what its file says.</summary>
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

    /// <summary>A result with this picture's alpha: each sample repeated where the result is larger, cropped where the result was.</summary>
    public ImageBuffer WithAlpha(ImageBuffer color, int scale = 1)
    {
        if (Alpha is null)
            return color;
        ImageBuffer alpha = Enlarge(Alpha, scale);
        ImageBuffer fitting = alpha.Height == color.Height && alpha.Width == color.Width ? alpha : alpha.Crop(0, 0, color.Height, color.Width);
        return color.WithAlpha(fitting);
    }

    private static ImageBuffer Enlarge(ImageBuffer alpha, int scale)
    {
        if (scale == 1)
            return alpha;
        var large = new ImageBuffer(1, alpha.Height * scale, alpha.Width * scale);
        for (int y = 0; y < large.Height; y++)
        {
            ReadOnlySpan<float> source = alpha.Row(0, y / scale);
            Span<float> target = large.Row(0, y);
            for (int x = 0; x < target.Length; x++)
                target[x] = source[x / scale];
        }

        return large;
    }
}
