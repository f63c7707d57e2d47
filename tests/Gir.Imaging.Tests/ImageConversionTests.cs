namespace Gir.Imaging.Tests;

public sealed class ImageConversionTests
{
    [Test]
    public void Every_8_bit_level_is_divided_by_255_and_comes_back()
    {
        byte[] levels = [.. Enumerable.Range(0, 256).Select(v => (byte)v)];
        ImageBuffer image = ImageConversion.FromInterleaved(levels, 1, 16, 16);
        for (int v = 0; v < 256; v++)
            Assert.That(image.Samples[v], Is.EqualTo(v / 255f));
        Assert.That(image.ToInterleaved(), Is.EqualTo(levels));
    }

    [Test]
    public void Every_16_bit_level_is_divided_by_65535_and_comes_back()
    {
        ushort[] levels = [.. Enumerable.Range(0, 65536).Select(v => (ushort)v)];
        ImageBuffer image = ImageConversion.FromInterleaved16(levels, 4, 128, 128);
        Assert.That(image[3, 0, 1], Is.EqualTo(7 / 65535f));
        Assert.That(image.ToInterleaved16().AsSpan().SequenceEqual(levels));
    }

    [Test]
    public void Pixels_are_interleaved_and_samples_planar()
    {
        ImageBuffer image = ImageConversion.FromInterleaved([0, 51, 102, 153, 204, 255], 3, 1, 2);
        Assert.That(image.Samples.ToArray(), Is.EqualTo(new[] { 0f, 153 / 255f, 51 / 255f, 204 / 255f, 102 / 255f, 1f }));
    }

    [TestCase(0.5f / 255f, 0)]
    [TestCase(1.5f / 255f, 2)]
    [TestCase(2.5f / 255f, 2)]
    [TestCase(-3f, 0)]
    [TestCase(7f, 255)]
    [TestCase(float.NaN, 0)]
    [TestCase(float.PositiveInfinity, 255)]
    [TestCase(float.NegativeInfinity, 0)]
    public void Levels_round_half_to_even_and_clamp(float sample, int level)
    {
        Assume.That(!float.IsFinite(sample) || MathF.Abs(sample) > 1 || (sample * 255f) == MathF.Floor(sample * 255f) + 0.5f, "a tie in float arithmetic");
        var image = new ImageBuffer(1, 1, 40);
        image.Samples.Fill(sample);
        Assert.That(image.ToInterleaved(), Is.All.EqualTo((byte)level));
        Assert.That(image.Quantized().Samples.ToArray(), Is.All.EqualTo(level / 255f));
    }

    [Test]
    public void Quantizing_twice_changes_nothing_and_a_copy_leaves_the_original()
    {
        var image = new ImageBuffer(3, 5, 7);
        for (int i = 0; i < image.Samples.Length; i++)
            image.Samples[i] = i / 104f;
        ImageBuffer once = image.Quantized();
        Assert.That(image.Samples[1], Is.EqualTo(1 / 104f));
        Assert.That(once.Quantized().Samples.ToArray(), Is.EqualTo(once.Samples.ToArray()));
        Assert.That(once.Samples.ToArray(), Is.Not.EqualTo(image.Samples.ToArray()));
    }

    [Test]
    public void A_wrong_length_is_refused_with_both_numbers()
    {
        Assert.That(() => ImageConversion.FromInterleaved(new byte[5], 3, 1, 2), Throws.ArgumentException.With.Message.Contains("6").And.Message.Contains("5"));
        Assert.That(() => new ImageBuffer(1, 2, 2).ToInterleaved(new byte[3]), Throws.ArgumentException);
        Assert.That(() => ImageConversion.FromInterleaved([], 0, 1, 1), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }
}
