using Gir.Imaging.Color;
using Gir.Imaging.Random;

namespace Gir.Imaging.Tests.Color;

public sealed class ColorConversionTests
{
    // Two roundings of float32 per operation on numbers up to about 2.
    private const double Rounding = 1e-6;

    private static readonly float[] Black = [0, 0, 0];
    private static readonly float[] White = [1, 1, 1];
    private static readonly float[] Red = [1, 0, 0];
    private static readonly float[] Green = [0, 1, 0];
    private static readonly float[] Blue = [0, 0, 1];

    [Test]
    public void Full_range_is_that_of_JFIF()
    {
        // Levels after rounding, as every JPEG library has them.
        AssertLevels(Black, YCbCrRange.Full, 0, 128, 128);
        AssertLevels(White, YCbCrRange.Full, 255, 128, 128);
        AssertLevels(Red, YCbCrRange.Full, 76.245, 84.9723, 255.5);
        AssertLevels(Green, YCbCrRange.Full, 149.685, 43.5277, 21.2345);
        AssertLevels(Blue, YCbCrRange.Full, 29.07, 255.5, 107.2655);
    }

    [Test]
    public void Limited_range_is_that_of_MATLAB_rgb2ycbcr()
    {
        AssertLevels(Black, YCbCrRange.Limited, 16, 128, 128);
        AssertLevels(White, YCbCrRange.Limited, 235, 128, 128);
        AssertLevels(Red, YCbCrRange.Limited, 81.481, 90.203, 240);
        AssertLevels(Green, YCbCrRange.Limited, 144.553, 53.797, 34.214);
        AssertLevels(Blue, YCbCrRange.Limited, 40.966, 240, 109.786);
    }

    [Test]
    public void The_inverse_of_limited_range_has_the_published_constants()
    {
        // BasicSR ycbcr2rgb: 255 * [0.00456621, ...], and the offsets -222.921, 135.576, -276.836 (in levels).
        ImageBuffer black = Pixel([0, 0, 0]).FromYCbCr(YCbCrRange.Limited);
        Assert.That(black.Samples[0] * 255, Is.EqualTo(-222.921).Within(1e-3));
        Assert.That(black.Samples[1] * 255, Is.EqualTo(135.576).Within(1e-3));
        Assert.That(black.Samples[2] * 255, Is.EqualTo(-276.836).Within(1e-3));
        ImageBuffer cb = Pixel([0, 1, 0]).FromYCbCr(YCbCrRange.Limited);
        Assert.That(cb.Samples[0] - black.Samples[0], Is.EqualTo(0).Within(Rounding));
        Assert.That(cb.Samples[1] - black.Samples[1], Is.EqualTo(255 * -0.00153632).Within(1e-6));
        Assert.That(cb.Samples[2] - black.Samples[2], Is.EqualTo(255 * 0.00791071).Within(2e-6));
    }

    [Test]
    public void Gray_weighs_299_587_114()
    {
        Assert.That(Pixel(Red).ToGray().Samples[0], Is.EqualTo(0.299f));
        Assert.That(Pixel(Green).ToGray().Samples[0], Is.EqualTo(0.587f));
        Assert.That(Pixel(Blue).ToGray().Samples[0], Is.EqualTo(0.114f));
        Assert.That(Pixel([0.2f, 0.5f]).ToGray().Samples.ToArray(), Is.EqualTo(new[] { 0.2f }));
        Assert.That(Pixel([1, 0, 0, 0.5f]).ToGray().Samples[0], Is.EqualTo(0.299f));
    }

    [Test]
    public void Luma_of_limited_range_spans_16_to_235()
    {
        Assert.That(Pixel(Black).ToBt601Luma().Samples[0] * 255, Is.EqualTo(16).Within(1e-4));
        Assert.That(Pixel(White).ToBt601Luma().Samples[0] * 255, Is.EqualTo(235).Within(1e-4));
        Assert.That(Pixel([1]).ToBt601Luma().Samples[0] * 255, Is.EqualTo(235).Within(1e-4));
        Assert.That(Pixel([0.5f, 0]).ToBt601Luma().Samples[0] * 255, Is.EqualTo(125.5).Within(1e-4));
    }

    [Test]
    public void Gray_becomes_RGB_and_back()
    {
        Assert.That(Pixel([0.25f]).GrayToRgb().Array, Is.EqualTo(new[] { 0.25f, 0.25f, 0.25f }));
        Assert.That(Pixel([0.25f, 0.5f]).GrayToRgb().Array, Is.EqualTo(new[] { 0.25f, 0.25f, 0.25f, 0.5f }));
        Assert.That(Pixel([0.25f, 0.5f]).ToRgb().Array, Is.EqualTo(new[] { 0.25f, 0.25f, 0.25f }));
        Assert.That(Pixel([0.1f, 0.2f, 0.3f, 0.4f]).ToRgb().Array, Is.EqualTo(new[] { 0.1f, 0.2f, 0.3f }));
        Assert.That(() => Pixel(Red).GrayToRgb(), Throws.ArgumentException);
        Assert.That(() => Pixel([1, 2, 3, 4, 5]).ToRgb(), Throws.ArgumentException);
        Assert.That(() => Pixel([1, 2, 3, 4]).ToYCbCr(), Throws.ArgumentException);
    }

    [Test]
    public void YCbCr_goes_there_and_back() => Properties.Hold<byte, byte, bool>((h, w, limited) =>
    {
        YCbCrRange range = limited ? YCbCrRange.Limited : YCbCrRange.Full;
        ImageBuffer image = Noise(1 + (h % 30), 1 + (w % 30));
        ImageBuffer back = image.ToYCbCr(range).FromYCbCr(range);
        return Images.MaxDifference(back.Samples, Array.ConvertAll(image.Array, v => (double)v)) < 2 * Rounding;
    });

    [Test]
    public void Threads_change_nothing()
    {
        ImageBuffer image = Noise(133, 71);
        Assert.That(image.ToYCbCr(parallelism: new Parallelism(3)).Samples.SequenceEqual(image.ToYCbCr().Samples));
        Assert.That(image.ToGray(new Parallelism(3)).Samples.SequenceEqual(image.ToGray().Samples));
    }

    private static ImageBuffer Pixel(float[] channels) => new(channels.Length, 1, 1, [.. channels]);

    private static ImageBuffer Noise(int height, int width)
    {
        var image = new ImageBuffer(3, height, width);
        var random = new PhiloxRandom(9);
        foreach (ref float sample in image.Samples)
            sample = (float)random.NextDouble();
        return image;
    }

    private static void AssertLevels(float[] rgb, YCbCrRange range, double y, double cb, double cr)
    {
        ImageBuffer result = Pixel(rgb).ToYCbCr(range);
        Assert.That(result.Samples[0] * 255.0, Is.EqualTo(y).Within(255 * Rounding));
        // The published decimals of the chroma constants end at the fourth place.
        Assert.That(result.Samples[1] * 255.0, Is.EqualTo(cb).Within(1e-3));
        Assert.That(result.Samples[2] * 255.0, Is.EqualTo(cr).Within(1e-3));
        Assert.That(result.FromYCbCr(range).Array, Is.EqualTo(rgb).Within(2 * Rounding));
    }
}
