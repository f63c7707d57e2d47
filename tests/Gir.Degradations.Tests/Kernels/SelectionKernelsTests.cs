using Gir.Degradations.Kernels;
using Gir.Imaging.Random;

namespace Gir.Degradations.Tests.Kernels;

public sealed class SelectionKernelsTests
{
    private const int Longest = 256;

    [Test]
    public void Overlaps_equal_their_scalar_twin_at_every_length()
    {
        double[] a = Counts(1);
        double[] b = Counts(2);
        for (int length = 0; length <= Longest; length++)
        {
            double expected = OverlapSum.InvokeScalar(a.AsSpan(0, length), b.AsSpan(0, length));
            Assert.That(OverlapSum.Invoke(a.AsSpan(0, length), b.AsSpan(0, length)), Is.EqualTo(expected), $"length {length}");
            Assert.That(expected, Is.EqualTo(a.Take(length).Zip(b, Math.Min).Sum()));
        }
    }

    [Test]
    public void Products_equal_their_scalar_twin_at_every_length([Values(1, 3, 8, 10, 13, 24)] int columns)
    {
        double[] row = Uniform(Longest, 3);
        double[] block = Uniform(Longest * columns, 4);
        var actual = new double[columns];
        var expected = new double[columns];
        for (int length = 0; length <= Longest; length++)
        {
            RowTimesBlock.Invoke(row.AsSpan(0, length), block, actual);
            RowTimesBlock.InvokeScalar(row.AsSpan(0, length), block, expected);
            Assert.That(actual, Is.EqualTo(expected), $"length {length}");
        }

        // Exact in the last place only with the sum in the order of the rows.
        double last = 0;
        for (int j = 0; j < Longest; j++)
            last += row[j] * block[(j * columns) + columns - 1];
        Assert.That(actual[^1], Is.EqualTo(last));
    }

    private static double[] Counts(ulong seed)
    {
        var random = new PhiloxRandom(seed);
        return [.. Enumerable.Range(0, Longest).Select(_ => (double)random.NextInteger(0, 1 << 24))];
    }

    private static double[] Uniform(int count, ulong seed)
    {
        var random = new PhiloxRandom(seed);
        return [.. Enumerable.Range(0, count).Select(_ => random.NextUniform(-1, 1))];
    }
}
