using Gir.Imaging;
using Gir.Imaging.Random;

namespace Gir.Degradations.Tests;

/// <summary>Images of the tests' own.</summary>
internal static class Patches
{
    /// <summary>Uniform noise in [0, 1).</summary>
    public static ImageBuffer Random(int channels, int height, int width, ulong seed)
    {
        var image = new ImageBuffer(channels, height, width);
        Philox4x32.FillUniform(image.Samples, seed);
        return image;
    }

    /// <summary>All samples alike.</summary>
    public static ImageBuffer Flat(int channels, int height, int width, float level)
    {
        var image = new ImageBuffer(channels, height, width);
        image.Samples.Fill(level);
        return image;
    }
}
