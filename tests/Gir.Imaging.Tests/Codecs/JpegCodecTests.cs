using Gir.Imaging.Codecs;

namespace Gir.Imaging.Tests.Codecs;

public class JpegCodecTests
{
    private static readonly JpegCodec Codec = new();

    [Test]
    public void Written_file_decodes_to_the_round_trip(
        [Values] ChromaSubsampling subsampling,
        [Values(1, 2, 30, 50, 95, 100)] int quality,
        [Values(1, 2, 3, 8, 17, 40)] int width,
        [Values(1, 2, 9, 33)] int height)
    {
        ImageBuffer image = JpegRoundTripTests.Noise(3, height, width);
        byte[] file = Encode(image, new JpegEncodeOptions(quality, subsampling));
        Assert.That(Codec.Decode(file).Array, Is.EqualTo(JpegRoundTrip.Apply(image, quality, subsampling).Array));
    }

    [Test]
    public void Written_gray_file_decodes_to_the_round_trip([Values(1, 50, 100)] int quality, [Values(1, 8, 33)] int width)
    {
        ImageBuffer image = JpegRoundTripTests.Noise(1, 19, width);
        ImageBuffer decoded = Codec.Decode(Encode(image, new JpegEncodeOptions(quality)));
        Assert.That(decoded.Channels, Is.EqualTo(1));
        Assert.That(decoded.Array, Is.EqualTo(JpegRoundTrip.Apply(image, quality).Array));
    }

    [Test]
    public void Written_noise_of_the_largest_coefficients_decodes_to_the_round_trip()
    {
        // Black and white at random: large coefficients, long codes, many stuffed bytes, more than one buffer.
        var image = new ImageBuffer(3, 200, 300);
        for (int i = 0; i < image.Array.Length; i++)
            image.Array[i] = ((ulong)i * 0x9E3779B97F4A7C15UL) >> 63;
        byte[] file = Encode(image, new JpegEncodeOptions(100, ChromaSubsampling.Chroma444));
        Assert.That(file, Has.Length.GreaterThan(1 << 17));
        Assert.That(Codec.Decode(file).Array, Is.EqualTo(JpegRoundTrip.Apply(image, 100, ChromaSubsampling.Chroma444).Array));
    }

    [Test]
    public void Decodes_what_it_wrote_by_default_at_quality_95_and_420()
    {
        ImageBuffer image = JpegRoundTripTests.Noise(3, 20, 20);
        Assert.That(Encode(image, null), Is.EqualTo(Encode(image, new JpegEncodeOptions(95, ChromaSubsampling.Chroma420))));
    }

    [TestCase(2)]
    [TestCase(4)]
    [TestCase(7)]
    public void Refuses_to_write_other_channel_counts(int channels)
    {
        var error = Assert.Throws<ArgumentException>(() => Encode(new ImageBuffer(channels, 3, 3), null));
        Assert.That(error!.ParamName, Is.EqualTo("image"));
    }

    [TestCase(0)]
    [TestCase(101)]
    public void Refuses_to_write_a_quality_outside_its_range(int quality) =>
        Assert.That(
            () => Encode(new ImageBuffer(3, 3, 3), new JpegEncodeOptions(quality)),
            Throws.InstanceOf<ArgumentException>().With.Property("ParamName").EqualTo("options"));

    [Test]
    public void Refuses_options_of_another_format() =>
        Assert.That(() => Encode(new ImageBuffer(3, 3, 3), new PngEncodeOptions()), Throws.InstanceOf<ArgumentException>());

    [Test]
    public void Is_found_by_name_extension_and_content()
    {
        byte[] file = Encode(new ImageBuffer(1, 3, 3), null);
        Assert.That(Codec.Recognizes(file), Is.True);
        Assert.That(Codec.Recognizes("\x89PNG"u8), Is.False);
        Assert.That(ImageCodecs.Find("jpeg"), Is.TypeOf<JpegCodec>());
        Assert.That(ImageCodecs.FindByExtension("photo.JPG"), Is.TypeOf<JpegCodec>());
        Assert.That(ImageCodecs.FindByContent(file), Is.TypeOf<JpegCodec>());
    }

    [Test]
    public void Limits_apply_before_anything_is_allocated()
    {
        byte[] file = Encode(JpegRoundTripTests.Noise(3, 20, 30), null);
        Assert.That(() => Codec.Decode(file, new ImageDecodeOptions { MaxPixels = 599 }), Throws.TypeOf<ImageFormatException>().With.Message.Contains("MaxPixels"));
        Assert.That(() => Codec.Decode(file, new ImageDecodeOptions { MaxDimension = 29 }), Throws.TypeOf<ImageFormatException>().With.Message.Contains("MaxDimension"));
        Assert.That(Codec.Decode(file, new ImageDecodeOptions { MaxPixels = 600, MaxDimension = 30 }).Width, Is.EqualTo(30));
    }

    [TestCase("bad_huge.jpg")]
    [TestCase("progressive_420.jpg")]
    public void A_size_that_the_data_cannot_fill_is_refused_without_allocating_it(string name)
    {
        byte[] file = File.ReadAllBytes(TestData.Golden("degradations", "files", name));
        int frame = file.AsSpan().IndexOf(name[0] == 'b' ? [0xFF, 0xC0] : (ReadOnlySpan<byte>)[0xFF, 0xC2]);
        // 40000 x 40000.
        new byte[] { 0x9C, 0x40, 0x9C, 0x40 }.CopyTo(file.AsSpan(frame + 5));
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.That(
            () => Codec.Decode(file, new ImageDecodeOptions { MaxPixels = long.MaxValue }),
            Throws.TypeOf<ImageFormatException>());
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(1 << 20));
    }

    [Test]
    public void Truncation_anywhere_is_an_error()
    {
        byte[] file = Encode(JpegRoundTripTests.Noise(3, 24, 24), new JpegEncodeOptions(80));
        // Without the end-of-image marker and the padding bits of the last byte, the picture is still whole.
        for (int length = 0; length < file.Length; length++)
        {
            if (length < file.Length - 3)
                Assert.That(() => Codec.Decode(file.AsSpan(0, length)), Throws.TypeOf<ImageFormatException>(), $"{length} of {file.Length} bytes");
            Assert.That(
                () => Codec.Decode(file.AsSpan(0, length), new ImageDecodeOptions { Strict = true }),
                Throws.TypeOf<ImageFormatException>(),
                $"{length} of {file.Length} bytes, strictly");
        }

        Assert.That(Codec.Decode(file.AsSpan(0, file.Length - 2)).Array, Is.EqualTo(Codec.Decode(file).Array));
    }

    internal static byte[] Encode(ImageBuffer image, ImageEncodeOptions? options)
    {
        using var stream = new MemoryStream();
        Codec.Encode(image, stream, options);
        return stream.ToArray();
    }
}
