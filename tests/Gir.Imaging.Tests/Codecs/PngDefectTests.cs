using System.Buffers.Binary;
using Gir.Imaging.Codecs;
using Gir.Imaging.Kernels;

namespace Gir.Imaging.Tests.Codecs;

/// <summary>Defects of chunks that are no part of the picture: as in libpng, they cost the chunk and not the picture.</summary>
public sealed class PngDefectTests
{
    private const int AfterHeader = 8 + 25;
    private static readonly ImageDecodeOptions Strict = new() { Strict = true };

    [Test]
    public void A_wrong_checksum_of_an_ancillary_chunk_is_a_warning(
        [Values("tEXt", "zTXt", "iTXt", "pHYs", "gAMA", "eXIf", "tRNS", "iCCP", "teSt")] string type, [Values] bool isBehindData)
    {
        ImageBuffer image = JpegRoundTripTests.Noise(3, 5, 6).Quantized();
        byte[] plain = ImageFile.Encode(image, "png");
        byte[] chunk = Chunk(type, [0, 1, 0, 2, 0, 3]);
        chunk[^1] ^= 1;
        int at = isBehindData ? plain.Length - 12 : AfterHeader;
        AssertWarns([.. plain[..at], .. chunk, .. plain[at..]], image, "CRC of chunk " + type);
    }

    [TestCase("tRNS", 3, "tRNS is 3 bytes long")]
    [TestCase("tRNS", 0, "tRNS is 0 bytes long")]
    [TestCase("pHYs", 8, "pHYs of 8 bytes")]
    [TestCase("iCCP", 5, "iCCP without a name")]
    [TestCase("PLTE", 4, "PLTE is 4 bytes long")]
    public void An_ancillary_chunk_of_a_wrong_length_is_a_warning(string type, int length, string warning)
    {
        ImageBuffer image = JpegRoundTripTests.Noise(3, 5, 6).Quantized();
        byte[] plain = ImageFile.Encode(image, "png");
        AssertWarns([.. plain[..AfterHeader], .. Chunk(type, new byte[length]), .. plain[AfterHeader..]], image, warning);
    }

    [TestCase(2, "tRNS beside an alpha channel")]
    [TestCase(3, "tRNS after IDAT")]
    public void Transparency_out_of_place_is_a_warning(int channels, string warning)
    {
        ImageBuffer image = JpegRoundTripTests.Noise(channels, 5, 6).Quantized();
        byte[] plain = ImageFile.Encode(image, "png");
        int at = channels == 3 ? plain.Length - 12 : AfterHeader;
        AssertWarns([.. plain[..at], .. Chunk("tRNS", new byte[channels == 3 ? 6 : 2]), .. plain[at..]], image, warning);
    }

    [Test]
    public void A_palette_s_transparency_counts_only_where_it_fits()
    {
        byte[] file = File.ReadAllBytes(TestData.Golden("degradations", "files", "palette8_trns.png"));
        int palette = file.AsSpan().IndexOf("PLTE"u8) - 4;
        int entries = BinaryPrimitives.ReadInt32BigEndian(file.AsSpan(palette)) / 3;
        int transparency = file.AsSpan().IndexOf("tRNS"u8) - 4;
        int end = transparency + 12 + BinaryPrimitives.ReadInt32BigEndian(file.AsSpan(transparency));
        ImageBuffer image = ImageFile.Decode(file, Strict);
        Assert.That(image.Channels, Is.EqualTo(4));
        byte[] longer = [.. file[..transparency], .. Chunk("tRNS", new byte[entries + 1]), .. file[end..]];
        AssertWarns(longer, image.WithoutAlpha(), $"tRNS is {entries + 1} bytes long");
        byte[] before = [.. file[..palette], .. Chunk("tRNS", [0]), .. file[palette..transparency], .. file[end..]];
        AssertWarns(before, image.WithoutAlpha(), "tRNS before PLTE");
        byte[] twice = [.. file[..end], .. Chunk("tRNS", [0]), .. file[end..]];
        AssertWarns(twice, image, "a second tRNS");
    }

    [Test]
    public void What_is_behind_the_picture_may_be_missing_or_too_much()
    {
        ImageBuffer image = JpegRoundTripTests.Noise(3, 5, 6).Quantized();
        byte[] plain = ImageFile.Encode(image, "png");
        for (int cut = 1; cut <= 12; cut++)
            AssertWarns(plain[..^cut], image, "without IEND");
        Assert.That(() => ImageFile.Decode(plain.AsSpan(0, plain.Length - 13)), Throws.TypeOf<ImageFormatException>(), "the checksum of the data");
        AssertWarns([.. plain, 1, 2, 3], image, "3 bytes follow IEND");
        AssertWarns([.. plain[..^12], .. Chunk("tEXt", new byte[50])[..30]], image, "without IEND");
    }

    [Test]
    public void An_orientation_of_any_integer_type_is_followed([Values(1, 3, 4, 6, 8, 9)] int type, [Values] bool isLittleEndian, [Values] bool isNamed)
    {
        byte[] plain = ImageFile.Encode(ImageConversion.FromInterleaved([0, 1, 2, 3, 4, 5], 1, 2, 3), "png");
        byte[] tiff = JpegDefectTests.Tiff(type, isLittleEndian, 6);
        byte[] file = [.. plain[..AfterHeader], .. Chunk("eXIf", [.. isNamed ? "Exif\0\0"u8 : [], .. tiff]), .. plain[AfterHeader..]];
        Assert.That(ImageFile.Decode(file, Strict).ToInterleaved().Select(v => (int)v), Is.EqualTo(new[] { 3, 0, 4, 1, 5, 2 }));
    }

    [Test]
    public void Profile_and_resolution_are_handed_on([Values(1, 2, 3, 4)] int channels, [Values(8, 16)] int depth)
    {
        var metadata = new ImageMetadata { IccProfile = JpegDefectTests.Profile(channels, 3000), Resolution = new ImageResolution(2835, 3937) };
        byte[] file = ImageFile.Encode(JpegRoundTripTests.Noise(channels, 9, 9), "png", new ImageSaveOptions(depth) { Metadata = metadata });
        DecodedImage read = ImageCodecs.Png.Read(file, Strict);
        Assert.That(read.Info.Metadata, Is.EqualTo(metadata));
        Assert.That(read.Info.BitsPerSample, Is.EqualTo(depth));
        Assert.That(ImageCodecs.Png.ReadInfo(file).Metadata, Is.EqualTo(metadata));
    }

    [Test]
    public void A_profile_that_is_no_profile_costs_little()
    {
        byte[] plain = ImageFile.Encode(new ImageBuffer(3, 2, 2), "png");
        using var bomb = new MemoryStream();
        using (var zlib = new System.IO.Compression.ZLibStream(bomb, System.IO.Compression.CompressionLevel.Optimal, leaveOpen: true))
        {
            for (int i = 0; i < 20; i++)
                zlib.Write(new byte[1 << 20]);
        }

        foreach ((byte[] data, string warning) in new (byte[], string)[] { (bomb.ToArray(), "more than 16777216 bytes"), ([1, 2, 3, 4], "damaged data") })
        {
            byte[] file = [.. plain[..AfterHeader], .. Chunk("iCCP", [(byte)'x', 0, 0, .. data]), .. plain[AfterHeader..]];
            AssertWarns(file, new ImageBuffer(3, 2, 2), warning);
        }
    }

    private static void AssertWarns(byte[] file, ImageBuffer expected, string warning)
    {
        DecodedImage read = ImageCodecs.Png.Read(file);
        Assert.That(read.Image.HasShapeOf(expected) && read.Image.Samples.SequenceEqual(expected.Samples), warning);
        Assert.That(read.Info.Warnings, Has.Count.EqualTo(1).And.All.Contains(warning));
        Assert.That(() => ImageFile.Decode(file, Strict), Throws.TypeOf<ImageFormatException>().With.Message.Contains(warning));
    }

    private static byte[] Chunk(string type, byte[] data)
    {
        byte[] chunk = new byte[12 + data.Length];
        BinaryPrimitives.WriteInt32BigEndian(chunk, data.Length);
        System.Text.Encoding.ASCII.GetBytes(type).CopyTo(chunk, 4);
        data.CopyTo(chunk, 8);
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(8 + data.Length), Crc32.AppendScalar(0, chunk.AsSpan(4, 4 + data.Length)));
        return chunk;
    }
}
