using Gir.Imaging;

namespace Gir.Degradations.Tests;

/// <summary>Images for tests, and what every operator must satisfy.</summary>
internal static class TestImages
{
    public static ImageBuffer Random(int channels, int height, int width, ulong seed = 11) => Patches.Random(channels, height, width, seed);

    /// <summary>Depth that falls from 1 at the top to 1 / height at the bottom.</summary>
    public static ImageBuffer Depth(int height, int width)
    {
        var depth = new ImageBuffer(1, height, width);
        for (int y = 0; y < height; y++)
            depth.Row(0, y).Fill((height - y) / (float)height);
        return depth;
    }

    public static void AssertThreadsDoNotMatter(IDegradation degradation, ImageBuffer image, ImageBuffer? depth)
    {
        float[] before = (float[])image.Array.Clone();
        ImageBuffer expected = degradation.Apply(image, new DegradationContext(9) { Depth = depth });
        for (int threads = 2; threads <= 3; threads++)
        {
            var context = new DegradationContext(9) { Depth = depth, Parallelism = new Parallelism(threads) };
            Assert.That(degradation.Apply(image, context).Array, Is.EqualTo(expected.Array), $"{degradation.Name}, {threads} threads");
        }

        Assert.That(image.Array, Is.EqualTo(before), "The input was modified.");
        Assert.That(expected.HasShapeOf(image), Is.True);
    }
}
