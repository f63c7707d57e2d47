using Gir.Degradations.Kernels;
using Gir.Imaging.Kernels;
using Gir.Imaging.Random;

namespace Gir.Degradations.Tests.Kernels;

[TestFixture]
public sealed class WeatherKernelsTests
{
    private const int Longest = 256;

    private static readonly float[] s_first = Uniform(1);
    private static readonly float[] s_second = Uniform(2);

    [Test]
    public void Row_operators_equal_their_scalar_twins_at_every_length()
    {
        for (int length = 0; length <= Longest; length++)
        {
            CheckUnary(length, new Transmission(1.8f));
            CheckUnary(length, new Transmission(-20f));
            CheckBinary(length, new Veil(0.9f));
            CheckBinary(length, new Cover(0.3f));
            CheckBinary(length, new SaturatingAdd(1f));
            CheckBinary(length, new SaturatingAdd(-1f));
            CheckBinary(length, default(Screen));
        }
    }

    [Test]
    public void Row_operators_may_overwrite_a_source()
    {
        float[] expected = new float[Longest];
        RowMap.Invoke(s_first, s_second, expected, new Veil(0.9f));
        float[] first = (float[])s_first.Clone();
        RowMap.Invoke(first, s_second, first, new Veil(0.9f));
        float[] second = (float[])s_second.Clone();
        RowMap.Invoke(s_first, second, second, new Veil(0.9f));
        Assert.That(first, Is.EqualTo(expected));
        Assert.That(second, Is.EqualTo(expected));
    }

    [Test]
    public void Transmission_is_the_exponential_to_two_units_in_the_last_place()
    {
        var worst = 0.0;
        for (int i = 0; i <= 20_000; i++)
        {
            float depth = i / 20_000f;
            foreach (float beta in new[] { 0.5f, 1.8f, 20f })
            {
                double exact = Math.Exp(-(double)(depth * beta));
                float actual = Of(beta, depth);
                worst = Math.Max(worst, Math.Abs(actual - exact) / (MathF.BitIncrement((float)exact) - (float)exact));
            }
        }

        Assert.That(worst, Is.LessThan(2));
        Assert.That(Of(1.8f, 0f), Is.EqualTo(1f));
        Assert.That(Of(1e9f, 1f), Is.GreaterThan(0f).And.LessThan(1e-37f));
    }

    private static float Of(float beta, float depth) => new Transmission(beta).Invoke(Lanes1<float>.Of(depth)).Value;

    [Test]
    public void Sums_of_five_equal_their_scalar_twin_at_every_length()
    {
        var source = new float[Longest + 4];
        Philox4x32.FillUniform(source, 3);
        for (int length = 0; length <= Longest; length++)
        {
            var actual = new float[length];
            var expected = new float[length];
            SumOfFive.Invoke(source, source.AsSpan(1), source.AsSpan(2), source.AsSpan(3), source.AsSpan(4), 0.25f, 1f, actual);
            SumOfFive.InvokeScalar(source, source.AsSpan(1), source.AsSpan(2), source.AsSpan(3), source.AsSpan(4), 0.25f, 1f, expected);
            Assert.That(actual, Is.EqualTo(expected), $"length {length}");
        }
    }

    [Test]
    public void Scaled_additions_equal_their_scalar_twin_at_every_length()
    {
        var source = new double[Longest];
        Philox4x32.FillUniform(source, 4);
        for (int length = 0; length <= Longest; length++)
        {
            double[] actual = [.. Enumerable.Range(0, length).Select(i => i / 7.0)];
            double[] expected = [.. actual.Zip(source, (a, s) => a + (s * 1.7))];
            RowMap.Invoke(actual, source, actual, new AddScaled(1.7));
            Assert.That(actual, Is.EqualTo(expected), $"length {length}");
        }
    }

    [Test]
    public void Stretching_equals_its_scalar_twin_at_every_length()
    {
        var source = new double[Longest];
        Philox4x32.FillUniform(source, 5);
        (source[0], source[1]) = (0, 0.9999);
        for (int length = 0; length <= Longest; length++)
        {
            var actual = new float[length];
            var expected = new float[length];
            StretchToLevels.Invoke(source.AsSpan(0, length), 0, 0.9999, actual);
            StretchToLevels.InvokeScalar(source.AsSpan(0, length), 0, 0.9999, expected);
            Assert.That(actual, Is.EqualTo(expected), $"length {length}");
            if (length > 1)
                Assert.That((actual[0], actual[1]), Is.EqualTo((0f, 1f)));
        }
    }

    private static void CheckUnary<T>(int length, T op)
        where T : struct, IUnaryFunction<float>
    {
        var actual = new float[length];
        var expected = new float[length];
        RowMap.Invoke(s_first.AsSpan(0, length), actual, op);
        RowMap.InvokeScalar(s_first.AsSpan(0, length), expected, op);
        Assert.That(actual, Is.EqualTo(expected), $"{typeof(T).Name}, length {length}");
    }

    private static void CheckBinary<T>(int length, T op)
        where T : struct, IBinaryFunction<float>
    {
        var actual = new float[length];
        var expected = new float[length];
        RowMap.Invoke(s_first.AsSpan(0, length), s_second.AsSpan(0, length), actual, op);
        RowMap.InvokeScalar(s_first.AsSpan(0, length), s_second.AsSpan(0, length), expected, op);
        Assert.That(actual, Is.EqualTo(expected), $"{typeof(T).Name}, length {length}");
    }

    private static float[] Uniform(ulong seed)
    {
        var values = new float[Longest];
        Philox4x32.FillUniform(values, seed);
        return values;
    }
}
