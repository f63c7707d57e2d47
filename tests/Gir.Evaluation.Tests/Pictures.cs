using Gir.Imaging;
using Gir.Imaging.Random;

namespace Gir.Evaluation.Tests;

/// <summary>Small images.</summary>
internal static class Pictures
{
    /// <summary>A smooth gradient with a little texture, 3 channels.</summary>
    public static ImageBuffer Gradient(int height, int width, ulong seed = 0)
    {
        var image = new ImageBuffer(3, height, width);
        Philox4x32.FillUniform(image.Samples, seed);
        for (int c = 0; c < 3; c++)
        {
            for (int y = 0; y < height; y++)
            {
                for (int x = 0; x < width; x++)
                    image[c, y, x] = 0.2f + (0.5f * (x + y + c) / (height + width)) + (0.1f * image[c, y, x]);
            }
        }

        return image;
    }

    public static BenchmarkImage[] Set(int count, int height = 16, int width = 20) =>
        [.. Enumerable.Range(1, count).Select(i => BenchmarkImage.FromBuffer($"image{i}", Gradient(height, width, (ulong)i)))];
}
