using System.Runtime.Intrinsics;
using Gir.Imaging.Kernels;
using Gir.Imaging.Random;

namespace Gir.Imaging.Tests.Kernels;

public sealed class PngKernelTests
{
    [Test]
    public void Checksums_equal_those_of_the_scalar_twin_and_the_known_one()
    {
        Assert.That(Crc32.Append(0, "123456789"u8), Is.EqualTo(0xCBF43926u));
        byte[] bytes = Bytes(new PhiloxRandom(5), 256);
        for (int length = 0; length <= 256; length++)
        {
            Assert.That(Crc32.Append(0, bytes.AsSpan(0, length)), Is.EqualTo(Crc32.AppendScalar(0, bytes.AsSpan(0, length))));
            Assert.That(Crc32.Append(Crc32.Append(0, bytes.AsSpan(0, length)), bytes.AsSpan(length)), Is.EqualTo(Crc32.Append(0, bytes)));
        }
    }

    [Test]
    public void Filtering_and_its_undoing_equal_their_scalar_twins_at_every_length([Range(0, 4)] int filter, [Values(1, 2, 3, 4, 6, 8)] int pixelBytes)
    {
        var random = new PhiloxRandom(6);
        for (int length = 0; length <= 256; length++)
        {
            (byte[] row, byte[] above) = (Bytes(random, length), Bytes(random, length));
            (byte[] filtered, byte[] expected) = (new byte[length], new byte[length]);
            long sum = PngFilter.Run(filter, row, above, filtered, pixelBytes);
            long expectedSum = PngFilter.RunScalar(filter, row, above, expected, pixelBytes);
            Assert.That(filtered.AsSpan().SequenceEqual(expected) && sum == expectedSum, $"filtering {length}");

            (byte[] restored, byte[] byScalar) = (new byte[length], new byte[length]);
            PngUnfilter.Run(filter, filtered, above, restored, pixelBytes);
            PngUnfilter.RunScalar(filter, filtered, above, byScalar, pixelBytes);
            Assert.That(restored.AsSpan().SequenceEqual(row) && byScalar.AsSpan().SequenceEqual(row), $"undoing {length}");
        }
    }

    [Test]
    public void Magnitudes_of_long_rows_do_not_overflow()
    {
        byte[] row = new byte[100_003];
        row.AsSpan().Fill(128);
        Assert.That(PngFilter.Run(0, row, new byte[row.Length], new byte[row.Length], 3), Is.EqualTo(128L * row.Length));
    }

    [Test]
    public void The_predictor_of_bytes_equals_its_scalar_twin_for_all_neighbors_of_few_levels()
    {
        byte[] levels = [0, 1, 2, 3, 127, 128, 129, 253, 254, 255];
        foreach (byte left in levels)
        {
            foreach (byte above in levels)
            {
                foreach (byte upperLeft in levels)
                {
                    Vector256<byte> predicted = PaethPredictor.Of(Vector256.Create(left), Vector256.Create(above), Vector256.Create(upperLeft));
                    Assert.That(predicted[0], Is.EqualTo(PaethPredictor.OfScalar(left, above, upperLeft)), $"{left} {above} {upperLeft}");
                }
            }
        }
    }

    private static byte[] Bytes(PhiloxRandom random, int length)
    {
        var bytes = new byte[length];
        for (int i = 0; i < length; i++)
            bytes[i] = (byte)random.NextUInt32();
        return bytes;
    }
}
