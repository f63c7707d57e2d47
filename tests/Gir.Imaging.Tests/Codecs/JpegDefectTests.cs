using Gir.Imaging.Codecs;

namespace Gir.Imaging.Tests.Codecs;

/// <summary>Defects that do no harm: what libjpeg and browsers show, Gir shows too, with a warning, unless it is to be strict.</summary>
public sealed class JpegDefectTests
{
    private static readonly JpegCodec Codec = new();
    private static readonly ImageDecodeOptions Strict = new() { Strict = true };

    [Test]
    public void An_orientation_of_any_integer_type_is_followed([Values(1, 3, 4, 6, 8, 9)] int type, [Values] bool isLittleEndian)
    {
        byte[] plain = JpegCodecTests.Encode(JpegRoundTripTests.Noise(3, 24, 40), null);
        byte[] file = [.. plain[..2], .. Segment(0xE1, [.. "Exif\0\0"u8, .. Tiff(type, isLittleEndian, 6)]), .. plain[2..]];
        DecodedImage read = Codec.Read(file, Strict);
        Assert.That((read.Image.Height, read.Image.Width), Is.EqualTo((40, 24)));
        Assert.That(read.Image.Array, Is.EqualTo(Codec.Decode(plain).Rotate270().Array));
        Assert.That((read.Info.Height, read.Info.Width), Is.EqualTo((40, 24)));
    }

    [TestCase(2)]
    [TestCase(5)]
    [TestCase(11)]
    public void An_orientation_of_another_type_is_none(int type)
    {
        byte[] plain = JpegCodecTests.Encode(JpegRoundTripTests.Noise(3, 24, 40), null);
        byte[] file = [.. plain[..2], .. Segment(0xE1, [.. "Exif\0\0"u8, .. Tiff(type, isLittleEndian: true, 6)]), .. plain[2..]];
        Assert.That(Codec.Decode(file).Width, Is.EqualTo(40));
    }

    [TestCase("baseline_420.jpg")]
    [TestCase("progressive_420.jpg")]
    [TestCase("arithmetic.jpg")]
    public void A_missing_end_mark_and_what_a_maker_left_behind_are_warnings(string name)
    {
        byte[] file = File.ReadAllBytes(TestData.Golden("degradations", "files", name));
        Assert.That(file[^2..], Is.EqualTo(new byte[] { 0xFF, 0xD9 }));
        float[] expected = Codec.Decode(file, Strict).Array;
        foreach ((byte[] variant, string warning) in new (byte[], string)[]
        {
            (file[..^2], "end-of-image marker is missing"),
            ([.. file[..^2], .. "SEFH maker's trailer"u8], "end-of-image marker is missing"),
            ([.. file, .. new byte[12]], "12 bytes follow"),
            ([.. file[..^2], 0xFF, 0xE1, 0, 4, 1, 2], "FFE1"),
        })
        {
            // Arithmetic data have no end of their own: what follows without a marker is read as data, by libjpeg too.
            if (name == "arithmetic.jpg" && variant[^1] == (byte)'r')
                continue;
            DecodedImage read = Codec.Read(variant);
            Assert.That(read.Image.Array, Is.EqualTo(expected), warning);
            Assert.That(read.Info.Warnings, Has.Count.EqualTo(1).And.All.Contains(warning));
            Assert.That(() => Codec.Decode(variant, Strict), Throws.TypeOf<ImageFormatException>().With.Message.Contains(warning).And.Message.Contains("Strict"));
        }
    }

    [Test]
    public void A_progressive_file_that_lacks_scans_and_its_end_mark_is_refused()
    {
        byte[] file = File.ReadAllBytes(TestData.Golden("degradations", "files", "progressive_420.jpg"));
        int lastScan = file.AsSpan().LastIndexOf((ReadOnlySpan<byte>)[0xFF, 0xDA]);
        Assert.That(() => Codec.Decode(file.AsSpan(0, lastScan)), Throws.TypeOf<ImageFormatException>());
        Assert.That(() => Codec.Decode([.. file[..lastScan], 0xFF, 0xD9]), Throws.Nothing, "coarse, but so its maker says");
    }

    [TestCase("baseline_420")]
    [TestCase("restart_422")]
    [TestCase("progressive_420")]
    [TestCase("arithmetic_420")]
    [TestCase("progressive_arithmetic")]
    public void A_small_cut_is_filled_as_libjpeg_fills_it(string name)
    {
        DecodedImage read = ImageFile.Read(TestData.Golden("codecs", "cut", name + ".jpg"));
        Assert.That(read.Info.Warnings[0], Does.Contain("end early").And.Contain("are filled"));
        ImageBuffer expected = ImageFile.Load(TestData.Golden("codecs", "cut", name + ".png"));
        Assert.That(read.Image.HasShapeOf(expected));
        Assert.That(Images.LevelDifferences(Images.ToLevels(read.Image), Images.ToLevels(expected)), Is.EqualTo((0, 0)));
    }

    [Test]
    public void A_small_cut_is_filled_with_gray([Values] bool hasEndMark)
    {
        ImageBuffer image = JpegRoundTripTests.Noise(1, 8 * 20, 8 * 8);
        byte[] whole = JpegCodecTests.Encode(image, new JpegEncodeOptions(90));
        float[] expected = Codec.Decode(whole).Array;
        byte[] end = hasEndMark ? [0xFF, 0xD9] : [];
        // The largest cut that is forgiven, found by cutting byte after byte.
        int cut = 3;
        while (Decodes([.. whole[..^(cut + 1)], .. end]))
            cut++;
        Assert.That(cut, Is.GreaterThan(20));
        byte[] file = [.. whole[..^cut], .. end];
        DecodedImage read = Codec.Read(file);
        Assert.That(read.Info.Warnings[0], Does.Contain("end early").And.Contain("are filled"));
        Assert.That(() => Codec.Decode(file, Strict), Throws.TypeOf<ImageFormatException>());
        int same = read.Image.Array.AsSpan().CommonPrefixLength(expected);
        Assert.That(same, Is.GreaterThan(read.Image.PlaneLength * 3 / 4));
        Assert.That(read.Image.Array[^1], Is.EqualTo(128 / 255f));
    }

    [Test]
    public void A_JFIF_segment_that_libjpeg_does_not_believe_is_passed_over()
    {
        byte[] plain = JpegCodecTests.Encode(JpegRoundTripTests.Noise(3, 24, 40), new JpegEncodeOptions(90, ChromaSubsampling.Chroma444));
        byte[] adobe = Segment(0xEE, [.. "Adobe"u8, 0, 100, 0, 0, 0, 0, 0]);
        byte[] rest = plain[20..];
        byte[] rgb = [.. plain[..2], .. adobe, .. rest];
        byte[] shortened = [.. plain[..2], .. Segment(0xE0, [.. "JFIF\0"u8, 1, 1, 0, 0, 1, 0, 1]), .. adobe, .. rest];
        DecodedImage read = Codec.Read(shortened);
        Assert.That(read.Image.Array, Is.EqualTo(Codec.Decode(rgb).Array), "RGB, as Adobe says");
        Assert.That(read.Info.Warnings, Has.Count.EqualTo(1).And.All.Contains("JFIF segment of 12 bytes"));
        byte[] full = [.. plain[..20], .. adobe, .. rest];
        Assert.That(Codec.Decode(full).Array, Is.EqualTo(Codec.Decode(plain).Array), "YCbCr, as JFIF says");
    }

    [Test]
    public void Profile_and_density_are_handed_on([Values(1, 3)] int channels, [Values(200, 70_000, 140_000)] int length)
    {
        byte[] profile = Profile(channels, length);
        foreach (ImageResolution resolution in new[] { ImageResolution.PerInch(300, 150), new ImageResolution(11800, 5900) })
        {
            var metadata = new ImageMetadata { IccProfile = profile, Resolution = resolution };
            byte[] file = JpegCodecTests.Encode(JpegRoundTripTests.Noise(channels, 9, 9), new JpegEncodeOptions { Metadata = metadata });
            DecodedImage read = Codec.Read(file, Strict);
            Assert.That(read.Info.Metadata, Is.EqualTo(metadata));
            Assert.That(Codec.ReadInfo(file).Metadata, Is.EqualTo(metadata));
        }
    }

    [Test]
    public void A_profile_of_another_color_space_is_left_out()
    {
        var metadata = new ImageMetadata { IccProfile = Profile(1, 200) };
        byte[] file = JpegCodecTests.Encode(JpegRoundTripTests.Noise(3, 9, 9), new JpegEncodeOptions { Metadata = metadata });
        Assert.That(file, Is.EqualTo(JpegCodecTests.Encode(JpegRoundTripTests.Noise(3, 9, 9), null)));
    }

    [Test]
    public void A_profile_that_lacks_a_part_is_a_warning()
    {
        byte[] plain = JpegCodecTests.Encode(JpegRoundTripTests.Noise(3, 9, 9), null);
        byte[] part = Segment(0xE2, [.. "ICC_PROFILE\0"u8, 2, 2, .. Profile(3, 200)]);
        byte[] file = [.. plain[..20], .. part, .. plain[20..]];
        ImageFileInfo info = Codec.ReadInfo(file);
        Assert.That(info.Warnings, Has.Count.EqualTo(1).And.All.Contains("1 of 2 parts"));
        Assert.That(info.Metadata, Is.EqualTo(ImageMetadata.None));
    }

    [Test]
    public void Arithmetic_data_must_suffice_for_the_size_that_is_claimed()
    {
        byte[] file = File.ReadAllBytes(TestData.Golden("degradations", "files", "arithmetic.jpg"));
        int frame = file.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xFF, 0xC9]);
        foreach ((int height, int width) in new[] { (12_000, 12_000), (4_000, 4_000), (2_500, 2_500) })
        {
            byte[] claim = [.. file];
            (claim[frame + 5], claim[frame + 6], claim[frame + 7], claim[frame + 8]) = ((byte)(height >> 8), (byte)height, (byte)(width >> 8), (byte)width);
            long before = GC.GetAllocatedBytesForCurrentThread();
            Assert.That(() => Codec.Decode(claim), Throws.TypeOf<ImageFormatException>());
            Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(4 << 20), $"{height} x {width}");
        }
    }

    [Test]
    [Category(TestData.RealData)]
    public void A_kilobyte_of_arithmetic_data_does_not_become_gigabytes()
    {
        byte[] file = File.ReadAllBytes(TestData.Shared("faults", "hostile", "jpeg-arith-12000.jpg"));
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.That(() => Codec.Decode(file), Throws.TypeOf<ImageFormatException>().With.Message.Contains("12000 x 12000"));
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(1 << 20));
    }

    [Test]
    [Category(TestData.RealData)]
    public void Reported_files_are_read_as_their_reports_say()
    {
        string Fault(string name, string file) => TestData.Shared("faults", name, file);
        const string orientation = "exif-orientation-type-long";
        ImageBuffer turned = ImageFile.Load(Fault(orientation, "exif_II_short.jpg"));
        foreach (string file in new[] { "exif_II_long.jpg", "exif_MM_long.jpg" })
            Assert.That(ImageFile.Load(Fault(orientation, file)).Array, Is.EqualTo(turned.Array), file);
        ImageBuffer png = ImageFile.Load(Fault(orientation, "exif_long.png"));
        Assert.That((turned.Width, turned.Height), Is.EqualTo((40, 56)));
        ImageBuffer stored = ImageFile.Load(Fault(orientation, "exif_long.png"), new ImageDecodeOptions { ApplyOrientation = false });
        Assert.That(png.Array, Is.EqualTo(stored.Rotate270().Array));
        Assert.That(png.Width, Is.EqualTo(stored.Height));

        const string progressive = "jpeg-progressive-without-eoi";
        float[] whole = ImageFile.Load(Fault(progressive, "prog.jpg"), Strict).Array;
        foreach (string file in new[] { "prog_noeoi.jpg", "prog_noeoi_trailer.jpg" })
        {
            DecodedImage read = ImageFile.Read(Fault(progressive, file));
            Assert.That(read.Image.Array, Is.EqualTo(whole), file);
            Assert.That(read.Info.Warnings, Has.Count.EqualTo(1), file);
        }

        DecodedImage rgb = ImageFile.Read(Fault("jpeg-short-jfif", "jfif_short12.jpg"));
        Assert.That(rgb.Info.Warnings, Has.Count.EqualTo(1));
        foreach (string file in new[] { "crc_iTXt.png", "crc_pHYs.png", "crc_zTXt.png" })
        {
            DecodedImage read = ImageFile.Read(Fault("png-ancillary-crc", file));
            Assert.That(read.Info.Warnings, Has.Count.EqualTo(1).And.All.Contains("CRC"), file);
        }

        DecodedImage opaque = ImageFile.Read(Fault("png-trns-too-long", "trns_long.png"));
        Assert.That(opaque.Image.Channels, Is.EqualTo(3));
        Assert.That(opaque.Info.Warnings, Has.Count.EqualTo(1).And.All.Contains("tRNS is 10 bytes long"));
    }

    /// <summary>EXIF data whose only entry is an orientation.</summary>
    internal static byte[] Tiff(int type, bool isLittleEndian, byte orientation)
    {
        byte[] Number(int value, int bytes)
        {
            byte[] number = [.. Enumerable.Range(0, bytes).Select(i => (byte)(value >> (8 * i)))];
            return isLittleEndian ? number : [.. Enumerable.Reverse(number)];
        }

        int size = type is 1 or 6 or 2 ? 1 : type is 3 or 8 ? 2 : 4;
        return
        [
            .. isLittleEndian ? "II"u8 : "MM"u8, .. Number(42, 2), .. Number(8, 4), .. Number(1, 2),
            .. Number(0x0112, 2), .. Number(type, 2), .. Number(1, 4), .. Number(orientation, size), .. new byte[4 - size], .. new byte[4],
        ];
    }

    /// <summary>A profile as far as codecs look at it.</summary>
    internal static byte[] Profile(int channels, int length)
    {
        byte[] profile = [.. Enumerable.Range(0, length).Select(i => (byte)(i * 7 % 251))];
        (channels < 3 ? "GRAY"u8 : "RGB "u8).CopyTo(profile.AsSpan(16));
        return profile;
    }

    private static byte[] Segment(byte marker, byte[] content) =>
        [0xFF, marker, (byte)((content.Length + 2) >> 8), (byte)(content.Length + 2), .. content];

    private static bool Decodes(byte[] file)
    {
        try
        {
            Codec.Decode(file);
            return true;
        }
        catch (ImageFormatException)
        {
            return false;
        }
    }
}
