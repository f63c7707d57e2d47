using Gir.Imaging.Codecs.Jpeg;
using Gir.Imaging.Kernels;
using Gir.Imaging.Random;

namespace Gir.Imaging.Tests.Kernels;

/// <summary>Every kernel of the JPEG codec gives the bits of its scalar twin.</summary>
public class JpegKernelTests
{
    private const int Longest = 256;
    private const short Untouched = 12345;

    [Test]
    public void Quantizing_a_row_equals_its_scalar_twin()
    {
        for (int length = 0; length <= Longest; length++)
        {
            float[] source = Samples(length, 1);
            short[] actual = Filled(length + 1);
            short[] expected = Filled(length + 1);
            JpegQuantizeRow.Convert(source, actual);
            JpegQuantizeRow.Scalar(source, expected);
            Assert.That(actual, Is.EqualTo(expected), $"length {length}");
        }
    }

    [Test]
    public void Expanding_a_row_equals_its_scalar_twin()
    {
        for (int length = 0; length <= Longest; length++)
        {
            short[] source = Words(length, 2);
            float[] actual = new float[length];
            float[] expected = new float[length];
            JpegExpandRow.Convert(source, actual);
            JpegExpandRow.Scalar(source, expected);
            Assert.That(actual, Is.EqualTo(expected), $"length {length}");
        }
    }

    [Test]
    public void Color_conversion_equals_its_scalar_twin_both_ways()
    {
        for (int length = 0; length <= Longest; length++)
        {
            float[][] source = [Samples(length, 3), Samples(length, 4), Samples(length, 5)];
            short[][] actual = [Filled(length + 1), Filled(length + 1), Filled(length + 1)];
            short[][] expected = [Filled(length + 1), Filled(length + 1), Filled(length + 1)];
            JpegForwardColor.Convert(source[0], source[1], source[2], actual[0], actual[1], actual[2]);
            JpegForwardColor.Scalar(source[0], source[1], source[2], expected[0], expected[1], expected[2]);
            Assert.That(actual, Is.EqualTo(expected), $"length {length}");

            short[][] words = [Words(length, 6), Words(length, 7), Words(length, 8)];
            float[][] rgb = [new float[length], new float[length], new float[length]];
            JpegInverseColor.Convert(words[0], words[1], words[2], rgb[0], rgb[1], rgb[2]);
            JpegInverseColor.Scalar(words[0], words[1], words[2], source[0], source[1], source[2]);
            Assert.That(rgb, Is.EqualTo(source), $"length {length}");
        }
    }

    [Test]
    public void Downsampling_equals_its_scalar_twin()
    {
        for (int length = 0; length <= Longest; length++)
        {
            (short[] upper, short[] lower) = (Words(2 * length, 9), Words(2 * length, 10));
            (short[] actual, short[] expected) = (new short[length], new short[length]);
            JpegDownsample.Both(upper, lower, actual);
            JpegDownsample.BothScalar(upper, lower, expected, 0);
            Assert.That(actual, Is.EqualTo(expected), $"length {length}");
            JpegDownsample.Horizontal(upper, actual);
            JpegDownsample.HorizontalScalar(upper, expected, 0);
            Assert.That(actual, Is.EqualTo(expected), $"length {length}");
        }
    }

    [Test]
    public void Upsampling_equals_its_scalar_twin()
    {
        for (int length = 1; length <= Longest; length++)
        {
            (short[] near, short[] far) = (Words(length, 11), Words(length, 12));
            (short[] actual, short[] expected) = (Filled((2 * length) + 1), Filled((2 * length) + 1));
            JpegUpsample.Horizontal(near, actual);
            JpegUpsample.HorizontalScalar(near, expected, 0, length);
            Assert.That(actual, Is.EqualTo(expected), $"length {length}");
            JpegUpsample.Both(near, far, actual);
            JpegUpsample.BothScalar(near, far, expected, 0, length);
            Assert.That(actual, Is.EqualTo(expected), $"length {length}");
            JpegUpsample.Vertical(near, far, 2, actual);
            JpegUpsample.VerticalScalar(near, far, 2, expected, 0);
            Assert.That(actual, Is.EqualTo(expected), $"length {length}");
        }
    }

    [Test]
    public void Forward_transform_equals_its_scalar_twin([Values(1, 3, 16, 99, 255)] int step)
    {
        (short[] corrections, short[] reciprocals, short[] scales, _) = Tables(step);
        for (int blocks = 0; blocks <= Longest / 8; blocks++)
        {
            int stride = JpegTransform.RowLength(blocks) + 32;
            short[] actual = Words(8 * stride, (uint)(13 + blocks));
            short[] expected = [.. actual];
            JpegForwardDct.Transform(actual, stride, blocks, corrections, reciprocals, scales);
            JpegForwardDct.Scalar(expected, stride, blocks, corrections, reciprocals, scales);
            AssertBlocksEqual(actual, expected, stride, blocks);
        }
    }

    [Test]
    public void Inverse_transform_equals_its_scalar_twin_for_any_coefficients([Values(1, 3, 99, 255, 40000)] int step, [Values(0, 5, 11)] int shift)
    {
        (_, _, _, short[] steps) = Tables(step);
        for (int blocks = 0; blocks <= Longest / 8; blocks++)
        {
            int stride = JpegTransform.RowLength(blocks) + 32;
            var random = new PhiloxRandom(14, (uint)blocks);
            short[] actual = [.. Enumerable.Range(0, 8 * stride).Select(_ => (short)((short)random.NextUInt32() >> shift))];
            short[] expected = [.. actual];
            JpegInverseDct.Transform(actual, stride, blocks, steps);
            JpegInverseDct.Scalar(expected, stride, blocks, steps);
            AssertBlocksEqual(actual, expected, stride, blocks);
        }
    }

    [Test]
    public void Zigzag_gathering_equals_its_scalar_twin()
    {
        for (int stride = 8; stride <= Longest; stride++)
        {
            short[] block = [.. Words(8 * stride, (uint)stride).Select(v => (short)(v % 3 == 0 ? 0 : v))];
            (short[] actual, short[] expected) = (Filled(65), Filled(65));
            Assert.That(JpegZigzagGather.Gather(block, stride, actual), Is.EqualTo(JpegZigzagGather.Scalar(block, stride, expected)));
            Assert.That(actual, Is.EqualTo(expected), $"stride {stride}");
        }
    }

    [Test]
    public void Quantization_by_reciprocals_is_division()
    {
        // A constant block has only a direct-current coefficient: 64 times its sample.
        for (int step = 1; step <= 255; step++)
        {
            var quantizer = new JpegQuantizer([.. Enumerable.Repeat((ushort)step, 64)]);
            for (int sample = -128; sample <= 127; sample++)
            {
                short[] strip = [.. Enumerable.Repeat((short)sample, 8 * 32)];
                quantizer.Forward(strip, 32, 1);
                int expected = Math.Sign(sample) * (((Math.Abs(sample) * 64) + (4 * step)) / (8 * step));
                Assert.That(strip[0], Is.EqualTo(expected), $"step {step}, sample {sample}");
            }
        }
    }

    private static (short[] Corrections, short[] Reciprocals, short[] Scales, short[] Steps) Tables(int step)
    {
        var quantizer = new JpegQuantizer([.. Enumerable.Range(0, 64).Select(i => (ushort)Math.Max(1, step - (step < 256 ? i % step : i)))]);
        return (quantizer.Corrections, quantizer.Reciprocals, quantizer.Scales, quantizer.Steps);
    }

    private static void AssertBlocksEqual(short[] actual, short[] expected, int stride, int blocks)
    {
        for (int y = 0; y < 8; y++)
        {
            Assert.That(
                actual.AsSpan(y * stride, blocks * 8).ToArray(), Is.EqualTo(expected.AsSpan(y * stride, blocks * 8).ToArray()), $"{blocks} blocks, row {y}");
            Assert.That(actual[(y * stride) + stride - 1], Is.EqualTo(expected[(y * stride) + stride - 1]), "beyond the row");
        }
    }

    private static float[] Samples(int length, uint stream)
    {
        var random = new PhiloxRandom(1, stream);
        float[] samples = [.. Enumerable.Range(0, length).Select(_ => (float)random.NextUniform(-0.2, 1.2))];
        // Ties between levels, and what is no number.
        float[] special = [float.NaN, float.PositiveInfinity, float.NegativeInfinity, 0.5f / 255f, 1.5f / 255f, 2.5f / 255f];
        for (int i = 0; i < special.Length && i < length; i++)
            samples[random.NextInteger(0, length - 1)] = special[i];
        return samples;
    }

    private static short[] Words(int length, uint stream)
    {
        var random = new PhiloxRandom(2, stream);
        return [.. Enumerable.Range(0, length).Select(_ => (short)random.NextInteger(-128, 127))];
    }

    private static short[] Filled(int length)
    {
        var words = new short[length];
        System.Array.Fill(words, Untouched);
        return words;
    }
}
