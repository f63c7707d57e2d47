using Gir.Imaging.Random;
using Gir.Models.Tensors.Backends.Cpu.Kernels;

namespace Gir.Models.Tests.Tensors;

/// <summary>Normalization and softmax kernels against double precision, by rows and by columns, for every length.</summary>
public sealed unsafe class NormalizationKernelTests
{
    private const double Unit = 1.0 / (1 << 24);
    private const int Longest = 256;

    // Three rows are a part of a group; 70 columns are four vectors and a part of one.
    private const int Rows = 3;
    private const int Columns = 70;

    [TestCase(0)]
    [TestCase(1000)]
    [TestCase(-30000)]
    public void The_variance_keeps_its_digits_whatever_the_mean(double shift)
    {
        foreach (int length in new[] { 1, 2, 15, 16, 17, 64, 180, 255, 1023, 1024, 1025, 5000 })
        {
            float[] x = Numbers(Rows * length, shift, 1);
            float[] mean = new float[Rows], reciprocal = new float[Rows], y = new float[x.Length];
            fixed (float* px = x, py = y, pm = mean, pr = reciprocal)
                NormalizeRows.Forward(px, Rows, length, null, null, 1e-6f, true, py, pm, pr);
            double bound = (Math.Min(length, 1024) / 16.0) + 8;
            for (int r = 0; r < Rows; r++)
                CheckMoments(x.AsSpan(r * length, length).ToArray(), mean[r], reciprocal[r], bound, $"length {length}");
        }
    }

    [TestCase(0)]
    [TestCase(1000)]
    [TestCase(-30000)]
    public void So_it_does_down_columns(double shift)
    {
        foreach (int length in new[] { 1, 2, 3, 4, 5, 64, 181 })
        {
            float[] x = Numbers(length * Columns, shift, 2);
            float[] mean = new float[Columns], reciprocal = new float[Columns], y = new float[x.Length];
            fixed (float* px = x, py = y, pm = mean, pr = reciprocal, scratch = new float[ColumnTile.ScratchLength(length, Columns)])
            {
                var tile = new ColumnTile(scratch, length, Columns);
                tile.Read(px, Columns);
                NormalizeColumns.Forward(tile, null, null, 1e-6f, true, py, Columns, pm, pr);
            }

            for (int c = 0; c < Columns; c++)
            {
                float[] column = [.. Enumerable.Range(0, length).Select(k => x[(k * Columns) + c])];
                CheckMoments(column, mean[c], reciprocal[c], (length / 2.0) + 8, $"length {length}");
            }
        }
    }

    [Test]
    public void Rows_of_every_length_are_softened_and_normalized()
    {
        for (int length = 1; length <= Longest; length++)
        {
            float[] x = Numbers(Rows * length, 0, 3), dy = Numbers(Rows * length, 0, 4), weight = Numbers(length, 1, 5), bias = Numbers(length, 0, 6);
            float[] soft = new float[x.Length], inPlace = [.. x], logarithm = new float[x.Length], softGradient = new float[x.Length];
            float[] y = new float[x.Length], dx = new float[x.Length], mean = new float[Rows], reciprocal = new float[Rows];
            fixed (float* px = x, pdy = dy, pw = weight, pb = bias, ps = soft, pi = inPlace, pl = logarithm, pg = softGradient, py = y, pdx = dx, pm = mean, pr = reciprocal)
            {
                SoftmaxRows.Forward(px, ps, Rows, length, false);
                SoftmaxRows.Forward(pi, pi, Rows, length, false);
                SoftmaxRows.Forward(px, pl, Rows, length, true);
                SoftmaxRows.Gradient(ps, pdy, pg, Rows, length, false);
                NormalizeRows.Forward(px, Rows, length, pw, pb, 1e-5f, true, py, pm, pr);
                NormalizeRows.Gradient(px, pdy, Rows, length, pw, pm, pr, true, pdx);
            }

            Assert.That(inPlace, Is.EqualTo(soft), $"in place, length {length}");
            for (int r = 0; r < Rows; r++)
            {
                var line = new Line(x, dy, weight, bias, Rows, length, k => (r * length) + k);
                line.Check(soft, logarithm, softGradient, y, dx, $"length {length}, row {r}");
            }
        }
    }

    [Test]
    public void Columns_of_every_length_are_softened_and_normalized()
    {
        for (int length = 1; length <= Longest; length = length < 40 ? length + 1 : length * 2)
        {
            float[] x = Numbers(Columns * length, 0, 3), dy = Numbers(Columns * length, 0, 4), weight = Numbers(length, 1, 5), bias = Numbers(length, 0, 6);
            float[] soft = new float[x.Length], logarithm = new float[x.Length], softGradient = new float[x.Length];
            float[] y = new float[x.Length], dx = new float[x.Length], mean = new float[Columns], reciprocal = new float[Columns];
            long size = ColumnTile.ScratchLength(length, Columns);
            fixed (float* px = x, pdy = dy, pw = weight, pb = bias, ps = soft, pl = logarithm, pg = softGradient, py = y, pdx = dx, pm = mean, pr = reciprocal, scratch = new float[2 * size])
            {
                var a = new ColumnTile(scratch, length, Columns);
                var b = new ColumnTile(scratch + size, length, Columns);
                a.Read(px, Columns);
                SoftmaxColumns.Forward(a, false, ps, Columns);
                a.Read(px, Columns);
                SoftmaxColumns.Forward(a, true, pl, Columns);
                a.Read(ps, Columns);
                b.Read(pdy, Columns);
                SoftmaxColumns.Gradient(a, b, false, pg, Columns);
                a.Read(px, Columns);
                NormalizeColumns.Forward(a, pw, pb, 1e-5f, true, py, Columns, pm, pr);
                a.Read(px, Columns);
                b.Read(pdy, Columns);
                NormalizeColumns.Gradient(a, b, pw, pm, pr, true, pdx, Columns);
            }

            foreach (int c in new[] { 0, 17, 64, 69 })
            {
                var line = new Line(x, dy, weight, bias, Columns, length, k => (k * Columns) + c);
                line.Check(soft, logarithm, softGradient, y, dx, $"length {length}, column {c}");
            }
        }
    }

    private static void CheckMoments(float[] x, float mean, float reciprocal, double bound, string what)
    {
        double average = x.Average(v => (double)v);
        double variance = x.Average(v => (v - average) * (v - average));
        double expected = 1 / Math.Sqrt(variance + 1e-6f);
        Assert.That(mean, Is.EqualTo(average).Within((2 * Unit * Math.Abs(average)) + (4 * Unit)), $"mean, {what}");
        // The root halves the variance's relative error; one unit and a half for the root and the quotient themselves.
        Assert.That(Math.Abs(reciprocal - expected) / expected, Is.LessThanOrEqualTo(((bound / 2) + 3) * Unit), $"reciprocal, {what}");
    }

    private static float[] Numbers(int count, double shift, ulong seed)
    {
        var values = new float[count];
        Philox4x32.FillGaussian(values, seed);
        for (int i = 0; i < count; i++)
            values[i] += (float)shift;
        return values;
    }

    /// <summary>One row or column and what is expected of it, in double.</summary>
    private sealed class Line(float[] x, float[] dy, float[] weight, float[] bias, int lines, int length, Func<int, int> at)
    {
        // Sums of at most 256 terms of order 1 in float32, in several chains.
        private const double Tolerance = 4e-6;

        public void Check(float[] soft, float[] logarithm, float[] softGradient, float[] y, float[] dx, string what)
        {
            Assert.That(x, Has.Length.EqualTo(lines * length));
            double[] v = [.. Enumerable.Range(0, length).Select(k => (double)x[at(k)])];
            double[] g = [.. Enumerable.Range(0, length).Select(k => (double)dy[at(k)])];
            double largest = v.Max();
            double total = v.Sum(e => Math.Exp(e - largest));
            double[] s = [.. v.Select(e => Math.Exp(e - largest) / total)];
            double inner = s.Zip(g, (p, q) => p * q).Sum();
            double mean = v.Average();
            double scale = 1 / Math.Sqrt(v.Average(e => (e - mean) * (e - mean)) + 1e-5f);
            double[] weighted = [.. g.Select((e, k) => e * weight[k])];
            double meanGradient = weighted.Average();
            double projection = scale * scale * scale * weighted.Zip(v, (p, q) => p * (q - mean)).Average();
            // A single element has no spread: its deviation, a rounding error of the mean, is magnified by 1 / sqrt(epsilon).
            double tolerance = Tolerance * Math.Max(1, scale);
            for (int k = 0; k < length; k++)
            {
                Near(soft[at(k)], s[k], Tolerance, what + ", softmax");
                Near(logarithm[at(k)], v[k] - largest - Math.Log(total), Tolerance, what + ", logarithm");
                Near(softGradient[at(k)], s[k] * (g[k] - inner), Tolerance, what + ", softmax gradient");
                Near(y[at(k)], ((v[k] - mean) * scale * weight[k]) + bias[k], tolerance, what + ", normalized");
                Near(dx[at(k)], ((weighted[k] - meanGradient) * scale) - ((v[k] - mean) * projection), tolerance * Math.Max(1, scale), what + ", gradient");
            }
        }

        private static void Near(double actual, double expected, double tolerance, string what)
        {
            if (!(Math.Abs(actual - expected) <= tolerance * Math.Max(1, Math.Abs(expected))))
                Assert.Fail($"{what}: {actual}, expected {expected}");
        }
    }
}
