using Gir.Imaging.Filtering;

namespace Gir.Imaging.Tests.Filtering;

public class ExtremesTests
{
    [Test]
    public void Extremes_are_those_of_the_window_inside_the_image([Values(1, 3, 15, 61)] int size, [Values] bool maximum, [Values(1, 3)] int threads)
    {
        ImageBuffer image = Pictures.Noise(2, 19, 37);
        var parallelism = new Parallelism(threads);
        ImageBuffer actual = maximum ? ImageFilter.Maximum(image, size, parallelism) : ImageFilter.Minimum(image, size, parallelism);
        for (int i = 0; i < actual.Samples.Length; i++)
        {
            (int c, int y, int x) = (i / image.PlaneLength, i / image.Width % image.Height, i % image.Width);
            var window = from v in Enumerable.Range(y - (size / 2), size)
                         from u in Enumerable.Range(x - (size / 2), size)
                         where v >= 0 && v < image.Height && u >= 0 && u < image.Width
                         select image[c, v, u];
            Assert.That(actual.Samples[i], Is.EqualTo(maximum ? window.Max() : window.Min()));
        }
    }

    [Test]
    public void Even_sizes_are_refused() =>
        Assert.That(() => ImageFilter.Minimum(new ImageBuffer(1, 3, 3), 4), Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("odd"));
}
