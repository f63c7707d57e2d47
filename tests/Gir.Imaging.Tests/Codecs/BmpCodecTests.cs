using System.Buffers.Binary;
using Gir.Imaging.Codecs;
using Gir.Imaging.Random;

namespace Gir.Imaging.Tests.Codecs;

public sealed class BmpCodecTests
{
    private static readonly byte[] FourColors = [0, 0, 0, 0, 0, 0, 255, 0, 0, 255, 0, 0, 255, 0, 0, 0];

    [Test]
    public void What_is_written_is_read_back_exactly() => Properties.Hold<byte, byte, byte>((h, w, c) =>
    {
        int[] channels = [1, 3, 4];
        var image = new ImageBuffer(channels[c % 3], 1 + (h % 40), 1 + (w % 70));
        var random = new PhiloxRandom(h);
        foreach (ref float sample in image.Samples)
            sample = random.NextInteger(0, 255) / 255f;
        byte[] file = ImageFile.Encode(image, "bmp");
        ImageBuffer back = ImageFile.Decode(file);
        return back.HasShapeOf(image) && back.Samples.SequenceEqual(image.Samples)
            && ImageCodecs.Bmp.ReadInfo(file) == new ImageFileInfo("bmp", image.Channels, image.Height, image.Width, 8);
    });

    [Test]
    public void One_bit_rows_are_stored_bottom_up_and_padded_to_four_bytes()
    {
        // Two rows of ten pixels: the bottom one first.
        byte[] file = File(10, 2, 1, 0, [0, 0, 0, 0, 255, 255, 255, 0], [0b10101010, 0b11000000, 0, 0, 0b00000000, 0b01000000, 0, 0]);
        ImageBuffer image = ImageFile.Decode(file);
        Assert.That(image.Channels, Is.EqualTo(1), "a palette of grays");
        Assert.That(image.Plane(0)[..10].ToArray(), Is.EqualTo(new float[] { 0, 0, 0, 0, 0, 0, 0, 0, 0, 1 }));
        Assert.That(image.Plane(0)[10..].ToArray(), Is.EqualTo(new float[] { 1, 0, 1, 0, 1, 0, 1, 0, 1, 1 }));
    }

    [Test]
    public void A_negative_height_is_top_down()
    {
        ImageBuffer image = ImageFile.Decode(File(1, -2, 24, 0, [], [10, 20, 30, 0, 40, 50, 60, 0]));
        Assert.That(image.Array, Is.EqualTo(new[] { 30 / 255f, 60 / 255f, 20 / 255f, 50 / 255f, 10 / 255f, 40 / 255f }));
    }

    [Test]
    public void Four_bit_indices_look_up_colors()
    {
        ImageBuffer image = ImageFile.Decode(File(3, 1, 4, 0, FourColors, [0x12, 0x30, 0, 0]));
        Assert.That(image.Array, Is.EqualTo(new float[] { 1, 0, 0, 0, 1, 0, 0, 0, 1 }), "red, green, blue");
    }

    [Test]
    public void Sixteen_bits_are_five_each_unless_masks_say_otherwise()
    {
        byte[] pixels = [0x1F, 0x7C, 0xE0, 0x03];
        ImageBuffer plain = ImageFile.Decode(File(2, 1, 16, 0, [], pixels));
        Assert.That(plain.Array, Is.EqualTo(new float[] { 1, 0, 0, 1, 1, 0 }));
        ImageBuffer masked = ImageFile.Decode(File(2, 1, 16, 3, Words(0xF800, 0x07E0, 0x001F), pixels));
        Assert.That(masked.Array, Is.EqualTo(new[] { 15 / 31f, 0, 32 / 63f, 31 / 63f, 1, 0 }));
        Assert.That(ImageCodecs.Bmp.ReadInfo(File(2, 1, 16, 3, Words(0xF800, 0x07E0, 0x001F), pixels)).BitsPerSample, Is.EqualTo(6));
    }

    [Test]
    public void Thirty_two_bits_have_alpha_only_by_mask()
    {
        byte[] pixel = [1, 2, 3, 4];
        Assert.That(ImageFile.Decode(File(1, 1, 32, 0, [], pixel)).Array, Is.EqualTo(new[] { 3 / 255f, 2 / 255f, 1 / 255f }));
        Assert.That(
            ImageFile.Decode(File(1, 1, 32, 6, Words(0xFF, 0xFF00, 0xFF0000, 0xFF000000), pixel)).Array,
            Is.EqualTo(new[] { 1 / 255f, 2 / 255f, 3 / 255f, 4 / 255f }));
        Assert.That(ImageFile.Decode(File(1, 1, 32, 3, Words(0x3FF00000, 0x000FFC00, 0x000003FF), [0xFF, 0x03, 0, 0])).Array, Is.EqualTo(new float[] { 0, 0, 1 }));
    }

    [TestCase(40)]
    [TestCase(52)]
    [TestCase(56)]
    [TestCase(108)]
    [TestCase(124)]
    public void Twenty_four_bits_may_have_masks(int headerSize)
    {
        // Blue, green, red as GIMP names them; then the other way round, beside an alpha mask that lies outside the pixel.
        byte[] pixels = [10, 20, 30, 40, 50, 60, 0, 0];
        byte[] usual = WithHeader(headerSize, File(2, 1, 24, 3, Words(0xFF0000, 0xFF00, 0xFF), pixels));
        Assert.That(ImageFile.Decode(usual).Array, Is.EqualTo(new[] { 30 / 255f, 60 / 255f, 20 / 255f, 50 / 255f, 10 / 255f, 40 / 255f }));
        byte[] swapped = WithHeader(headerSize, File(2, 1, 24, 3, Words(0xFF, 0xFF00, 0xFF0000, 0xFF000000), pixels));
        Assert.That(ImageFile.Decode(swapped).Array, Is.EqualTo(new[] { 10 / 255f, 40 / 255f, 20 / 255f, 50 / 255f, 30 / 255f, 60 / 255f }));
    }

    [Test]
    [Category(TestData.RealData)]
    public void GIMP_s_bitmap_of_24_bits_with_masks_is_read()
    {
        byte[] file = System.IO.File.ReadAllBytes(TestData.Shared("faults", "bmp-gimp-24-bit-masks", "gimp24_bitfields.bmp"));
        byte[] plain = With(file, 30, 0);
        Assert.That(ImageFile.Decode(file).Array, Is.EqualTo(ImageFile.Decode(plain).Array));
    }

    [Test]
    public void The_resolution_is_handed_on()
    {
        var metadata = new ImageMetadata { Resolution = new ImageResolution(11811, 5906) };
        byte[] file = ImageFile.Encode(new ImageBuffer(3, 2, 2), "bmp", new ImageSaveOptions { Metadata = metadata });
        Assert.That(ImageCodecs.Bmp.ReadInfo(file).Metadata, Is.EqualTo(metadata));
        Assert.That(
            () => ImageFile.Encode(new ImageBuffer(3, 2, 2), "bmp", new ImageSaveOptions(16)), Throws.ArgumentException.With.Message.Contains("8 bits"));
    }

    [Test]
    public void The_oldest_header_has_palette_entries_of_three_bytes()
    {
        byte[] file = new byte[14 + 12 + 6 + 4];
        "BM"u8.CopyTo(file);
        file[10] = 32;
        file[14] = 12;
        (file[18], file[20], file[22], file[24]) = (2, 1, 1, 1);
        file[26 + 3] = 200;
        file[32] = 0b01000000;
        Assert.That(ImageFile.Decode(file).Array, Is.EqualTo(new[] { 0, 0, 0, 0, 0, 200 / 255f }));
    }

    [Test]
    public void Run_lengths_of_eight_bits_have_runs_literals_jumps_and_ends()
    {
        byte[] codes =
        [
            3, 1, 0, 3, 2, 3, 1, 0, 0, 0, // 1 1 1 2 3 1, end of line (bottom)
            0, 2, 2, 0, 1, 2, 0, 1,       // jump two right, 2, end
        ];
        ImageBuffer image = ImageFile.Decode(File(6, 2, 8, 1, FourColors, codes));
        Assert.That(image.Plane(0).ToArray(), Is.EqualTo(new float[] { 0, 0, 0, 0, 0, 0, 1, 1, 1, 0, 0, 1 }), "red");
        Assert.That(image.Plane(1).ToArray(), Is.EqualTo(new float[] { 0, 0, 1, 0, 0, 0, 0, 0, 0, 1, 0, 0 }), "green");
        Assert.That(image.Plane(2).ToArray(), Is.EqualTo(new float[] { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0 }), "blue");
    }

    [Test]
    public void Run_lengths_of_four_bits_alternate()
    {
        // 1 2 1 by a run, 3 1 2 1 1 as literals in three bytes and one of padding.
        ImageBuffer image = ImageFile.Decode(File(8, 1, 4, 2, FourColors, [3, 0x12, 0, 5, 0x31, 0x21, 0x10, 0, 0, 1]));
        Assert.That(image.Plane(0).ToArray(), Is.EqualTo(new float[] { 1, 0, 1, 0, 1, 0, 1, 1 }));
        Assert.That(image.Plane(1).ToArray(), Is.EqualTo(new float[] { 0, 1, 0, 0, 0, 1, 0, 0 }));
    }

    [TestCaseSource(nameof(Damaged))]
    public void Damage_is_refused_with_a_reason(byte[] file, string reason) =>
        Assert.That(() => ImageCodecs.Bmp.Decode(file), Throws.InstanceOf<ImageFormatException>().With.Message.Contains(reason));

    public static IEnumerable<TestCaseData> Damaged()
    {
        byte[] good = File(3, 3, 24, 0, [], new byte[36]);
        yield return new TestCaseData(new byte[] { 1, 2, 3 }, "424D").SetArgDisplayNames("no signature");
        yield return new TestCaseData(good[..20], "headers").SetArgDisplayNames("short headers");
        yield return new TestCaseData(good[..70], "cut short").SetArgDisplayNames("short pixels");
        yield return new TestCaseData(With(good, 14, 41), "header of 41").SetArgDisplayNames("header size");
        yield return new TestCaseData(With(good, 26, 2), "planes").SetArgDisplayNames("planes");
        yield return new TestCaseData(With(good, 28, 23), "23 bits").SetArgDisplayNames("depth");
        yield return new TestCaseData(With(good, 18, 0), "0 wide").SetArgDisplayNames("no width");
        yield return new TestCaseData(With(good, 21, 0x7F), "MaxDimension").SetArgDisplayNames("huge");
        yield return new TestCaseData(With(good, 30, 4), "JPEG").SetArgDisplayNames("embedded");
        yield return new TestCaseData(With(good, 10, 20), "begin at byte 20").SetArgDisplayNames("offset in header");
        yield return new TestCaseData(File(3, 1, 4, 0, FourColors, [0x12, 0x40, 0, 0]), "palette index 4").SetArgDisplayNames("index");
        yield return new TestCaseData(File(3, 1, 8, 0, [], new byte[4]), "palette").SetArgDisplayNames("no palette");
        yield return new TestCaseData(File(3, 1, 32, 3, Words(0xFF, 0xFF, 0xFF00), new byte[12]), "mask").SetArgDisplayNames("overlapping masks");
        yield return new TestCaseData(File(3, 1, 16, 3, Words(0xF0F, 0xF0, 0xF000), new byte[8]), "mask").SetArgDisplayNames("broken mask");
        yield return new TestCaseData(File(3, 1, 8, 1, FourColors, [4, 1, 0, 1]), "leave the image").SetArgDisplayNames("run past the row");
        yield return new TestCaseData(File(3, 1, 8, 1, FourColors, [3, 1, 0, 0, 1, 1, 0, 1]), "leave the image").SetArgDisplayNames("row too many");
        yield return new TestCaseData(File(3, 1, 8, 1, FourColors, [0, 2, 9, 9, 0, 1]), "jump").SetArgDisplayNames("jump");
        yield return new TestCaseData(File(3, 1, 8, 1, FourColors, [3, 1]), "end mark").SetArgDisplayNames("no end mark");
        yield return new TestCaseData(File(3, -1, 8, 1, FourColors, [3, 1, 0, 1]), "top-down").SetArgDisplayNames("top-down runs");
        yield return new TestCaseData(File(16000, 16000, 8, 1, FourColors, [3, 1, 0, 1]), "hostile").SetArgDisplayNames("bomb");
    }

    [Test]
    public void Mutated_files_decode_or_are_refused()
    {
        byte[][] files =
        [
            File(9, 7, 24, 0, [], new byte[28 * 7]),
            File(6, 2, 8, 1, FourColors, [3, 1, 0, 3, 2, 3, 1, 0, 0, 0, 0, 2, 2, 0, 1, 2, 0, 1]),
            File(8, 1, 4, 2, FourColors, [3, 0x12, 0, 5, 0x31, 0x21, 0x10, 0, 0, 1]),
            File(2, 2, 16, 3, Words(0xF800, 0x07E0, 0x001F), new byte[8]),
            File(10, 2, 1, 0, [0, 0, 0, 0, 255, 255, 255, 0], new byte[8]),
        ];
        var random = new PhiloxRandom(12);
        var options = new ImageDecodeOptions { MaxPixels = 1 << 20 };
        int refused = 0;
        for (int round = 0; round < 500; round++)
        {
            byte[] file = PngCodecTests.Mutate([.. files[round % files.Length]], random);
            try
            {
                ImageCodecs.Bmp.ReadInfo(file, options);
                ImageCodecs.Bmp.Decode(file, options);
            }
            catch (ImageFormatException)
            {
                refused++;
            }
        }

        Assert.That(refused, Is.InRange(100, 450));
    }

    [Test]
    public void Channels_and_options_that_make_no_bitmap_are_refused()
    {
        Assert.That(() => ImageFile.Encode(new ImageBuffer(2, 3, 3), "bmp"), Throws.ArgumentException.With.Message.Contains("1, 3 or 4"));
        Assert.That(() => ImageFile.Encode(new ImageBuffer(3, 3, 3), "bmp", new PngEncodeOptions()), Throws.ArgumentException);
    }

    private static byte[] With(byte[] file, int at, byte value)
    {
        byte[] copy = [.. file];
        copy[at] = value;
        return copy;
    }

    private static byte[] Words(params uint[] words)
    {
        var bytes = new byte[4 * words.Length];
        for (int i = 0; i < words.Length; i++)
            BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(4 * i), words[i]);
        return bytes;
    }

    /// <summary>The same file, whose masks belong to a longer header, as the later versions have it.</summary>
    private static byte[] WithHeader(int size, byte[] file)
    {
        if (size == 40)
            return file;
        int dataOffset = BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan(10));
        byte[] head = new byte[14 + size];
        file.AsSpan(0, Math.Min(dataOffset, head.Length)).CopyTo(head);
        BinaryPrimitives.WriteInt32LittleEndian(head.AsSpan(14), size);
        BinaryPrimitives.WriteInt32LittleEndian(head.AsSpan(10), head.Length);
        return [.. head, .. file[dataOffset..]];
    }

    /// <summary>A file with a header of 40 bytes, then masks or palette, then pixels.</summary>
    private static byte[] File(int width, int height, short bits, int compression, byte[] tables, byte[] pixels)
    {
        var file = new byte[54 + tables.Length + pixels.Length];
        Span<byte> f = file;
        "BM"u8.CopyTo(f);
        BinaryPrimitives.WriteInt32LittleEndian(f[2..], file.Length);
        BinaryPrimitives.WriteInt32LittleEndian(f[10..], 54 + tables.Length);
        BinaryPrimitives.WriteInt32LittleEndian(f[14..], 40);
        BinaryPrimitives.WriteInt32LittleEndian(f[18..], width);
        BinaryPrimitives.WriteInt32LittleEndian(f[22..], height);
        BinaryPrimitives.WriteInt16LittleEndian(f[26..], 1);
        BinaryPrimitives.WriteInt16LittleEndian(f[28..], bits);
        BinaryPrimitives.WriteInt32LittleEndian(f[30..], compression);
        if (bits <= 8)
            BinaryPrimitives.WriteInt32LittleEndian(f[46..], tables.Length / 4);
        tables.CopyTo(f[54..]);
        pixels.CopyTo(f[(54 + tables.Length)..]);
        return file;
    }
}
