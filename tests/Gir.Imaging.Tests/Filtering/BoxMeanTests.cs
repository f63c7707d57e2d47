using Gir.Imaging.Filtering;

namespace Gir.Imaging.Tests.Filtering;

public class BoxMeanTests
{
    [Test]
    public void The_mean_is_the_mean_for_every_border_and_radius([Values] PadMode border, [Values(0, 1, 3, 12, 13, 20)] int radius)
    {
        ImageBuffer image = Pictures.Noise(2, 75, 26);
        double[] expected = ImageFilterTests.Naive(image, FilterKernel.Box((2 * radius) + 1), border);
        Assert.That(Images.MaxDifference(ImageFilter.BoxMean(image, radius, border).Samples, expected), Is.LessThan(1e-6));
    }

    [Test]
    public void Threads_do_not_change_a_bit([Values(4, 17)] int radius)
    {
        ImageBuffer image = Pictures.Noise(3, 200, 41);
        float[] one = ImageFilter.BoxMean(image, radius).Array;
        Assert.That(ImageFilter.BoxMean(image, radius, parallelism: new Parallelism(2)).Array, Is.EqualTo(one));
        Assert.That(ImageFilter.BoxMean(image, radius, parallelism: new Parallelism(3)).Array, Is.EqualTo(one));
    }

    [Test]
    public void One_pixel_has_its_own_mean()
    {
        var image = new ImageBuffer(1, 1, 1, [0.25f]);
        Assert.That(ImageFilter.BoxMean(image, 40, PadMode.Symmetric)[0, 0, 0], Is.EqualTo(0.25f));
        Assert.That(() => ImageFilter.BoxMean(image, 1), Throws.ArgumentException.With.Message.Contains("1 x 1"));
        Assert.That(() => ImageFilter.BoxMean(image, -1), Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("radius"));
    }
}
