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
    public void Multiplied_alpha_keeps_the_color_of_transparent_pixels_out_of_a_blur()
    {
        // A white pixel beside a transparent green one: the mean of what is visible is white.
        var image = new ImageBuffer(4, 1, 2, [1, 0, 1, 1, 1, 0, 1, 0]);
        ImageBuffer multiplied = image.Premultiplied();
        Assert.That(multiplied.Array, Is.EqualTo(new float[] { 1, 0, 1, 0, 1, 0, 1, 0 }));
        var mean = new ImageBuffer(4, 1, 1, [.. Enumerable.Range(0, 4).Select(c => (multiplied[c, 0, 0] + multiplied[c, 0, 1]) / 2)]);
        Assert.That(mean.Unpremultiplied().Array, Is.EqualTo(new float[] { 1, 1, 1, 0.5f }));
        Assert.That(new ImageBuffer(2, 1, 1, [0.5f, 0]).Unpremultiplied().Array, Is.EqualTo(new float[] { 0, 0 }));
    }

    [TestCase(1, 2)]
    [TestCase(7, 13)]
    [TestCase(33, 64)]
    public void Visible_colors_go_on_where_nothing_is_seen(int height, int width)
    {
        // Two visible pixels of one color, one of them hardly visible, on transparent black.
        var image = new ImageBuffer(4, height, width);
        foreach ((int y, int x, float alpha) in new[] { (0, 0, 1f), (height - 1, width - 1, 0.01f) })
            (image[0, y, x], image[1, y, x], image[2, y, x], image[3, y, x]) = (0.75f, 0.5f, 0.25f, alpha);

        ImageBuffer continued = image.ContinueBehindAlpha();

        Assert.That(continued.Plane(3).ToArray(), Is.EqualTo(image.Plane(3).ToArray()));
        for (int c = 0; c < 3; c++)
            Assert.That(continued.Plane(c).ToArray(), Is.All.EqualTo(0.75f - (0.25f * c)).Within(1e-6f));
    }

    [Test]
    public void Visible_pixels_stay_as_they_are_and_invisible_ones_follow_the_nearer()
    {
        // Gray and alpha: dark on the left, bright on the right, nothing to be seen between, and a hidden 9 that is no color at all.
        var image = new ImageBuffer(2, 1, 8, [0.1f, 0.3f, 0, 9, 0, 0, 0.7f, 0.9f, 1, 0.5f, 0, 0, 0, 0, 0.5f, 1]);

        float[] gray = image.ContinueBehindAlpha().Plane(0).ToArray();

        Assert.That(new[] { gray[0], gray[1], gray[6], gray[7] }, Is.EqualTo(new[] { 0.1f, 0.3f, 0.7f, 0.9f }));
        Assert.That(gray, Is.All.InRange(0.1f, 0.9f));
        Assert.That(gray[2], Is.LessThan(gray[5]));
    }

    [Test]
    public void There_is_nothing_to_continue_where_all_is_visible_or_nothing()
    {
        foreach (ImageBuffer image in new[] { new ImageBuffer(3, 2, 2), new ImageBuffer(2, 2, 2), new ImageBuffer(2, 1, 2, [0, 1, 0.1f, 1]), new ImageBuffer(2, 1, 2, [0, 1, float.NaN, -1]) })
            Assert.That(image.ContinueBehindAlpha(), Is.SameAs(image));
    }
}
