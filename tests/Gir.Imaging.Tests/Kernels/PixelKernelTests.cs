using System.Runtime.InteropServices;
using Gir.Imaging.Kernels;
using Gir.Imaging.Random;

namespace Gir.Imaging.Tests.Kernels;

public sealed class PixelKernelTests
{
    [Test]
    public void Deinterleaving_equals_its_scalar_twin_at_every_length()
    {
        var random = new PhiloxRandom(1);
        for (int channels = 1; channels <= 5; channels++)
        {
            for (int length = 0; length <= 256; length++)
            {
                byte[] pixels = Bytes(random, length * channels);
                int stride = length + (length % 3);
                var actual = new float[(stride * channels) + 5];
                var expected = new float[actual.Length];
                DeinterleaveBytes.Run(pixels, channels, actual, stride);
                DeinterleaveBytes.RunScalar(pixels, channels, expected, stride);
                AssertSameBits(actual, expected);
            }
        }
    }

    [Test]
    public void Interleaving_equals_its_scalar_twin_at_every_length()
    {
        var random = new PhiloxRandom(2);
        for (int channels = 1; channels <= 5; channels++)
        {
            for (int length = 0; length <= 256; length++)
            {
                float[] source = Samples(random, length * channels);
                var actual = new byte[length * channels];
                var expected = new byte[actual.Length];
                InterleaveBytes.Run(source, length, channels, actual);
                InterleaveBytes.RunScalar(source, length, channels, expected);
                Assert.That(actual.AsSpan().SequenceEqual(expected), $"{channels} channels of {length}");
            }
        }
    }

    [Test]
    public void Quantizing_equals_its_scalar_twin_at_every_length()
    {
        var random = new PhiloxRandom(3);
        for (int length = 0; length <= 256; length++)
        {
            float[] actual = Samples(random, length);
            float[] expected = [.. actual];
            QuantizeLevels.Run(actual);
            QuantizeLevels.RunScalar(expected);
            AssertSameBits(actual, expected);
        }
    }

    [Test]
    public void Weighting_equals_its_scalar_twin_at_every_length()
    {
        var random = new PhiloxRandom(4);
        var row = new MatrixRow(0.3f, -0.7f, 1.1f, 0.25f);
        for (int length = 0; length <= 256; length++)
        {
            float[][] planes = [Samples(random, length), Samples(random, length), Samples(random, length)];
            var actual = new float[length];
            var expected = new float[length];
            WeightedSum.Run(planes[0], planes[1], planes[2], row, actual);
            WeightedSum.RunScalar(planes[0], planes[1], planes[2], row, expected);
            AssertSameBits(actual, expected);
            // The aliasing contract: any one source may be the destination.
            WeightedSum.Run(planes[0], planes[1], planes[2], row, planes[1]);
            AssertSameBits(planes[1], expected);
        }
    }

    [Test]
    public void Deinterleaving_of_16_bits_equals_its_scalar_twin_at_every_length()
    {
        var random = new PhiloxRandom(7);
        for (int channels = 1; channels <= 4; channels++)
        {
            for (int length = 0; length <= 256; length++)
            {
                ushort[] pixels = [.. MemoryMarshal.Cast<byte, ushort>(Bytes(random, 2 * length * channels))];
                var actual = new float[length * channels];
                var expected = new float[actual.Length];
                DeinterleaveUInt16.Run(pixels, channels, actual, length);
                DeinterleaveUInt16.RunScalar(pixels, channels, expected, length);
                AssertSameBits(actual, expected);
                var back = new ushort[pixels.Length];
                InterleaveUInt16.RunScalar(actual, length, channels, back);
                Assert.That(back.AsSpan().SequenceEqual(pixels));
            }
        }
    }

    [Test]
    public void Transposing_equals_its_scalar_twin_at_every_size()
    {
        var random = new PhiloxRandom(8);
        float[] source = Samples(random, 40 * 41);
        for (int rows = 0; rows <= 40; rows++)
        {
            for (int columns = 0; columns <= 40; columns++)
            {
                var actual = new float[40 * 43];
                var expected = new float[actual.Length];
                TransposeTile.Run(source, 41, actual, 43, rows, columns);
                TransposeTile.RunScalar(source, 41, expected, 43, rows, columns);
                AssertSameBits(actual, expected);
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

    /// <summary>Samples in and around [0, 1], exact ties between levels, and the values that are no numbers.</summary>
    private static float[] Samples(PhiloxRandom random, int length)
    {
        float[] special = [0.5f / 255f, 1.5f / 255f, -0f, 1f, float.NaN, float.PositiveInfinity, float.NegativeInfinity, 1e30f, 254.5f / 255f];
        var samples = new float[length];
        for (int i = 0; i < length; i++)
            samples[i] = random.NextBoolean(0.2) ? special[random.NextInteger(0, special.Length - 1)] : (float)random.NextUniform(-0.3, 1.3);
        return samples;
    }

    // A NaN's payload is not part of any contract; everything else is compared bit for bit.
    private static void AssertSameBits(float[] actual, float[] expected)
    {
        Assert.That(actual, Has.Length.EqualTo(expected.Length));
        ReadOnlySpan<uint> a = MemoryMarshal.Cast<float, uint>(actual);
        ReadOnlySpan<uint> b = MemoryMarshal.Cast<float, uint>(expected);
        for (int i = 0; i < a.Length; i++)
        {
            if (a[i] != b[i] && !(float.IsNaN(actual[i]) && float.IsNaN(expected[i])))
                Assert.Fail($"length {actual.Length}: index {i} is {actual[i]:R}, expected {expected[i]:R}");
        }
    }
}
