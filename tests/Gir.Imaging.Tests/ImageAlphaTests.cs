namespace Gir.Imaging.Tests;

public sealed class ImageAlphaTests
{
    [TestCase(2)]
    [TestCase(4)]
    public void Alpha_is_split_off_and_joined_again(int channels)
    {
        ImageBuffer image = Codecs.JpegRoundTripTests.Noise(channels, 3, 4);
        (ImageBuffer color, ImageBuffer? alpha) = image.SplitAlpha();
        Assert.That((color.Channels, alpha!.Channels), Is.EqualTo((channels - 1, 1)));
        Assert.That(color.WithAlpha(alpha).Array, Is.EqualTo(image.Array));
        Assert.That(image.WithoutAlpha().Array, Is.EqualTo(color.Array));
        Assert.That(() => color.WithAlpha(new ImageBuffer(1, 4, 3)), Throws.ArgumentException.With.Message.Contains("1 x 3 x 4"));
        Assert.That(() => image.WithAlpha(alpha), Throws.ArgumentException);
    }

    [TestCase(1)]
    [TestCase(3)]
    public void Without_alpha_nothing_is_copied(int channels)
    {
        var image = new ImageBuffer(channels, 3, 4);
        Assert.That(image.SplitAlpha(), Is.EqualTo((image, (ImageBuffer?)null)));
        Assert.That(image.Premultiplied(), Is.SameAs(image));
        Assert.That(image.Unpremultiplied(), Is.SameAs(image));
        Assert.That(image.WithAlpha(null), Is.SameAs(image));
    }

    [Test]
    public void Multiplied_alpha_keeps_the_colour_of_transparent_pixels_out_of_a_blur()
    {
        // A white pixel beside a transparent green one: the mean of what is visible is white.
        var image = new ImageBuffer(4, 1, 2, [1, 0, 1, 1, 1, 0, 1, 0]);
        ImageBuffer multiplied = image.Premultiplied();
        Assert.That(multiplied.Array, Is.EqualTo(new float[] { 1, 0, 1, 0, 1, 0, 1, 0 }));
        var mean = new ImageBuffer(4, 1, 1, [.. Enumerable.Range(0, 4).Select(c => (multiplied[c, 0, 0] + multiplied[c, 0, 1]) / 2)]);
        Assert.That(mean.Unpremultiplied().Array, Is.EqualTo(new float[] { 1, 1, 1, 0.5f }));
        Assert.That(new ImageBuffer(2, 1, 1, [0.5f, 0]).Unpremultiplied().Array, Is.EqualTo(new float[] { 0, 0 }));
    }
}
