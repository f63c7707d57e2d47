using System.IO.Compression;
using Gir.Imaging.Codecs.Png;
using Gir.Imaging.Kernels;
using Gir.Imaging.Random;

namespace Gir.Imaging.Tests.Kernels;

public sealed class DeflateKernelTests
{
    [Test]
    public void The_checksum_is_that_of_RFC_1950()
    {
        Assert.That(Adler32.Append(Adler32.Start, "Wikipedia"u8), Is.EqualTo(0x11E60398u));
        for (int length = 0; length <= 256; length++)
            AssertChecksum(Bytes(length, 256, (ulong)length));
        // Where the sums come nearest to overflowing.
        foreach (int length in new[] { 5535, 5536, 5537, 5552, 5553, 11072, 100_000 })
            AssertChecksum([.. Enumerable.Repeat((byte)255, length)]);
    }

    [Test]
    public void Checksums_of_parts_combine([Values(0, 1, 31, 65_521, 200_000)] int first, [Values(0, 1, 32, 65_521, 131_043)] int second)
    {
        byte[] bytes = Bytes(first + second, 256, 7);
        Assert.That(
            Adler32.Combine(Adler32.Append(Adler32.Start, bytes.AsSpan(0, first)), Adler32.Append(Adler32.Start, bytes.AsSpan(first)), second),
            Is.EqualTo(Adler32.AppendScalar(Adler32.Start, bytes)));
    }

    [Test]
    public void Runs_are_found_where_the_scalar_twin_finds_them()
    {
        for (int length = 1; length <= 256; length++)
        {
            // Few values, so that there are runs of every length.
            byte[] bytes = Bytes(length, length % 3 == 0 ? 1 : 3, (ulong)length, repeat: 0.8);
            for (int start = 1; start <= length; start++)
                Assert.That(ByteRuns.IndexOf(bytes, start), Is.EqualTo(ByteRuns.IndexOfScalar(bytes, start)), $"{length} from {start}");
        }
    }

    [Test]
    public void What_is_compressed_is_inflated_again([Values(1, 2, 4, 40, 256)] int values, [Values(0, 0.5, 0.95, 0.999)] double repeat)
    {
        foreach (int length in new[] { 1, 2, 3, 8, 9, 10, 11, 12, 258, 259, 260, 266, 267, 300, 1000, 70_000 })
        {
            byte[] bytes = Bytes(length, values, (ulong)(length + values), repeat);
            byte[] target = new byte[DeflateWriter.MostBytes(length)];
            int middle = DeflateWriter.Compress(bytes, isLast: false, target);
            byte[] both = [.. target[..middle], .. target[..DeflateWriter.Compress(bytes, isLast: true, target)]];
            using var inflated = new MemoryStream();
            using (var stream = new DeflateStream(new MemoryStream(both), CompressionMode.Decompress))
                stream.CopyTo(inflated);
            Assert.That(inflated.ToArray().AsSpan().SequenceEqual((byte[])[.. bytes, .. bytes]), $"{length} bytes");
        }
    }

    [TestCase(new[] { 5 }, 7, new byte[] { 1 })]
    [TestCase(new[] { 1, 1, 2, 4, 8 }, 7, new byte[] { 4, 4, 3, 2, 1 })]
    [TestCase(new[] { 1, 1, 2, 4, 8 }, 3, new byte[] { 3, 3, 3, 3, 1 })]
    [TestCase(new[] { 0, 3, 0, 3 }, 7, new byte[] { 0, 1, 0, 1 })]
    public void Codes_are_Huffman_s_within_their_limit(int[] counts, int longest, byte[] lengths)
    {
        var code = DeflateCode.Of(counts, longest);
        int total = code.Lengths.Zip(counts, (l, c) => l * c).Sum();
        Assert.That(total, Is.EqualTo(lengths.Zip(counts, (l, c) => l * c).Sum()), string.Join(' ', code.Lengths));
        Assert.That((int)code.Lengths.Max(), Is.LessThanOrEqualTo(longest));
    }

    [Test]
    public void Limited_codes_are_complete([Values(7, 9, 14)] int longest)
    {
        // Powers of two make Huffman's tree as deep as it can be.
        int[] counts = [.. Enumerable.Range(0, 20).Select(i => 1 << i)];
        var code = DeflateCode.Of(counts, longest);
        Assert.That(code.Lengths.Select(l => (int)l), Is.All.InRange(1, longest));
        Assert.That(code.Lengths.Sum(l => Math.Pow(2, -l)), Is.EqualTo(1));
        Assert.That(code.Entries.Select(e => (e & 31, e >> 5)).Distinct().Count(), Is.EqualTo(20));
    }

    [Test]
    public void Levels_become_samples_as_by_division()
    {
        byte[] levels = [.. Enumerable.Range(0, 256).Select(i => (byte)i)];
        var samples = new float[256];
        DeinterleaveBytes.Run(levels, 1, samples, 256);
        short[] shifted = [.. levels.Select(l => (short)(l - 128))];
        var expanded = new float[256];
        JpegExpandRow.Convert(shifted, expanded);
        for (int i = 0; i < 256; i++)
        {
            Assert.That(samples[i], Is.EqualTo(i / 255f));
            Assert.That(expanded[i], Is.EqualTo(i / 255f));
        }
    }

    private static void AssertChecksum(byte[] bytes) =>
        Assert.That(Adler32.Append(Adler32.Start, bytes), Is.EqualTo(Adler32.AppendScalar(Adler32.Start, bytes)), $"{bytes.Length} bytes");

    private static byte[] Bytes(int length, int values, ulong seed, double repeat = 0)
    {
        var random = new PhiloxRandom(seed);
        var bytes = new byte[length];
        for (int i = 0; i < length; i++)
            bytes[i] = i > 0 && random.NextBoolean(repeat) ? bytes[i - 1] : (byte)random.NextInteger(0, values - 1);
        return bytes;
    }
}
