using System.Buffers.Binary;
using Gir.Imaging.Random;

namespace Gir.Soak.Fuzz;

/// <summary>Damages files as programs that look for mistakes do; the same draws give the same damage.</summary>
internal static class Mutator
{
    private const int MostAdded = 512;

    private static readonly uint[] s_interesting =
    [
        0, 1, 2, 3, 7, 8, 15, 16, 31, 32, 64, 100, 127, 128, 255, 256, 511, 512, 1000, 1023, 1024, 4096, 32767, 32768, 65535, 65536, 100_000,
        0x7FFF_FFFE, 0x7FFF_FFFF, 0x8000_0000, 0x8000_0001, 0xFFFF_FFF0, 0xFFFF_FFFE, 0xFFFF_FFFF,
    ];

    private static readonly byte[][] s_words =
    [
        .. new[]
        {
            "null", "true", "[]", "{}", "\"\"", "-1", "0", "1e999", "-1e999", "NaN", "\"NaN\"", "1e-320", "\"\\ud800\"", "9223372036854775808", "0.1", "(", ")", "[", "]", "{", "}", ",", ":", "=", "+", "\"",
            "sigma", "quality", "blur", "noise", "compression", "haze", "snow", "rain", "resize", "ringing", "damage", "_", "\n", "\0", "\u2028",
        }.Select(System.Text.Encoding.UTF8.GetBytes),
    ];

    /// <summary>A damaged copy.</summary>
    /// <param name="original">The file.</param>
    /// <param name="other">Another of its kind, from which parts are taken.</param>
    /// <param name="isText">Whether words are as likely as bytes.</param>
    /// <param name="random">The draws.</param>
    public static byte[] Damage(byte[] original, byte[] other, bool isText, PhiloxRandom random)
    {
        var file = new List<byte>(original);
        // Mostly one or a few wounds; now and then many.
        int wounds = random.NextBoolean() ? 1 : random.NextBoolean(0.2) ? random.NextInteger(5, 40) : random.NextInteger(2, 4);
        // Headers are small and decide most: half of the wounds go there.
        int reach = random.NextBoolean() ? int.MaxValue : random.NextInteger(16, 400);
        for (int i = 0; i < wounds; i++)
            Wound(file, other, isText, reach, random);
        return [.. file];
    }

    private static void Wound(List<byte> file, byte[] other, bool isText, int reach, PhiloxRandom random)
    {
        if (file.Count == 0)
        {
            file.Add((byte)random.NextUInt32());
            return;
        }

        int last = Math.Min(file.Count, reach) - 1;
        int at = random.NextInteger(0, last);
        switch (random.NextInteger(0, isText ? 11 : 8))
        {
            case 0:
                file[at] ^= (byte)(1 << random.NextInteger(0, 7));
                break;
            case 1:
                file[at] = (byte)random.NextUInt32();
                break;
            case 2:
                Number(file, at, random);
                break;
            case 3:
                file.RemoveRange(at, random.NextInteger(1, Math.Min(file.Count - at, random.NextBoolean() ? 4 : 64)));
                break;
            case 4:
                file.InsertRange(at, file.GetRange(at, random.NextInteger(1, Math.Min(file.Count - at, MostAdded))));
                break;
            case 5:
                file.RemoveRange(at, file.Count - at);
                break;
            case 6 when other.Length > 0:
                int from = random.NextInteger(0, other.Length - 1);
                file.InsertRange(at, other.AsSpan(from, random.NextInteger(1, Math.Min(other.Length - from, MostAdded))).ToArray());
                break;
            case 7:
                byte step = (byte)random.NextInteger(-16, 16);
                file[at] += step;
                break;
            case 8:
                int length = random.NextInteger(1, Math.Min(file.Count - at, 32));
                byte value = random.NextBoolean() ? (byte)0 : (byte)255;
                for (int i = 0; i < length; i++)
                    file[at + i] = value;
                break;
            default:
                byte[] word = s_words[random.NextInteger(0, s_words.Length - 1)];
                file.RemoveRange(at, random.NextInteger(0, Math.Min(file.Count - at, 12)));
                file.InsertRange(at, word);
                break;
        }
    }

    /// <summary>A number that programs like to get wrong, in 1, 2 or 4 bytes of either order.</summary>
    private static void Number(List<byte> file, int at, PhiloxRandom random)
    {
        Span<byte> bytes = stackalloc byte[4];
        uint number = s_interesting[random.NextInteger(0, s_interesting.Length - 1)];
        int width = 1 << random.NextInteger(0, 2);
        if (random.NextBoolean())
            BinaryPrimitives.WriteUInt32LittleEndian(bytes, number);
        else
            BinaryPrimitives.WriteUInt32BigEndian(bytes, number << (8 * (4 - width)));
        for (int i = 0; i < width && at + i < file.Count; i++)
            file[at + i] = bytes[i];
    }
}
