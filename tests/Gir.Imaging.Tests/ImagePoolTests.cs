namespace Gir.Imaging.Tests;

[NonParallelizable]
public sealed class ImagePoolTests
{
    [Test]
    public void Returned_memory_is_rented_again_by_images_of_as_many_samples()
    {
        ImagePool.Clear();
        var image = new ImageBuffer(3, 5, 7);
        ImagePool.Return(image);
        Assert.That(ImagePool.Rent(1, 5, 7).Array, Is.Not.SameAs(image.Array));
        ImageBuffer again = ImagePool.Rent(1, 15, 7);
        Assert.That(again.Array, Is.SameAs(image.Array));
        Assert.That(again.ToString(), Is.EqualTo("1 x 15 x 7"));
        Assert.That(ImagePool.Rent(3, 5, 7).Array, Is.Not.SameAs(image.Array), "rented twice");
    }

    [Test]
    public void No_more_than_the_maximum_is_kept()
    {
        ImagePool.Clear();
        const int Length = 6 << 20;
        ImageBuffer[] images = [new ImageBuffer(1, 1, Length), new ImageBuffer(1, 1, Length), new ImageBuffer(1, 1, Length)];
        foreach (ImageBuffer image in images)
            ImagePool.Return(image);
        Assert.That(3L * Length * sizeof(float), Is.GreaterThan(ImagePool.MaximumBytes));
        Assert.That(ImagePool.Rent(1, 1, Length).Array, Is.SameAs(images[2].Array));
        Assert.That(ImagePool.Rent(1, 1, Length).Array, Is.Not.SameAs(images[0].Array).And.Not.SameAs(images[1].Array));
        ImagePool.Clear();
    }

    [Test]
    public void Cleared_memory_is_gone()
    {
        var image = new ImageBuffer(1, 3, 3);
        ImagePool.Return(image);
        ImagePool.Clear();
        Assert.That(ImagePool.Rent(1, 3, 3).Array, Is.Not.SameAs(image.Array));
    }

    [TestCase(0, 1, 1)]
    [TestCase(1, -1, 1)]
    [TestCase(70000, 70000, 1)]
    public void Impossible_shapes_are_refused(int channels, int height, int width) =>
        Assert.That(() => ImagePool.Rent(channels, height, width), Throws.InstanceOf<ArgumentOutOfRangeException>());
}
