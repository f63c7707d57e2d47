namespace Gir.Imaging.Tests;

public sealed class SampleRangeTests
{
    [Test]
    public void Overshoot_of_filters_passes([Values(-1.5f, -0.25f, 1.25f, 2.5f, 4f)] float value)
    {
        var image = new ImageBuffer(3, 5, 7);
        image[2, 4, 6] = value;
        Assert.That(() => SampleRange.Check(image, nameof(image)), Throws.Nothing);
    }

    [TestCase(128f, "holds 128 at channel 1, row 2, column 3 (from 0): expected samples in 0..1. Divide levels of 0..255 by 255 first.")]
    [TestCase(-127f, "holds -127 at channel 1, row 2, column 3 (from 0): expected samples in 0..1. Divide levels of 0..255 by 255 first.")]
    [TestCase(40000f, "holds 40000 at channel 1, row 2, column 3 (from 0): expected samples in 0..1. Divide levels of 0..65535 by 65535 first.")]
    [TestCase(float.NaN, "holds NaN at channel 1, row 2, column 3 (from 0): expected finite samples in 0..1.")]
    [TestCase(float.PositiveInfinity, "holds Infinity at channel 1, row 2, column 3 (from 0): expected finite samples in 0..1.")]
    [TestCase(float.NegativeInfinity, "holds -Infinity at channel 1, row 2, column 3 (from 0): expected finite samples in 0..1.")]
    public void Levels_and_what_is_no_number_are_refused_by_their_first_place(float value, string message)
    {
        var reference = new ImageBuffer(3, 5, 7);
        reference[1, 2, 3] = value;
        reference[2, 0, 0] = 20;
        Assert.That(
            () => SampleRange.Check(reference, nameof(reference), "The reference"),
            Throws.ArgumentException.With.Message.StartsWith("The reference " + message).And.Property("ParamName").EqualTo("reference"));
        Assert.That(() => SampleRange.Check(reference, nameof(reference)), Throws.ArgumentException.With.Message.StartsWith("The image holds"));
    }
}
