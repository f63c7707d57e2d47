using Gir.Imaging.Codecs;

namespace Gir.Imaging.SkiaSharp.Tests;

/// <summary>Whatever a file holds: an image, or one exception of the family, and no memory on its word alone.</summary>
public sealed class HostileFileTests
{
    public static IEnumerable<TestCaseData> Files()
    {
        yield return Case("webp lossy", SkiaCodecs.Webp, Pictures.Webp(Pictures.Make(3, 40, 40), false));
        yield return Case("webp lossless", SkiaCodecs.Webp, Pictures.Webp(Pictures.Make(4, 40, 40), true));
        yield return Case("gif", SkiaCodecs.Gif, Pictures.Gif());
        yield return Case("ico", SkiaCodecs.Ico, Pictures.Ico(Pictures.Make(4, 20, 20)));
    }

    [TestCaseSource(nameof(Files))]
    public void A_file_that_ends_early_is_refused(object codecOfFormat, byte[] file)
    {
        var codec = (IImageCodec)codecOfFormat;
        // What stands behind the first frame, or after the last sample, may be missing.
        int needed = codec.Name switch { "gif" => file.Length - 25, "ico" => file.Length - 16, _ => file.Length - 8 };
        for (int length = 0; length < needed; length += 1 + (length / 64))
        {
            int cut = length;
            Assert.That(() => codec.Decode(file.AsSpan(0, cut)), Throws.TypeOf<ImageFormatException>(), $"{cut} of {file.Length} bytes");
        }
    }

    [TestCaseSource(nameof(Files))]
    public void Damage_ends_in_an_image_or_in_the_exception(object codecOfFormat, byte[] file)
    {
        var codec = (IImageCodec)codecOfFormat;
        uint state = 1;
        for (int round = 0; round < 3000; round++)
        {
            byte[] damaged = [.. file];
            for (int i = 0; i <= round % 3; i++)
            {
                state = (state * 1664525) + 1013904223;
                damaged[(int)((state >> 8) % (uint)damaged.Length)] = (byte)state;
            }

            try
            {
                ImageBuffer image = codec.Decode(damaged, new ImageDecodeOptions { MaxPixels = 1 << 20 });
                Assert.That(image.PlaneLength, Is.InRange(1, 1 << 20));
            }
            catch (ImageFormatException)
            {
            }
        }
    }

    [Test]
    public void A_size_beyond_the_limits_is_refused_before_memory_is_made()
    {
        // Lossless WebP: 14 bits each for width and height, less 1, after the signature byte.
        byte[] webp = Pictures.Webp(Pictures.Make(3, 4, 4), isLossless: true);
        int start = webp.AsSpan().IndexOf("VP8L"u8) + 9;
        uint largest = 16383 | (16383u << 14);
        BitConverter.GetBytes((BitConverter.ToUInt32(webp, start) & 0xF0000000) | largest).CopyTo(webp, start);
        byte[] gif = Pictures.Gif(65535, 65535);
        long before = GC.GetTotalAllocatedBytes(precise: true);
        Assert.That(() => SkiaCodecs.Webp.Decode(webp), Throws.TypeOf<ImageFormatException>());
        Assert.That(() => SkiaCodecs.Gif.Decode(gif), Throws.TypeOf<ImageFormatException>());
        Assert.That(() => SkiaCodecs.Gif.Decode(Pictures.Gif(), new() { MaxPixels = 3 }), Throws.TypeOf<ImageFormatException>().With.Message.Contains("MaxPixels"));
        Assert.That(() => SkiaCodecs.Gif.Decode(gif, new() { MaxPixels = long.MaxValue }), Throws.TypeOf<ImageFormatException>());
        Assert.That(() => SkiaCodecs.Webp.Decode(Pictures.Webp(Pictures.Make(3, 8, 8), true), new() { MaxDimension = 7 }), Throws.TypeOf<ImageFormatException>().With.Message.Contains("MaxDimension"));
        Assert.That(GC.GetTotalAllocatedBytes(precise: true) - before, Is.LessThan(1 << 22));
    }

    [Test]
    public void Another_format_under_this_ones_name_is_refused()
    {
        byte[] png = ImageFile.Encode(Pictures.Make(3, 8, 8));
        foreach (IImageCodec codec in SkiaCodecs.All)
        {
            Assert.That(() => codec.Decode(png), Throws.TypeOf<ImageFormatException>().With.Message.Contains("signature"));
            Assert.That(() => codec.Decode([]), Throws.TypeOf<ImageFormatException>());
        }
    }

    private static TestCaseData Case(string name, IImageCodec codec, byte[] file) => new TestCaseData(codec, file).SetArgDisplayNames(name);
}
