using Gir.Imaging.Kernels;
using Gir.Imaging.Random;

namespace Gir.Imaging.Tests.Random;

public sealed class PhiloxFillTests
{
    // Beyond 2^32 blocks, so that both counter words of the index take part.
    private const ulong FarBlock = 0x1_FFFF_FFFE;

    [Test]
    public void Word_fills_equal_the_scalar_twin_at_every_length() =>
        AssertTwin<uint, PhiloxWords<uint, PhiloxUInt32>>(PhiloxWords<uint, PhiloxUInt32>.FillScalar);

    [Test]
    public void Single_fills_equal_the_scalar_twin_at_every_length() =>
        AssertTwin<float, PhiloxWords<float, PhiloxUniformSingle>>(PhiloxWords<float, PhiloxUniformSingle>.FillScalar);

    [Test]
    public void Double_fills_equal_the_scalar_twin_at_every_length() =>
        AssertTwin<double, PhiloxWords<double, PhiloxUniformDouble>>(PhiloxWords<double, PhiloxUniformDouble>.FillScalar);

    [Test]
    public void Gaussian_fills_equal_the_scalar_twin_at_every_length() =>
        AssertTwin<float, PhiloxGaussian>(PhiloxGaussian.FillScalar);

    [Test]
    public void Any_offset_and_length_is_a_slice_of_the_whole()
    {
        var words = new uint[300];
        var singles = new float[300];
        var doubles = new double[300];
        var normals = new float[300];
        Philox4x32.FillUInt32(words, 7, 3);
        Philox4x32.FillUniform(singles, 7, 3);
        Philox4x32.FillUniform(doubles, 7, 3);
        Philox4x32.FillGaussian(normals, 7, 3);
        for (int offset = 0; offset < 10; offset++)
        {
            foreach (int length in (int[])[0, 1, 2, 3, 4, 5, 63, 64, 65, 131, 200, 257])
            {
                var w = new uint[length];
                var s = new float[length];
                var d = new double[length];
                var n = new float[length];
                Philox4x32.FillUInt32(w, 7, 3, (ulong)offset);
                Philox4x32.FillUniform(s, 7, 3, (ulong)offset);
                Philox4x32.FillUniform(d, 7, 3, (ulong)offset);
                Philox4x32.FillGaussian(n, 7, 3, (ulong)offset);
                Assert.That(w, Is.EqualTo(words[offset..(offset + length)]));
                Assert.That(s, Is.EqualTo(singles[offset..(offset + length)]));
                Assert.That(d, Is.EqualTo(doubles[offset..(offset + length)]));
                Assert.That(n, Is.EqualTo(normals[offset..(offset + length)]));
            }
        }
    }

    [Test]
    public void Fills_and_single_draws_are_the_same_stream()
    {
        var random = new PhiloxRandom(11, 5);
        var words = new uint[100];
        Philox4x32.FillUInt32(words, 11, 5);
        Assert.That(words, Is.EqualTo(Enumerable.Range(0, 100).Select(_ => random.NextUInt32())));

        random = new PhiloxRandom(11, 5);
        var doubles = new double[100];
        Philox4x32.FillUniform(doubles, 11, 5);
        Assert.That(doubles, Is.EqualTo(Enumerable.Range(0, 100).Select(_ => random.NextDouble())));

        var singles = new float[100];
        Philox4x32.FillUniform(singles, 11, 5);
        Assert.That(singles, Is.EqualTo(words.Select(w => (w >> 8) / 16777216f)));
    }

    [Test]
    public void Seeds_and_streams_differ()
    {
        var a = new uint[64];
        var b = new uint[64];
        Philox4x32.FillUInt32(a, 1);
        Philox4x32.FillUInt32(b, 1, stream: 1);
        Assert.That(a.Intersect(b), Is.Empty);
        Philox4x32.FillUInt32(b, 1UL << 32);
        Assert.That(a.Intersect(b), Is.Empty);
    }

    [Test]
    public void The_last_numbers_of_a_stream_can_be_drawn_and_no_more()
    {
        var numbers = new double[8];
        Assert.That(() => Philox4x32.FillUniform(numbers, 1, 0, ulong.MaxValue - 8), Throws.Nothing);
        Assert.That(numbers, Has.All.InRange(0.0, 1.0));
        Assert.That(
            () => Philox4x32.FillUniform(numbers, 1, 0, ulong.MaxValue - 7),
            Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("8 elements"));
    }

    [Test]
    public void Normals_follow_the_stated_formula()
    {
        var words = new uint[20_000];
        var normals = new float[words.Length];
        Philox4x32.FillUInt32(words, 3);
        Philox4x32.FillGaussian(normals, 3);
        double worst = 0;
        for (int i = 0; i < words.Length; i += 2)
            worst = Math.Max(worst, FormulaError(words[i], words[i + 1], normals[i], normals[i + 1]));
        // A few float32 roundings of values up to about 4.5.
        Assert.That(worst, Is.LessThan(2e-6));
    }

    [Test]
    public void Extreme_words_give_the_stated_extremes()
    {
        uint[] extremes = [0, 1, 2, 3, 0x3FFFFFFF, 0x40000000, 0x7FFFFFFF, 0x80000000, 0xB504F300, 0xB504F380, 0xFFFFFF00, 0xFFFFFFFE, uint.MaxValue];
        foreach (uint radius in extremes)
        {
            foreach (uint angle in extremes)
            {
                BoxMuller.Transform(radius, angle, out float cosine, out float sine);
                Assert.That(FormulaError(radius, angle, cosine, sine), Is.LessThan(2e-6), $"{radius:x} {angle:x}");
            }
        }

        BoxMuller.Transform(0, 0, out float largest, out _);
        Assert.That(largest, Is.EqualTo(6.6604).Within(1e-3));
        BoxMuller.Transform(uint.MaxValue, 0, out float smallest, out _);
        Assert.That(smallest, Is.EqualTo(Math.Sqrt(Math.Pow(2, -31))).Within(1).Percent);
    }

    [Test]
    public void Uniforms_are_uniform_and_neighbors_independent()
    {
        const int count = 1 << 18;
        var numbers = new float[count];
        Philox4x32.FillUniform(numbers, 2024);
        Assert.That(numbers.Min(), Is.InRange(0f, 1e-4f));
        Assert.That(numbers.Max(), Is.InRange(1f - 1e-4f, 1f - 1e-8f));
        Assert.That(numbers.Average(v => (double)v), Is.EqualTo(0.5).Within(5 * Math.Sqrt(1.0 / 12 / count)));
        Assert.That(Kolmogorov([.. numbers.Select(v => (double)v)]), Is.LessThan(1.95));
        for (int lag = 1; lag <= 8; lag++)
            Assert.That(Correlation(numbers, lag), Is.EqualTo(0).Within(5 / Math.Sqrt(count)), $"lag {lag}");
    }

    [Test]
    public void Normals_have_the_moments_tails_and_distribution_of_the_normal()
    {
        const int count = 1 << 19;
        var z = new float[count];
        Philox4x32.FillGaussian(z, 5);
        double n = count;
        double mean = z.Average(v => (double)v);
        double variance = z.Sum(v => (double)v * v) / n;
        double third = z.Sum(v => (double)v * v * v) / n;
        double fourth = z.Sum(v => (double)v * v * v * v) / n;
        // Five standard errors each: Var z = 1, Var z^2 = 2, Var z^3 = 15, Var z^4 = 96.
        Assert.That(mean, Is.EqualTo(0).Within(5 / Math.Sqrt(n)));
        Assert.That(variance, Is.EqualTo(1).Within(5 * Math.Sqrt(2 / n)));
        Assert.That(third, Is.EqualTo(0).Within(5 * Math.Sqrt(15 / n)));
        Assert.That(fourth, Is.EqualTo(3).Within(5 * Math.Sqrt(96 / n)));
        foreach (double threshold in (double[])[1, 2, 3, 4])
        {
            double expected = n * 2 * (1 - NormalDistribution(threshold));
            Assert.That(z.Count(v => v > threshold) + z.Count(v => v < -threshold), Is.EqualTo(expected).Within(5 * Math.Sqrt(expected) + 1), $"beyond {threshold}");
        }

        Assert.That(Kolmogorov([.. z.Select(v => NormalDistribution(v))]), Is.LessThan(1.95));
        for (int lag = 1; lag <= 8; lag++)
        {
            Assert.That(Correlation(z, lag), Is.EqualTo(0).Within(5 / Math.Sqrt(n)), $"lag {lag}");
            // Both branches share a radius: their squares would betray any dependence left.
            Assert.That(Correlation([.. z.Select(v => v * v)], lag), Is.EqualTo(0).Within(5 / Math.Sqrt(n)), $"squares, lag {lag}");
        }
    }

    private delegate void Twin<T>(Span<T> destination, ulong seed, uint stream, ulong firstBlock);

    private static void AssertTwin<T, TKernel>(Twin<T> scalar)
        where T : unmanaged
        where TKernel : IPhiloxFill<T>
    {
        foreach (ulong first in (ulong[])[0, 5, FarBlock])
        {
            for (int length = 0; length <= 256; length += TKernel.PerBlock)
            {
                var actual = new T[length];
                var expected = new T[length];
                TKernel.Fill(actual, 0xDEADBEEF12345678, 9, first);
                scalar(expected, 0xDEADBEEF12345678, 9, first);
                Assert.That(actual.AsSpan().SequenceEqual(expected), Is.True, $"length {length}, first block {first}");
            }
        }
    }

    private static double FormulaError(uint radius, uint angle, float cosine, float sine)
    {
        double r = Math.Sqrt(-2 * Math.Log(((radius >> 1) + 0.5) / 2147483648.0));
        double phi = 2 * Math.PI * angle / 4294967296.0;
        return Math.Max(Math.Abs((r * Math.Cos(phi)) - cosine), Math.Abs((r * Math.Sin(phi)) - sine));
    }

    private static double NormalDistribution(double z) => 0.5 * MathNet.Numerics.SpecialFunctions.Erfc(-z / Math.Sqrt(2));

    // sqrt(n) times the largest distance between the empirical distribution and the uniform one; 1.95 is exceeded once in a thousand.
    private static double Kolmogorov(double[] uniforms)
    {
        System.Array.Sort(uniforms);
        double worst = 0;
        for (int i = 0; i < uniforms.Length; i++)
        {
            double below = Math.Abs(uniforms[i] - ((double)i / uniforms.Length));
            double above = Math.Abs(((double)(i + 1) / uniforms.Length) - uniforms[i]);
            worst = Math.Max(worst, Math.Max(below, above));
        }

        return worst * Math.Sqrt(uniforms.Length);
    }

    private static double Correlation(float[] values, int lag)
    {
        double mean = values.Average(v => (double)v);
        double product = 0;
        double square = 0;
        for (int i = 0; i < values.Length; i++)
        {
            square += (values[i] - mean) * (values[i] - mean);
            if (i + lag < values.Length)
                product += (values[i] - mean) * (values[i + lag] - mean);
        }

        return product / square;
    }
}
