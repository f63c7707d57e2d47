using Gir.Imaging.Codecs;
using Gir.Imaging.Random;

namespace Gir.Imaging.Tests.Codecs;

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
