using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using Gir.Imaging.Codecs;
using Gir.Imaging.Random;

namespace Gir.Imaging.Tests.Codecs;

public sealed class NpyCodecTests
{
    [Test]
    public void Floats_come_back_bit_for_bit() => Properties.Hold<byte, byte, byte>((c, h, w) =>
    {
        var image = new ImageBuffer(1 + (c % 6), 5 + (h % 30), 5 + (w % 30));
        var random = new PhiloxRandom(h);
        foreach (ref float sample in image.Samples)
            sample = BitConverter.UInt32BitsToSingle(random.NextUInt32());
        byte[] file = ImageFile.Encode(image, "npy");
        ImageBuffer back = ImageFile.Decode(file);
        return back.HasShapeOf(image)
            && MemoryMarshal.AsBytes(back.Samples).SequenceEqual(MemoryMarshal.AsBytes(image.Samples))
            && ImageCodecs.Npy.ReadInfo(file) == new ImageFileInfo("npy", image.Channels, image.Height, image.Width, 32);
    });

    [Test]
    public void Every_element_and_layout_comes_back() => Properties.Hold<byte, byte, byte>((c, h, w) =>
    {
        var image = new ImageBuffer(1 + (c % 6), 1 + (h % 9), 1 + (w % 9));
        var random = new PhiloxRandom(w);
        foreach (ref float sample in image.Samples)
            sample = random.NextInteger(0, 255) / 255f;
        foreach (NpyElement element in Enum.GetValues<NpyElement>())
        {
            foreach (NpyLayout layout in new[] { NpyLayout.ChannelsFirst, NpyLayout.ChannelsLast })
            {
                byte[] file = ImageFile.Encode(image, "npy", new NpyEncodeOptions(element, layout));
                ImageBuffer back = new NpyCodec(layout).Decode(file);
                if (!back.HasShapeOf(image) || !back.Samples.SequenceEqual(image.Samples))
                    return false;
            }
        }

        return true;
    });

    [Test]
    public void The_header_is_that_of_NumPy()
    {
        byte[] file = ImageFile.Encode(new ImageBuffer(3, 2, 5), "npy");
        // numpy.save of zeros((3, 2, 5), "<f4").
        string expected = "{'descr': '<f4', 'fortran_order': False, 'shape': (3, 2, 5), }".PadRight(117) + "\n";
        Assert.That(file[..10], Is.EqualTo(new byte[] { 0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59, 1, 0, 118, 0 }));
        Assert.That(Encoding.ASCII.GetString(file, 10, 118), Is.EqualTo(expected));
        Assert.That(file, Has.Length.EqualTo(128 + (4 * 30)));
    }

    [TestCase("(7, 9)", 1, 7, 9)]
    [TestCase("(3, 7, 9)", 3, 7, 9)]
    [TestCase("(7, 9, 3)", 3, 7, 9)]
    [TestCase("(3, 9, 3)", 3, 9, 3)]
    [TestCase("(64, 7, 9)", 64, 7, 9)]
    [TestCase("(1, 7, 1)", 1, 7, 1)]
    public void Layout_follows_the_sizes(string shape, int channels, int height, int width)
    {
        ImageFileInfo info = ImageCodecs.Npy.ReadInfo(File("<f4", shape, new byte[4 * channels * height * width]));
        Assert.That((info.Channels, info.Height, info.Width), Is.EqualTo((channels, height, width)));
    }

    [Test]
    public void A_layout_can_be_forced()
    {
        byte[] file = File("|u1", "(2, 2, 3)", [.. Enumerable.Range(0, 12).Select(i => (byte)i)]);
        Assert.That(Level(new NpyCodec(NpyLayout.ChannelsFirst).Decode(file), 1, 0, 2), Is.EqualTo(8));
        Assert.That(Level(new NpyCodec(NpyLayout.ChannelsLast).Decode(file), 2, 0, 1), Is.EqualTo(5));
        Assert.That(() => new NpyCodec((NpyLayout)9), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void Fortran_order_lets_the_first_dimension_run_fastest()
    {
        byte[] file = File("|u1", "(2, 3)", [0, 1, 2, 3, 4, 5], fortran: true);
        Assert.That(ImageFile.Decode(file).ToInterleaved(), Is.EqualTo(new byte[] { 0, 2, 4, 1, 3, 5 }));
        byte[] cube = File("|u1", "(5, 6, 2)", [.. Enumerable.Range(0, 60).Select(i => (byte)i)], fortran: true);
        Assert.That(Level(ImageFile.Decode(cube), 1, 2, 3), Is.EqualTo(2 + (5 * 3) + (30 * 1)));
    }

    [TestCase("<f8", 0.1)]
    [TestCase(">f8", 0.1)]
    [TestCase("<f4", 0.1f)]
    [TestCase(">f4", 0.1f)]
    [TestCase("<u2", 513 / 65535f)]
    [TestCase(">u2", 513 / 65535f)]
    [TestCase("|u1", 200 / 255f)]
    public void Every_type_and_byte_order_is_read(string type, double expected)
    {
        var item = new byte[8];
        switch (type)
        {
            case "<f8": BinaryPrimitives.WriteDoubleLittleEndian(item, 0.1); break;
            case ">f8": BinaryPrimitives.WriteDoubleBigEndian(item, 0.1); break;
            case "<f4": BinaryPrimitives.WriteSingleLittleEndian(item, 0.1f); break;
            case ">f4": BinaryPrimitives.WriteSingleBigEndian(item, 0.1f); break;
            case "<u2": BinaryPrimitives.WriteUInt16LittleEndian(item, 513); break;
            case ">u2": BinaryPrimitives.WriteUInt16BigEndian(item, 513); break;
            default: item[0] = 200; break;
        }

        Assert.That(ImageFile.Decode(File(type, "(1, 1)", item)).Samples[0], Is.EqualTo((float)expected));
    }

    [Test]
    public void Later_versions_double_quotes_and_other_key_orders_are_read()
    {
        byte[] text = Encoding.ASCII.GetBytes("{\"shape\": (1,2), \"fortran_order\":False,\"descr\":\"|u1\"}\n");
        byte[] file = [0x93, .. "NUMPY"u8, 2, 0, (byte)text.Length, 0, 0, 0, .. text, 5, 6, 99];
        Assert.That(ImageFile.Decode(file).ToInterleaved(), Is.EqualTo(new byte[] { 5, 6 }));
    }

    [TestCase("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 2)} + 1", "after the closing brace")]
    [TestCase("{'descr': '<f4', 'fortran_order': False}", "without descr")]
    [TestCase("{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': (2, 2)}", "second 'descr'")]
    [TestCase("{'descr': '<f4', 'fortran_order': 0, 'shape': (2, 2)}", "True or False")]
    [TestCase("{'descr': '<c8', 'fortran_order': False, 'shape': (2, 2)}", "<c8")]
    [TestCase("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (2, 2)}", "string")]
    [TestCase("{'descr': '|O', 'fortran_order': False, 'shape': (2, 2)}", "|O")]
    [TestCase("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 2), 'x': 1}", "unknown key 'x'")]
    [TestCase("{'descr': '<f4', 'fortran_order': False, 'shape': (-2, 2)}", "whole number")]
    [TestCase("{'descr': '<f4', 'fortran_order': False, 'shape': (0, 2)}", "0 high")]
    [TestCase("{'descr': '<f4', 'fortran_order': False, 'shape': (2,)}", "expected H x W")]
    [TestCase("{'descr': '<f4', 'fortran_order': False, 'shape': (1, 1, 2, 2)}", "expected H x W")]
    [TestCase("{'descr': '<f4', 'fortran_order': False, 'shape': (60000, 4000)}", "cut short")]
    [TestCase("{'descr': '<f4', 'fortran_order': False, 'shape': (999999999999999, 2)}", "MaxDimension")]
    [TestCase("{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999, 2)}", "15 digits")]
    [TestCase("{'descr': '<f4', 'fortran_order': False, 'shape': (999999999, 60000, 4000)}", "more samples")]
    [TestCase("{'descr': '<f4", "without an end")]
    [TestCase("__import__('os')", "expected '{'")]
    public void A_header_that_says_something_else_is_refused(string header, string reason)
    {
        byte[] text = Encoding.ASCII.GetBytes(header);
        byte[] file = [0x93, .. "NUMPY"u8, 1, 0, (byte)text.Length, 0, .. text, .. new byte[16]];
        Assert.That(() => ImageFile.Decode(file), Throws.InstanceOf<ImageFormatException>().With.Message.Contains(reason));
    }

    [Test]
    public void Mutated_files_decode_or_are_refused()
    {
        byte[][] files = [File("<f4", "(3, 4, 5)", new byte[240]), File(">u2", "(4, 5)", new byte[40]), File("|u1", "(6, 7, 3)", new byte[126], fortran: true)];
        var random = new PhiloxRandom(13);
        int refused = 0;
        for (int round = 0; round < 500; round++)
        {
            byte[] file = PngCodecTests.Mutate([.. files[round % files.Length]], random);
            try
            {
                ImageCodecs.Npy.ReadInfo(file);
                ImageCodecs.Npy.Decode(file);
            }
            catch (ImageFormatException)
            {
                refused++;
            }
        }

        Assert.That(refused, Is.InRange(100, 450));
    }

    [Test]
    public void Options_that_make_no_array_are_refused()
    {
        var image = new ImageBuffer(1, 1, 1);
        Assert.That(() => ImageFile.Encode(image, "npy", new NpyEncodeOptions((NpyElement)9)), Throws.ArgumentException);
        Assert.That(() => ImageFile.Encode(image, "npy", new NpyEncodeOptions(Layout: (NpyLayout)9)), Throws.ArgumentException);
        Assert.That(() => ImageFile.Encode(image, "npy", new PngEncodeOptions()), Throws.ArgumentException.With.Message.Contains("NpyEncodeOptions"));
    }

    private static int Level(ImageBuffer image, int c, int y, int x) => (int)MathF.Round(image[c, y, x] * 255f);

    private static byte[] File(string type, string shape, byte[] data, bool fortran = false)
    {
        string header = $"{{'descr': '{type}', 'fortran_order': {(fortran ? "True" : "False")}, 'shape': {shape}, }}";
        byte[] text = Encoding.ASCII.GetBytes(header.PadRight(117) + "\n");
        return [0x93, .. "NUMPY"u8, 1, 0, (byte)text.Length, 0, .. text, .. data];
    }
}
