using System.Buffers.Binary;
using Gir.Degradations;
using Gir.Imaging.Codecs;
using Gir.Imaging.Random;
using Gir.PublicApi.Tests;
using ImageMagick;
using Microsoft.Extensions.DependencyInjection;

namespace Gir.Imaging.Magick.Tests;

[NonParallelizable]
public sealed class Jpeg2000CodecTests
{
    private static readonly ImageCodecRegistry s_own = ImageCodecs.Default;

    [TearDown]
    public void TakeOwnCodecsAgain() => ImageCodecs.Default = s_own;

    [Test]
    public void The_public_surface_equals_its_baseline() => ApiBaseline.Check("Gir.Imaging.Magick");

    [Test]
    public void Without_loss_every_level_comes_back([Values(1, 2, 3, 4)] int channels)
    {
        ImageBuffer image = Make(channels, 21, 34);
        byte[] file = Encode(image, new Jpeg2000EncodeOptions(IsLossless: true));
        DecodedImage read = MagickCodecs.Jpeg2000.Read(file);
        Assert.That(read.Image.Array, Is.EqualTo(image.Array));
        Assert.That(read.Info, Is.EqualTo(MagickCodecs.Jpeg2000.ReadInfo(file)));
        Assert.That((read.Info.Channels, read.Info.Height, read.Info.Width, read.Info.BitsPerSample), Is.EqualTo((channels, 21, 34, 8)));
    }

    [Test]
    public void A_higher_quality_stays_nearer_in_more_bytes()
    {
        ImageBuffer image = Make(3, 64, 96);
        byte[][] files = Array.ConvertAll([20, 30, 40], q => Encode(image, new Jpeg2000EncodeOptions(q)));
        Assert.That(files.Select(f => f.Length), Is.Ordered.Ascending);
        Assert.That(files.Select(f => Error(image, MagickCodecs.Jpeg2000.Decode(f))), Is.Ordered.Descending);
        Assert.That(Encode(image, new Jpeg2000EncodeOptions(30)), Is.EqualTo(files[1]));
    }

    [Test]
    public void A_bare_codestream_is_read_too()
    {
        ImageBuffer image = Make(3, 21, 34);
        byte[] file = Encode(image, new Jpeg2000EncodeOptions(IsLossless: true));
        int start = file.AsSpan().IndexOf("jp2c"u8) + 4;
        Assert.That(MagickCodecs.Jpeg2000.Decode(file.AsSpan(start)).Array, Is.EqualTo(image.Array));
    }

    [Test]
    public void Compression_takes_the_codec_once_it_is_there()
    {
        ImageBuffer image = Make(3, 48, 40);
        Assert.That(() => Apply(image, 50), Throws.InstanceOf<GirException>().With.Message.Contains("Gir.Imaging.Magick"));
        ImageCodecs.Default = MagickCodecs.With(s_own);
        double[] errors = Array.ConvertAll([10, 25, 40], quality => Error(image, Apply(image, quality)));
        Assert.That(errors, Is.Ordered.Descending);
        float[] once = Apply(image, 25).Array;
        Assert.That(Apply(image, 25).Array, Is.EqualTo(once));
        Assert.That(Apply(Make(1, 20, 30), 50).ToString(), Is.EqualTo("1 x 20 x 30"));
        using var services = new ServiceCollection().AddGirMagick().AddGirMagick().BuildServiceProvider();
        Assert.That(services.GetRequiredService<ImageCodecRegistry>().All.Count(c => c.Name == "jpeg2000"), Is.EqualTo(1));
    }

    [Test]
    public void A_file_that_ends_early_is_refused_or_nearly_whole()
    {
        ImageBuffer image = Make(3, 40, 40);
        byte[] file = Encode(image, new Jpeg2000EncodeOptions(IsLossless: true));
        int codestream = file.AsSpan().IndexOf("jp2c"u8) + 4;
        for (int length = 0; length < codestream + 100; length++)
        {
            int cut = length;
            Assert.That(() => MagickCodecs.Jpeg2000.Decode(file.AsSpan(0, cut)), Throws.TypeOf<ImageFormatException>(), $"{cut} of {file.Length} bytes");
        }

        Assert.That(() => MagickCodecs.Jpeg2000.Decode(file.AsSpan(0, file.Length / 2)), Throws.TypeOf<ImageFormatException>());
    }

    [Test]
    public void Damage_ends_in_an_image_or_in_the_exception()
    {
        byte[] file = Encode(Make(4, 24, 24), new Jpeg2000EncodeOptions(40));
        var random = new PhiloxRandom(1);
        for (int round = 0; round < 1000; round++)
        {
            byte[] damaged = [.. file];
            for (int i = 0; i <= round % 3; i++)
                damaged[random.NextInteger(0, damaged.Length - 1)] = (byte)random.NextInteger(0, 255);
            try
            {
                ImageBuffer image = MagickCodecs.Jpeg2000.Decode(damaged, new ImageDecodeOptions { MaxPixels = 1 << 16 });
                Assert.That(image.PlaneLength, Is.InRange(1, 1 << 16));
            }
            catch (ImageFormatException)
            {
            }
        }
    }

    [Test]
    public void Sizes_depths_and_channels_are_refused_before_memory_is_made()
    {
        byte[] file = Encode(Make(3, 8, 8), new Jpeg2000EncodeOptions());
        int sizes = file.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xFF, 0x4F, 0xFF, 0x51]) + 8;
        long before = GC.GetTotalAllocatedBytes(precise: true);
        Assert.That(() => Changed(sizes, 60000, 60000), Refused("limit"));
        Assert.That(() => Changed(sizes, 16000, 16000), Refused("believable", "expected at least one byte"));
        Assert.That(() => Changed(sizes, 0, 8), Refused("0 wide"));
        Assert.That(() => MagickCodecs.Jpeg2000.Decode(file, new() { MaxDimension = 7 }), Refused("MaxDimension"));
        file[sizes + 34] = 15;
        Assert.That(() => MagickCodecs.Jpeg2000.ReadInfo(file), Refused("16 bits"));
        Assert.That(GC.GetTotalAllocatedBytes(precise: true) - before, Is.LessThan(1 << 20));
        Assert.That(() => Encode(Make(5, 4, 4), null), Throws.ArgumentException.With.Message.Contains("1 to 4 channels"));
        Assert.That(() => Encode(Make(3, 4, 4), new Jpeg2000EncodeOptions(0)), Throws.ArgumentException.With.Message.Contains("1..100"));
        Assert.That(() => Encode(Make(3, 4, 4), new ImageSaveOptions(16)), Throws.ArgumentException.With.Message.Contains("8 bits"));

        void Changed(int at, uint width, uint height)
        {
            byte[] other = [.. file];
            BinaryPrimitives.WriteUInt32BigEndian(other.AsSpan(at), width);
            BinaryPrimitives.WriteUInt32BigEndian(other.AsSpan(at + 4), height);
            MagickCodecs.Jpeg2000.Decode(other);
        }
    }

    [Test]
    public void Another_format_under_this_ones_name_is_refused()
    {
        using var picture = new MagickImage(MagickColors.Red, 16, 16);
        Assert.That(() => MagickCodecs.Jpeg2000.Decode(ImageFile.Encode(Make(3, 8, 8))), Refused("signature"));
        Assert.That(() => MagickCodecs.Jpeg2000.Decode(picture.ToByteArray(MagickFormat.Svg)), Refused("signature"));
        Assert.That(() => MagickCodecs.Jpeg2000.Decode([]), Refused("signature"));
    }

    private static NUnit.Framework.Constraints.IResolveConstraint Refused(params string[] words) =>
        Throws.TypeOf<ImageFormatException>().With.Message.Contains(words[^1]);

    private static ImageBuffer Make(int channels, int height, int width)
    {
        var image = new ImageBuffer(channels, height, width);
        for (int c = 0; c < channels; c++)
        {
            for (int y = 0; y < height; y++)
            {
                for (int x = 0; x < width; x++)
                    image[c, y, x] = 0.5f + (0.4f * MathF.Sin((0.3f * x) + (0.2f * y * (c + 1)) + c));
            }
        }

        return image.Quantized();
    }

    private static byte[] Encode(ImageBuffer image, ImageEncodeOptions? options)
    {
        using var stream = new MemoryStream();
        MagickCodecs.Jpeg2000.Encode(image, stream, options);
        return stream.ToArray();
    }

    private static ImageBuffer Apply(ImageBuffer image, int quality) =>
        DegradationPipeline.Parse($"compression(kind=jpeg2000,quality={quality})").Apply(image, 1, "x").Image;

    private static double Error(ImageBuffer a, ImageBuffer b) => Enumerable.Range(0, a.Array.Length).Average(i => (double)Math.Abs(a.Array[i] - b.Array[i]));
}
