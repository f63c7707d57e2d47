using Gir.Imaging.Kernels;
using Gir.Imaging.Random;

namespace Gir.Imaging.Tests.Resampling;

public sealed class ResampleKernelTests
{
    [Test]
    public void Vertical_sums_equal_the_scalar_twin_at_every_length()
    {
        foreach (int taps in (int[])[1, 2, 4, 7])
        {
            for (int length = 0; length <= 256; length++)
            {
                int stride = length + 3;
                float[] source = Uniform(Math.Max(1, stride * taps), 1);
                float[] weights = Uniform(taps, 2);
                var actual = new float[length];
                var expected = new float[length];
                ResampleVertical.Combine(source, stride, weights, actual);
                ResampleVertical.CombineScalar(source, stride, weights, expected);
                Assert.That(actual.AsSpan().SequenceEqual(expected), Is.True, $"length {length}, {taps} taps");
            }
        }
    }

    [Test]
    public void Horizontal_sums_equal_the_scalar_twin_at_every_length()
    {
        // Steps: enlarging (registers permuted), equal, shrinking mildly and strongly (gathered).
        foreach (double step in (double[])[0, 0.25, 1, 1.6, 4])
        {
            foreach (int taps in (int[])[1, 2, 4, 9])
            {
                for (int length = 1; length <= 256; length++)
                {
                    int[] starts = [.. Enumerable.Range(0, length).Select(o => (int)(o * step))];
                    float[] source = Uniform(starts[^1] + taps, 1);
                    float[] weights = Uniform(taps * length, 2);
                    var actual = new float[length];
                    var expected = new float[length];
                    ResampleHorizontal.Apply(source, starts, weights, actual);
                    ResampleHorizontal.ApplyScalar(source, starts, weights, expected);
                    Assert.That(actual.AsSpan().SequenceEqual(expected), Is.True, $"length {length}, {taps} taps, step {step}");
                }
            }
        }
    }

    [Test]
    public void Vertical_levels_equal_the_scalar_twin_at_every_length()
    {
        foreach (int taps in (int[])[1, 4, 7])
        {
            for (int length = 0; length <= 256; length++)
            {
                int stride = length + 3;
                byte[] source = [.. Uniform(Math.Max(1, stride * taps), 1).Select(v => (byte)(v * 256))];
                double[] weights = [.. Uniform(taps, 2).Select(v => v - 0.3)];
                var actual = new byte[length];
                var expected = new byte[length];
                ResampleLevelsVertical.Combine(source, stride, weights, actual);
                ResampleLevelsVertical.CombineScalar(source, stride, weights, expected);
                Assert.That(actual.AsSpan().SequenceEqual(expected), Is.True, $"length {length}, {taps} taps");
            }
        }
    }

    [Test]
    public void Horizontal_levels_equal_the_scalar_twin_at_every_length()
    {
        foreach (double step in (double[])[0.4, 1, 3])
        {
            foreach (int taps in (int[])[1, 5])
            {
                for (int length = 1; length <= 256; length++)
                {
                    int[] starts = [.. Enumerable.Range(0, length).Select(o => (int)(o * step))];
                    int[] source = [.. Uniform(starts[^1] + taps, 1).Select(v => (int)(v * 256))];
                    double[] weights = [.. Uniform(taps * length, 2).Select(v => v - 0.3)];
                    var actual = new byte[length];
                    var expected = new byte[length];
                    ResampleLevelsHorizontal.Apply(source, starts, weights, actual);
                    ResampleLevelsHorizontal.ApplyScalar(source, starts, weights, expected);
                    Assert.That(actual.AsSpan().SequenceEqual(expected), Is.True, $"length {length}, {taps} taps, step {step}");
                }
            }
        }
    }

    [TestCase(-1e9, 0)]
    [TestCase(-0.6, 0)]
    [TestCase(0.499, 0)]
    [TestCase(0.5, 1)]
    [TestCase(1.5, 2)]
    [TestCase(254.5, 255)]
    [TestCase(1e9, 255)]
    public void Levels_round_half_up_and_clip(double value, int expected) => Assert.That(RoundedLevels.Of(value), Is.EqualTo(expected));

    [Test]
    public void Windows_outside_the_row_are_refused()
    {
        Assert.That(() => ResampleHorizontal.Apply(new float[8], [0, 6], new float[6], new float[2]), Throws.ArgumentException);
        Assert.That(() => ResampleHorizontal.Apply(new float[8], [-1, 5], new float[6], new float[2]), Throws.ArgumentException);
        Assert.That(() => ResampleVertical.Combine(new float[20], 8, new float[3], new float[8]), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    private static float[] Uniform(int length, uint stream)
    {
        var values = new float[length];
        Philox4x32.FillUniform(values, 17, stream);
        return values;
    }
}
