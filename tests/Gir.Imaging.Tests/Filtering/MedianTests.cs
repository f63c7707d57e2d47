using Gir.Imaging.Filtering;

namespace Gir.Imaging.Tests.Filtering;

public class MedianTests
{
    [Test]
    public void The_median_is_the_middle_of_the_sorted_neighbors([Values(3, 5)] int size, [Values(PadMode.Zero, PadMode.Replicate, PadMode.Reflect101, PadMode.Symmetric)] PadMode border)
    {
        ImageBuffer image = Pictures.Noise(2, 17, 41);
        ImageBuffer padded = Padded(image, size / 2, border);
        ImageBuffer actual = ImageFilter.Median(image, size, border);
        for (int i = 0; i < actual.Samples.Length; i++)
        {
            (int c, int y, int x) = (i / image.PlaneLength, i / image.Width % image.Height, i % image.Width);
            float[] values = [.. from dy in Enumerable.Range(0, size) from dx in Enumerable.Range(0, size) select padded[c, y + dy, x + dx]];
            System.Array.Sort(values);
            Assert.That(actual.Samples[i], Is.EqualTo(values[size * size / 2]));
        }
    }

    [Test]
    public void Threads_do_not_change_a_bit([Values(3, 5)] int size)
    {
        ImageBuffer image = Pictures.Noise(3, 101, 23);
        float[] one = ImageFilter.Median(image, size).Array;
        Assert.That(ImageFilter.Median(image, size, parallelism: new Parallelism(2)).Array, Is.EqualTo(one));
        Assert.That(ImageFilter.Median(image, size, parallelism: new Parallelism(3)).Array, Is.EqualTo(one));
    }

    [Test]
    public void Tiny_images_and_bad_sizes_are_defined()
    {
        var pixel = new ImageBuffer(1, 1, 1, [0.3f]);
        Assert.That(ImageFilter.Median(pixel, 5)[0, 0, 0], Is.EqualTo(0.3f));
        Assert.That(() => ImageFilter.Median(pixel, 4), Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("3 or 5"));
        Assert.That(() => ImageFilter.Median(pixel, 3, PadMode.Reflect101), Throws.ArgumentException);
    }

    // A kernel with a single 1 moves the image: the border is then read off a filter that has its own tests.
    private static ImageBuffer Padded(ImageBuffer image, int reach, PadMode border)
    {
        int size = (2 * reach) + 1;
        var padded = new ImageBuffer(image.Channels, image.Height + (2 * reach), image.Width + (2 * reach));
        for (int dy = 0; dy < size; dy++)
        {
            for (int dx = 0; dx < size; dx++)
            {
                double[] weights = new double[size * size];
                weights[(dy * size) + dx] = 1;
                ImageBuffer moved = ImageFilter.Correlate(image, FilterKernel.FromWeights(weights, size, size), border);
                for (int c = 0; c < image.Channels; c++)
                {
                    for (int y = 0; y < image.Height; y++)
                    {
                        for (int x = 0; x < image.Width; x++)
                            padded[c, y + dy, x + dx] = moved[c, y, x];
                    }
                }
            }
        }

        return padded;
    }
}
