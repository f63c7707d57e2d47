using Gir.Imaging;

namespace Gir.Reports.Failures;

/// <summary>Where an image fails, drawn over it: one color, the stronger the more.</summary>
internal static class FailureMap
{
    private const int Block = 16;
    private const float Strongest = 0.85f;

    /// <summary>The picture.</summary>
    /// <param name="image">The image, gray or RGB.</param>
    /// <param name="map">A sample for each block of 16 x 16 pixels, 0..1.</param>
    /// <param name="missing">Blue for what is missing, else orange for what was added.</param>
    public static ImageBuffer Draw(ImageBuffer image, ImageBuffer map, bool missing)
    {
        ReadOnlySpan<float> color = missing ? [0.11f, 0.37f, 0.9f] : [0.95f, 0.45f, 0.05f];
        var picture = new ImageBuffer(3, image.Height, image.Width);
        for (int y = 0; y < image.Height; y++)
        {
            for (int x = 0; x < image.Width; x++)
            {
                float gray = image.Channels == 1 ? image[0, y, x] : (0.299f * image[0, y, x]) + (0.587f * image[1, y, x]) + (0.114f * image[2, y, x]);
                float share = Strongest * Math.Clamp(map[0, y / Block, x / Block], 0, 1);
                for (int c = 0; c < 3; c++)
                    picture[c, y, x] = gray + (share * (color[c] - gray));
            }
        }

        return picture;
    }
}
