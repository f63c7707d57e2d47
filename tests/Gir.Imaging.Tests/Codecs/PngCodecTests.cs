using System.Buffers.Binary;
using System.IO.Compression;
using Gir.Imaging.Codecs;
using Gir.Imaging.Kernels;
using Gir.Imaging.Random;

namespace Gir.Imaging.Tests.Codecs;

public sealed class PngCodecTests
{
    [Test]
    public void What_is_written_is_read_back_exactly() => Properties.Hold<(byte H, byte W), byte, bool>((size, channels, isWide) =>
    {
        int depth = isWide ? 16 : 8;
        ImageBuffer image = Levels(1 + (channels % 4), 1 + (size.H % 50), 1 + (size.W % 70), depth, seed: channels);
        foreach (CompressionLevel level in Enum.GetValues<CompressionLevel>())
        {
            byte[] file = ImageFile.Encode(image, "png", new PngEncodeOptions(depth, level));
            ImageBuffer back = ImageFile.Decode(file);
            if (!back.HasShapeOf(image) || !back.Samples.SequenceEqual(image.Samples))
                return false;
        }

        return ImageCodecs.Png.ReadInfo(ImageFile.Encode(image, "png", new PngEncodeOptions(depth))).BitsPerSample == depth;
    });

    [Test]
    [OnePass]
    public void The_same_image_gives_the_same_bytes_for_any_number_of_threads([Values(1, 2, 3, 4)] int channels, [Values(8, 16)] int depth)
    {
        // More groups of rows than are held at a time.
        ImageBuffer image = Levels(channels, 900, 3000 / channels, depth, seed: 5);
        byte[] first = ImageFile.Encode(image, "png", new PngEncodeOptions(depth));
        foreach (int threads in new[] { 2, 3 })
        {
            byte[] file = ImageFile.Encode(image, "png", new PngEncodeOptions(depth) { Parallelism = new Parallelism(threads) });
            Assert.That(file.AsSpan().SequenceEqual(first), $"{threads} threads");
        }

        Assert.That(ImageFile.Decode(first).Samples.SequenceEqual(image.Samples));
    }

    [Test]
    public void Rows_longer_than_a_group_are_written()
    {
        ImageBuffer image = Levels(3, 3, 60_000, 8, seed: 6);
        Assert.That(ImageFile.Decode(ImageFile.Encode(image, "png")).Samples.SequenceEqual(image.Samples));
    }

    [Test]
    public void Flat_images_become_small()
    {
        int length = ImageFile.Encode(new ImageBuffer(3, 1000, 1000), "png").Length;
        Assert.That(length, Is.LessThan(20_000));
    }

    [Test]
    public void Filters_make_smooth_images_small()
    {
        ImageBuffer image = Smooth(128, 128);
        int filtered = ImageFile.Encode(image, "png", new PngEncodeOptions { CompressionLevel = CompressionLevel.Optimal }).Length;
        using var plain = new MemoryStream();
        using (var zlib = new ZLibStream(plain, CompressionLevel.Optimal, leaveOpen: true))
            zlib.Write(image.ToInterleaved());
        Assert.That(filtered, Is.LessThan(plain.Length / 2));
    }

    [Test]
    public void Options_and_channels_that_make_no_PNG_are_refused()
    {
        ImageBuffer image = Smooth(4, 4);
        Assert.That(() => ImageFile.Encode(image, "png", new PngEncodeOptions(BitDepth: 4)), Throws.ArgumentException.With.Message.Contains("8 or 16"));
        Assert.That(() => ImageFile.Encode(image, "png", new PngEncodeOptions(8, (CompressionLevel)99)), Throws.ArgumentException);
        Assert.That(() => ImageFile.Encode(image, "png", new OtherOptions()), Throws.ArgumentException.With.Message.Contains("OtherOptions"));
        Assert.That(() => ImageFile.Encode(new ImageBuffer(5, 2, 2), "png"), Throws.ArgumentException.With.Message.Contains("5 x 2 x 2"));
    }

    [Test]
    public void Limits_are_kept_and_named()
    {
        byte[] file = ImageFile.Encode(Smooth(20, 30), "png");
        Assert.That(
            () => ImageFile.Decode(file, new ImageDecodeOptions { MaxPixels = 599 }),
            Throws.InstanceOf<ImageFormatException>().With.Message.Contains("599").And.Message.Contains("MaxPixels"));
        Assert.That(
            () => ImageCodecs.Png.ReadInfo(file, new ImageDecodeOptions { MaxDimension = 29 }),
            Throws.InstanceOf<ImageFormatException>().With.Message.Contains("MaxDimension"));
        Assert.That(ImageFile.Decode(file, new ImageDecodeOptions { MaxPixels = 600, MaxDimension = 30 }).Width, Is.EqualTo(30));
    }

    [Test]
    public void A_claim_of_gigabytes_allocates_little()
    {
        // 16000 x 16000 RGBA is 4 GB of samples; the data holds a few rows.
        using var data = new MemoryStream();
        using (var zlib = new ZLibStream(data, CompressionLevel.Optimal, leaveOpen: true))
            zlib.Write(new byte[200_000]);
        byte[] file = File(16_000, 16_000, 6, data.ToArray());
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.That(() => ImageFile.Decode(file), Throws.InstanceOf<ImageFormatException>().With.Message.Contains("too early"));
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(4_000_000));
    }

    [Test]
    public void A_large_flat_image_that_is_all_there_decodes()
    {
        // Compresses 1 : 1000, so its data is proved before room is made for it.
        using var data = new MemoryStream();
        using (var zlib = new ZLibStream(data, CompressionLevel.Optimal, leaveOpen: true))
            zlib.Write(new byte[2400 * 2401]);
        ImageBuffer image = ImageFile.Decode(File(2400, 2400, 0, data.ToArray()));
        Assert.That(image.Samples.IndexOfAnyExcept(0f), Is.EqualTo(-1));
    }

    [TestCase(0, true)]
    [TestCase(1, false)]
    [TestCase(5000, false)]
    public void Surplus_image_data_is_an_error(int surplus, bool isLegal)
    {
        using var data = new MemoryStream();
        using (var zlib = new ZLibStream(data, CompressionLevel.Optimal, leaveOpen: true))
            zlib.Write(new byte[(11 * 10) + surplus]);
        byte[] file = File(10, 10, 0, data.ToArray());
        Assert.That(() => ImageFile.Decode(file), isLegal ? Throws.Nothing : Throws.InstanceOf<ImageFormatException>());
    }

    [Test]
    public void A_stream_cut_before_its_checksum_is_an_error()
    {
        using var data = new MemoryStream();
        using (var zlib = new ZLibStream(data, CompressionLevel.Optimal, leaveOpen: true))
            zlib.Write(new byte[110]);
        for (int cut = 1; cut <= 4; cut++)
            Assert.That(() => ImageFile.Decode(File(10, 10, 0, data.ToArray()[..^cut])), Throws.InstanceOf<ImageFormatException>(), $"{cut} bytes cut");
    }

    [TestCase(3, new[] { 5, 4, 3, 2, 1, 0 }, 2, 3)]
    [TestCase(6, new[] { 3, 0, 4, 1, 5, 2 }, 3, 2)]
    [TestCase(1, new[] { 0, 1, 2, 3, 4, 5 }, 2, 3)]
    public void An_orientation_before_the_data_is_followed_on_request(byte orientation, int[] expected, int height, int width)
    {
        byte[] plain = ImageFile.Encode(ImageConversion.FromInterleaved([0, 1, 2, 3, 4, 5], 1, 2, 3), "png");
        byte[] exif = [(byte)'M', (byte)'M', 0, 42, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0, 0, 0, 0, 0];
        using var chunk = new MemoryStream();
        Chunk(chunk, "eXIf"u8, exif);
        const int afterHeader = 8 + 25;
        byte[] file = [.. plain[..afterHeader], .. chunk.ToArray(), .. plain[afterHeader..]];
        ImageBuffer turned = ImageFile.Decode(file);
        Assert.That(turned.ToInterleaved().Select(v => (int)v), Is.EqualTo(expected));
        Assert.That((turned.Height, turned.Width), Is.EqualTo((height, width)));
        ImageFileInfo info = ImageCodecs.Png.ReadInfo(file);
        Assert.That((info.Height, info.Width), Is.EqualTo((height, width)));
        var asStored = new ImageDecodeOptions { ApplyOrientation = false };
        Assert.That(ImageFile.Decode(file, asStored).ToInterleaved(), Is.EqualTo(new byte[] { 0, 1, 2, 3, 4, 5 }));
        Assert.That(ImageCodecs.Png.ReadInfo(file, asStored).Width, Is.EqualTo(3));
    }

    [Test]
    public void Mutated_files_decode_or_are_refused()
    {
        string[] names = ["rgb8.png", "palette8_trns.png", "gray16_interlaced.png", "rgb8_ancillary.png", "rgba8.png", "gray1.png"];
        var random = new PhiloxRandom(11);
        int refused = 0;
        for (int round = 0; round < 400; round++)
        {
            byte[] file = System.IO.File.ReadAllBytes(TestData.Golden("degradations", "files", names[round % names.Length]));
            file = Mutate(file, random);
            // Half of the files get right checksums again, so that the mutations reach what lies behind them.
            if (round % 2 == 0)
                RepairChecksums(file);
            try
            {
                ImageCodecs.Png.ReadInfo(file, new ImageDecodeOptions { MaxPixels = 1 << 22 });
                ImageFile.Decode(file, new ImageDecodeOptions { MaxPixels = 1 << 22 });
            }
            catch (ImageFormatException)
            {
                refused++;
            }
        }

        Assert.That(refused, Is.InRange(200, 399));
    }

    internal static byte[] Mutate(byte[] file, PhiloxRandom random)
    {
        int changes = random.NextInteger(1, 4);
        for (int i = 0; i < changes; i++)
            file[random.NextInteger(0, file.Length - 1)] = (byte)random.NextUInt32();
        return random.NextBoolean(0.2) ? file[..random.NextInteger(0, file.Length)] : file;
    }

    private static void RepairChecksums(byte[] file)
    {
        for (int at = 8; at + 12 <= file.Length;)
        {
            uint length = BinaryPrimitives.ReadUInt32BigEndian(file.AsSpan(at));
            if (length > file.Length - at - 12)
                return;
            uint crc = Crc32.AppendScalar(0, file.AsSpan(at + 4, (int)length + 4));
            BinaryPrimitives.WriteUInt32BigEndian(file.AsSpan(at + 8 + (int)length), crc);
            at += (int)length + 12;
        }
    }

    private static byte[] File(int height, int width, byte colorType, byte[] data)
    {
        using var file = new MemoryStream();
        file.Write([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]);
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        header[8] = 8;
        header[9] = colorType;
        Chunk(file, "IHDR"u8, header);
        Chunk(file, "IDAT"u8, data);
        Chunk(file, "IEND"u8, []);
        return file.ToArray();
    }

    private static void Chunk(MemoryStream file, ReadOnlySpan<byte> type, ReadOnlySpan<byte> data)
    {
        byte[] chunk = new byte[12 + data.Length];
        BinaryPrimitives.WriteInt32BigEndian(chunk, data.Length);
        type.CopyTo(chunk.AsSpan(4));
        data.CopyTo(chunk.AsSpan(8));
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(8 + data.Length), Crc32.AppendScalar(0, chunk.AsSpan(4, 4 + data.Length)));
        file.Write(chunk);
    }

    private static ImageBuffer Levels(int channels, int height, int width, int depth, ulong seed)
    {
        var image = new ImageBuffer(channels, height, width);
        var random = new PhiloxRandom(seed);
        int most = (1 << depth) - 1;
        // Runs of equal levels now and then, so that every filter is chosen somewhere.
        int level = 0;
        foreach (ref float sample in image.Samples)
        {
            level = random.NextBoolean(0.3) ? random.NextInteger(0, most) : Math.Min(most, level + random.NextInteger(0, 3));
            sample = level / (float)most;
        }

        return image;
    }

    private static ImageBuffer Smooth(int height, int width)
    {
        var image = new ImageBuffer(3, height, width);
        for (int c = 0; c < 3; c++)
        {
            for (int y = 0; y < height; y++)
            {
                for (int x = 0; x < width; x++)
                    image[c, y, x] = 0.5f + (0.4f * MathF.Sin(((c + 1) * x * 0.05f) + (y * 0.03f)));
            }
        }

        image.Quantize();
        return image;
    }

    private sealed record OtherOptions : ImageEncodeOptions;
}
