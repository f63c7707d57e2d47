using FsCheck;

namespace Gir.Imaging.Tests;

public sealed class ImageGeometryTests
{
    // 1 2 3
    // 4 5 6
    private static readonly ImageBuffer Small = new(1, 2, 3, [1, 2, 3, 4, 5, 6]);

    [Test]
    public void Mirrors_and_turns_are_those_of_NumPy()
    {
        Assert.That(Small.FlipHorizontal().Array, Is.EqualTo(new float[] { 3, 2, 1, 6, 5, 4 }));
        Assert.That(Small.FlipVertical().Array, Is.EqualTo(new float[] { 4, 5, 6, 1, 2, 3 }));
        Assert.That(Small.Transpose().Array, Is.EqualTo(new float[] { 1, 4, 2, 5, 3, 6 }));
        Assert.That(Small.Rotate90().Array, Is.EqualTo(new float[] { 3, 6, 2, 5, 1, 4 }));
        Assert.That(Small.Rotate180().Array, Is.EqualTo(new float[] { 6, 5, 4, 3, 2, 1 }));
        Assert.That(Small.Rotate270().Array, Is.EqualTo(new float[] { 4, 1, 5, 2, 6, 3 }));
        Assert.That(Small.Rotate90().Height, Is.EqualTo(3));
    }

    [TestCase(PadMode.Zero, new float[] { 0, 0, 0, 1, 2, 3, 4, 0, 0, 0 })]
    [TestCase(PadMode.Replicate, new float[] { 1, 1, 1, 1, 2, 3, 4, 4, 4, 4 })]
    [TestCase(PadMode.Reflect101, new float[] { 4, 3, 2, 1, 2, 3, 4, 3, 2, 1 })]
    [TestCase(PadMode.Symmetric, new float[] { 3, 2, 1, 1, 2, 3, 4, 4, 3, 2 })]
    [TestCase(PadMode.LinearRamp, new float[] { 0, 1f / 3, 2f / 3, 1, 2, 3, 4, 8f / 3, 4f / 3, 0 })]
    public void Padding_a_row_is_as_the_mode_says(PadMode mode, float[] expected)
    {
        var row = new ImageBuffer(1, 1, 4, [1, 2, 3, 4]);
        Assert.That(row.Pad(0, 0, 3, 3, mode).Array, Is.EqualTo(expected).Within(1e-6));
        Assert.That(row.Transpose().Pad(3, 3, 0, 0, mode).Array, Is.EqualTo(expected).Within(1e-6));
    }

    [Test]
    public void Reflections_go_on_where_padding_exceeds_the_image()
    {
        var row = new ImageBuffer(1, 1, 3, [1, 2, 3]);
        // numpy.pad([1, 2, 3], (7, 6), mode)
        Assert.That(row.Pad(0, 0, 7, 6, PadMode.Reflect101).Array, Is.EqualTo(new float[] { 2, 3, 2, 1, 2, 3, 2, 1, 2, 3, 2, 1, 2, 3, 2, 1 }));
        Assert.That(row.Pad(0, 0, 7, 6, PadMode.Symmetric).Array, Is.EqualTo(new float[] { 1, 1, 2, 3, 3, 2, 1, 1, 2, 3, 3, 2, 1, 1, 2, 3 }));
        Assert.That(new ImageBuffer(1, 1, 1, [5]).Pad(2, 2, 2, 2, PadMode.Reflect101).Array, Is.All.EqualTo(5f));
    }

    [Test]
    public void A_ramp_pads_rows_first_and_then_columns()
    {
        // numpy.pad([[4]], 2, "linear_ramp")
        float[] expected =
        [
            0, 0, 0, 0, 0,
            0, 1, 2, 1, 0,
            0, 2, 4, 2, 0,
            0, 1, 2, 1, 0,
            0, 0, 0, 0, 0,
        ];
        Assert.That(new ImageBuffer(1, 1, 1, [4]).Pad(2, 2, 2, 2, PadMode.LinearRamp).Array, Is.EqualTo(expected));
    }

    [Test]
    public void Cropping_undoes_padding() => Properties.Hold<(PositiveInt H, PositiveInt W), (byte T, byte B, byte L, byte R)>((size, pad) =>
    {
        ImageBuffer image = Numbered(1 + (size.H.Get % 3), 1 + (size.H.Get % 40), 1 + (size.W.Get % 40));
        return Enum.GetValues<PadMode>().All(mode =>
        {
            ImageBuffer padded = image.Pad(pad.T % 50, pad.B % 50, pad.L % 50, pad.R % 50, mode);
            return padded.Height == image.Height + (pad.T % 50) + (pad.B % 50) && padded.Width == image.Width + (pad.L % 50) + (pad.R % 50)
                && Same(padded.Crop(pad.T % 50, pad.L % 50, image.Height, image.Width), image);
        });
    });

    [Test]
    public void Turns_and_mirrors_compose() => Properties.Hold<byte, byte>((h, w) =>
    {
        ImageBuffer image = Numbered(2, 1 + (h % 90), 1 + (w % 90));
        return Same(image.Transpose().Transpose(), image)
            && Same(image.FlipHorizontal().FlipVertical(), image.Rotate180())
            && Same(image.Rotate90().Rotate90(), image.Rotate180())
            && Same(image.Rotate90().Rotate270(), image);
    });

    [Test]
    public void Cropping_to_a_multiple_keeps_the_top_left_part()
    {
        ImageBuffer cropped = Numbered(2, 7, 10).CropToMultiple(4);
        Assert.That((cropped.Height, cropped.Width), Is.EqualTo((4, 8)));
        Assert.That(cropped[1, 0, 0], Is.EqualTo(70f));
        Assert.That(() => Small.CropToMultiple(3), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void A_rectangle_that_leaves_the_image_is_refused()
    {
        Assert.That(() => Small.Crop(0, 1, 2, 3), Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("1..2"));
        Assert.That(() => Small.Crop(-1, 0, 1, 1), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => Small.Pad(-1, 0, 0, 0, PadMode.Zero), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => Small.Pad(0, int.MaxValue, 0, int.MaxValue, PadMode.Zero), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => Small.Pad(0, 1, 0, 0, (PadMode)77), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    private static ImageBuffer Numbered(int channels, int height, int width)
    {
        var image = new ImageBuffer(channels, height, width);
        for (int i = 0; i < image.Samples.Length; i++)
            image.Samples[i] = i;
        return image;
    }

    private static bool Same(ImageBuffer a, ImageBuffer b) => a.HasShapeOf(b) && a.Samples.SequenceEqual(b.Samples);
}
