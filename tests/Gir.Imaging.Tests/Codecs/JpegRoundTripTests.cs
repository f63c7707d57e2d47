using Gir.Imaging.Codecs;

namespace Gir.Imaging.Tests.Codecs;

public class JpegRoundTripTests
{
    [TestCase("jpeg_420.safetensors", "jpeg420", ChromaSubsampling.Chroma420)]
    [TestCase("jpeg_444_422.safetensors", "jpeg444", ChromaSubsampling.Chroma444)]
    [TestCase("jpeg_444_422.safetensors", "jpeg422", ChromaSubsampling.Chroma422)]
    public void Equals_libjpeg_turbo_exactly(string file, string prefix, ChromaSubsampling subsampling) =>
        CompareAll(TestData.Golden("degradations", file), TestData.Golden("degradations", "inputs.safetensors"), prefix, subsampling);

    [TestCase("jpeg_420.safetensors", "jpeg420", ChromaSubsampling.Chroma420)]
    [TestCase("jpeg_444_422.safetensors", "jpeg444", ChromaSubsampling.Chroma444)]
    [TestCase("jpeg_444_422.safetensors", "jpeg422", ChromaSubsampling.Chroma422)]
    [Category(TestData.RealData)]
    public void Equals_libjpeg_turbo_exactly_on_photographs(string file, string prefix, ChromaSubsampling subsampling) =>
        CompareAll(
            TestData.Shared("golden", "photos", "degradations", file),
            TestData.Shared("golden", "photos", "degradations", "inputs.safetensors"),
            prefix,
            subsampling);

    [Test]
    public void Does_not_depend_on_the_number_of_threads(
        [Values] ChromaSubsampling subsampling, [Values(1, 7, 16, 17, 63, 131)] int height, [Values(2, 37)] int width)
    {
        ImageBuffer image = Noise(3, height, width);
        ImageBuffer expected = JpegRoundTrip.Apply(image, 40, subsampling);
        ImageBuffer actual = JpegRoundTrip.Apply(image, 40, subsampling, new Parallelism(5));
        Assert.That(actual.Array, Is.EqualTo(expected.Array));
    }

    [Test]
    public void Clamps_quality_and_samples()
    {
        ImageBuffer image = Noise(3, 20, 30);
        ImageBuffer wild = image.Clone();
        for (int i = 0; i < wild.Array.Length; i++)
            wild.Array[i] = (wild.Array[i] * 3f) - 1f;
        wild.Array[5] = float.NaN;
        wild.Array[6] = float.PositiveInfinity;
        ImageBuffer tame = wild.Clone();
        for (int i = 0; i < tame.Array.Length; i++)
            tame.Array[i] = float.IsNaN(tame.Array[i]) ? 0f : MathF.Round(Math.Clamp(tame.Array[i], 0f, 1f) * 255f, MidpointRounding.ToEven) / 255f;
        Assert.That(JpegRoundTrip.Apply(wild, 75).Array, Is.EqualTo(JpegRoundTrip.Apply(tame, 75).Array));
        Assert.That(JpegRoundTrip.Apply(image, -3).Array, Is.EqualTo(JpegRoundTrip.Apply(image, 1).Array));
        Assert.That(JpegRoundTrip.Apply(image, 101).Array, Is.EqualTo(JpegRoundTrip.Apply(image, 100).Array));
    }

    [TestCase(2)]
    [TestCase(4)]
    [TestCase(5)]
    public void Refuses_other_channel_counts(int channels)
    {
        var error = Assert.Throws<ArgumentException>(() => JpegRoundTrip.Apply(new ImageBuffer(channels, 4, 4), 50));
        Assert.That(error!.ParamName, Is.EqualTo("image"));
        Assert.That(error.Message, channels == 5 ? Does.Contain("5") : Does.Contain("alpha"));
    }

    internal static ImageBuffer Noise(int channels, int height, int width, ulong seed = 3)
    {
        var image = new ImageBuffer(channels, height, width);
        for (int i = 0; i < image.Array.Length; i++)
        {
            // Smooth structure and noise, so that every frequency band has something to quantize.
            uint hash = (uint)(((ulong)i + seed) * 0x9E3779B97F4A7C15UL >> 40);
            image.Array[i] = Math.Clamp(0.5f + (0.4f * MathF.Sin(i * 0.013f)) + ((hash & 0xFF) / 700f) - 0.18f, 0f, 1f);
        }

        return image;
    }

    private static void CompareAll(string goldenPath, string inputPath, string prefix, ChromaSubsampling subsampling)
    {
        SafeTensors golden = SafeTensors.Load(goldenPath);
        SafeTensors inputs = SafeTensors.Load(inputPath);
        int compared = 0;
        foreach (string name in golden.Names.Where(n => n.StartsWith(prefix + ".", StringComparison.Ordinal)))
        {
            string[] parts = name.Split('.');
            ImageBuffer input = Images.FromGolden(inputs, parts[1]);
            ImageBuffer actual = JpegRoundTrip.Apply(input, int.Parse(parts[2][1..]), subsampling);
            Assert.That(Images.LevelDifferences(Images.ToLevels(actual), golden.Bytes(name)), Is.EqualTo((0, 0)), name);
            Assert.That(actual.Array, Is.EqualTo(Images.FromGolden(golden, name).Array), name);
            compared++;
        }

        Assert.That(compared, Is.GreaterThanOrEqualTo(4));
    }
}
