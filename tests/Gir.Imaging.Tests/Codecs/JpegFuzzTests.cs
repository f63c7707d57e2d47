using Gir.Imaging.Codecs;
using Gir.Imaging.Random;

namespace Gir.Imaging.Tests.Codecs;

[OnePass]
public class JpegFuzzTests
{
    private const int CasesPerFile = 24;

    private static readonly ImageDecodeOptions SmallLimits = new() { MaxPixels = 1 << 20 };

    public static IEnumerable<string> Files() =>
        Directory.EnumerateFiles(TestData.Golden("degradations", "files"), "*.jpg").Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal);

    [TestCaseSource(nameof(Files))]
    public void Damaged_file_decodes_or_is_refused(string name)
    {
        byte[] file = File.ReadAllBytes(TestData.Golden("degradations", "files", name));
        var codec = new JpegCodec();
        var random = new PhiloxRandom(20261121, (uint)name.Sum(c => c));
        for (int i = 0; i < CasesPerFile; i++)
        {
            byte[] damaged = Damage(file, random, i % 4);
            try
            {
                ImageFileInfo info = codec.ReadInfo(damaged, SmallLimits);
                ImageBuffer image = codec.Decode(damaged, SmallLimits);
                Assert.That((image.Channels, image.Height, image.Width), Is.EqualTo((info.Channels, info.Height, info.Width)));
                Assert.That(image.Array.Min(), Is.GreaterThanOrEqualTo(0f));
                Assert.That(image.Array.Max(), Is.LessThanOrEqualTo(1f));
            }
            catch (ImageFormatException error)
            {
                Assert.That(error.Offset, Is.InRange(0, damaged.Length));
            }
        }
    }

    [TestCase(64, 882, true)]
    [TestCase(4000, 882, false)]
    [TestCase(1600, 40, true)]
    public void Passes_over_a_large_image_are_limited(int size, int scans, bool decodes)
    {
        byte[] file = EmptyScans(size, scans);
        Assert.That(file, Has.Length.LessThan(1 << 17));
        if (decodes)
            Assert.That(new JpegCodec().Decode(file).Width, Is.EqualTo(size));
        else
            Assert.That(() => new JpegCodec().Decode(file), Throws.TypeOf<ImageFormatException>().With.Message.Contains("scans"));
    }

    // A gray progressive image whose scans, one per coefficient and bit, say in runs of 16384 blocks that there is nothing.
    private static byte[] EmptyScans(int size, int scans)
    {
        var file = new List<byte> { 0xFF, 0xD8 };
        void Segment(int marker, params byte[] content) => file.AddRange([0xFF, (byte)marker, 0, (byte)(content.Length + 2), .. content]);
        Segment(0xDB, [0, .. Enumerable.Repeat((byte)1, 64)]);
        Segment(0xC2, 8, (byte)(size >> 8), (byte)size, (byte)(size >> 8), (byte)size, 1, 1, 0x11, 0);
        Segment(0xC4, 0x00, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
        Segment(0xC4, 0x10, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xE0);
        int blocks = (size + 7) / 8 * ((size + 7) / 8);
        Segment(0xDA, 1, 1, 0, 0, 0, 0);
        file.AddRange(new byte[(blocks + 7) / 8]);
        for (int scan = 0; scan < scans; scan++)
        {
            (int coefficient, int low) = (1 + (scan / 14), 13 - (scan % 14));
            int high = low == 13 ? 0 : low + 1;
            Segment(0xDA, 1, 1, 0, (byte)coefficient, (byte)coefficient, (byte)((high << 4) | low));
            file.AddRange(new byte[(((blocks + 16383) / 16384 * 15) + 7) / 8]);
        }

        return [.. file, 0xFF, 0xD9];
    }

    private static byte[] Damage(byte[] file, PhiloxRandom random, int kind)
    {
        if (file.Length == 0)
            return [0xFF];
        int at = random.NextInteger(0, file.Length - 1);
        switch (kind)
        {
            case 0:
                return file[..at];
            case 1:
                return [.. file[..at], (byte)random.NextInteger(0, 255), 0xFF, (byte)random.NextInteger(0, 255), .. file[at..]];
            case 2:
                return [.. file[..at], .. file[Math.Min(at + 1 + random.NextInteger(0, 8), file.Length)..]];
            default:
                byte[] changed = [.. file];
                int flips = 1 + random.NextInteger(0, 3);
                for (int i = 0; i < flips; i++)
                    changed[random.NextInteger(0, file.Length - 1)] ^= (byte)(1 << random.NextInteger(0, 7));
                return changed;
        }
    }
}
