using Gir.Imaging.Kernels;
using Gir.Imaging.Random;
using Gir.Metrics.Kernels;

namespace Gir.Metrics.Tests.Kernels;

/// <summary>Every kernel gives the same bits eight, four and one lane wide, at every length.</summary>
[TestFixture]
public unsafe class KernelTests
{
    private const int MaxLength = 256;
    private static readonly double[] Numbers = Draw(1, 16384);
    private static readonly double[] Others = Draw(2, 16384);

    private static double[] Draw(ulong seed, int count)
    {
        var random = new PhiloxRandom(seed);
        return [.. Enumerable.Range(0, count).Select(_ => 255 * random.NextGaussian())];
    }

    [Test]
    public void Sums_of_pairs_do_not_depend_on_the_width()
    {
        float[] x = System.Array.ConvertAll(Numbers, v => (float)(v / 1000));
        float[] y = System.Array.ConvertAll(Others, v => (float)(v / 1000));
        fixed (float* a = x, b = y)
        fixed (double* p = Numbers, q = Others)
        {
            for (int n = 0; n <= MaxLength; n++)
            {
                double scalar = PairSum.Levels<PairSum.Square, Lanes1<double>>(a, b, n);
                Same(PairSum.Levels<PairSum.Square, Lanes512<double>>(a, b, n), scalar, n);
                Same(PairSum.Levels<PairSum.Square, Lanes256<double>>(a, b, n), scalar, n);
                Same(PairSum.Levels<PairSum.Square>(x.AsSpan(0, n), y.AsSpan(0, n)), scalar, n);
                double naive = 0;
                for (int i = 0; i < n; i++)
                    naive += Math.Pow((double)(x[i] * 255f) - (double)(y[i] * 255f), 2);
                Assert.That(scalar, Is.EqualTo(naive).Within(1e-12 * naive), $"length {n}");

                double absolute = PairSum.Doubles<PairSum.Absolute, Lanes1<double>>(p, q, n);
                Same(PairSum.Doubles<PairSum.Absolute, Lanes512<double>>(p, q, n), absolute, n);
                Same(PairSum.Doubles<PairSum.Absolute, Lanes256<double>>(p, q, n), absolute, n);
                Same(PairSum.Doubles<PairSum.Absolute>(Numbers.AsSpan(0, n), Others.AsSpan(0, n)), absolute, n);
            }
        }
    }

    [TestCase(float.NaN)]
    [TestCase(float.NegativeInfinity)]
    [TestCase(-4.0000005f)]
    [TestCase(255f)]
    public void A_sum_over_a_sample_out_of_range_is_no_number_wherever_it_stands(float sample)
    {
        const int Length = 75;
        for (int place = 0; place < 2 * Length; place++)
        {
            // Overshoot passes; NaN must not hide what is too large.
            float[] x = [.. Enumerable.Repeat(4f, Length)], y = [.. Enumerable.Repeat(-4f, Length)];
            (place < Length ? x : y)[place % Length] = sample;
            fixed (float* a = x, b = y)
            {
                Assert.That(PairSum.Levels<PairSum.Absolute, Lanes512<double>>(a, b, Length), Is.NaN, $"place {place}");
                Assert.That(PairSum.Levels<PairSum.Absolute, Lanes256<double>>(a, b, Length), Is.NaN, $"place {place}");
                Assert.That(PairSum.Levels<PairSum.Absolute, Lanes1<double>>(a, b, Length), Is.NaN, $"place {place}");
            }

            (place < Length ? x : y)[place % Length] = 4;
            Assert.That(PairSum.Levels<PairSum.Absolute>(x, y), Is.Not.NaN);
        }
    }

    [Test]
    public void Sums_of_rows_do_not_depend_on_the_width()
    {
        fixed (double* p = Numbers)
        {
            for (int n = 0; n <= MaxLength; n++)
            {
                double scalar = RowSum.Of<Lanes1<double>>(p, n);
                Same(RowSum.Of<Lanes512<double>>(p, n), scalar, n);
                Same(RowSum.Of<Lanes256<double>>(p, n), scalar, n);
                Same(RowSum.Of(Numbers.AsSpan(0, n)), scalar, n);
                Assert.That(scalar, Is.EqualTo(Numbers.Take(n).Sum()).Within(1e-9), $"length {n}");
                double squares = RowSum.OfSquares<Lanes1<double>>(p, n, 3);
                Same(RowSum.OfSquares<Lanes512<double>>(p, n, 3), squares, n);
                Same(RowSum.OfSquares<Lanes256<double>>(p, n, 3), squares, n);
                Same(RowSum.OfSquares(Numbers.AsSpan(0, n), 3), squares, n);
            }
        }
    }

    [Test]
    public void Sums_of_logarithms_do_not_depend_on_the_width()
    {
        double[] ratios = System.Array.ConvertAll(Numbers, v => 1 + Math.Abs(v));
        fixed (double* p = ratios)
        {
            for (int n = 0; n <= 64; n++)
            {
                double scalar = LogSum.Of<Lanes1<double>>(p, n);
                Same(LogSum.Of<Lanes512<double>>(p, n), scalar, n);
                Same(LogSum.Of<Lanes256<double>>(p, n), scalar, n);
                Same(LogSum.Of(ratios.AsSpan(0, n)), scalar, n);
                Assert.That(scalar, Is.EqualTo(ratios.Take(n).Sum(Math.Log10)).Within(1e-11), $"length {n}");
            }
        }
    }

    [Test]
    public void Gray_conversion_does_not_depend_on_the_width([Values] MetricColor color)
    {
        float[] r = System.Array.ConvertAll(Numbers, v => (float)(v / 255));
        float[] g = System.Array.ConvertAll(Others, v => (float)(v / 255));
        fixed (float* a = r, b = g)
        {
            for (int n = 0; n <= MaxLength; n++)
            {
                (double[] eight, double[] four, double[] one, double[] any) = (new double[n + 1], new double[n + 1], new double[n + 1], new double[n]);
                fixed (double* p8 = eight, p4 = four, p1 = one)
                {
                    GrayConversion.Mix<Lanes512<double>>(a, b, a + 300, p8, n, color);
                    GrayConversion.Mix<Lanes256<double>>(a, b, a + 300, p4, n, color);
                    GrayConversion.Mix<Lanes1<double>>(a, b, a + 300, p1, n, color);
                    GrayConversion.Mix(r.AsSpan(0, n), g.AsSpan(0, n), r.AsSpan(300, n), any, color);
                    AllSame(n, eight, four, one, [.. any, 0]);
                    GrayConversion.Single<Lanes512<double>>(a, p8, n, color);
                    GrayConversion.Single<Lanes256<double>>(a, p4, n, color);
                    GrayConversion.Single<Lanes1<double>>(a, p1, n, color);
                    GrayConversion.Single(r.AsSpan(0, n), any, color);
                    AllSame(n, eight, four, one, [.. any, 0]);
                }
            }
        }
    }

    [Test]
    public void Row_kernels_do_not_depend_on_the_width()
    {
        const int stride = MaxLength + 2;
        double** rows = stackalloc double*[8];
        fixed (double* p = Numbers, q = Others)
        {
            for (int tap = 0; tap < 8; tap++)
                rows[tap] = p + (tap * 300);
            for (int n = 0; n <= MaxLength; n++)
            {
                (double[] eight, double[] four, double[] one) = (new double[n + 1], new double[n + 1], new double[n + 1]);
                fixed (double* p8 = eight, p4 = four, p1 = one)
                {
                    GradientSimilarity.Row<Lanes512<double>>(p, q, stride, p8, n);
                    GradientSimilarity.Row<Lanes256<double>>(p, q, stride, p4, n);
                    GradientSimilarity.Row<Lanes1<double>>(p, q, stride, p1, n);
                    AllSame(n, eight, four, one);
                    LevelScaling.Row<Lanes512<double>>(p, p8, n, 77);
                    LevelScaling.Row<Lanes256<double>>(p, p4, n, 77);
                    LevelScaling.Row<Lanes1<double>>(p, p1, n, 77);
                    AllSame(n, eight, four, one);
                    HalfSizeTaps.Column<Lanes512<double>>(rows, p8, n);
                    HalfSizeTaps.Column<Lanes256<double>>(rows, p4, n);
                    HalfSizeTaps.Column<Lanes1<double>>(rows, p1, n);
                    AllSame(n, eight, four, one);
                }
            }
        }
    }

    [Test]
    public void Moments_do_not_depend_on_the_width()
    {
        fixed (double* p = Numbers, q = Others)
        {
            for (int n = 0; n <= MaxLength; n += AggdMoments.Lanes)
            {
                double[][] lanes = [.. Enumerable.Range(0, 3).Select(_ => Draw(9, AggdMoments.Sums * AggdMoments.Lanes))];
                fixed (double* p8 = lanes[0], p4 = lanes[1], p1 = lanes[2])
                {
                    AggdMoments.Add<Lanes512<double>>(p, q, n, p8);
                    AggdMoments.Add<Lanes256<double>>(p, q, n, p4);
                    AggdMoments.Add<Lanes1<double>>(p, q, n, p1);
                }

                AllSame(n, lanes[0], lanes[1], lanes[2]);
            }
        }
    }

    [Test]
    public void Tiles_do_not_depend_on_the_width()
    {
        double[] weights = GaussianWindow.Create(WindowTile.MaxTaps, 3);
        double** rows = stackalloc double*[WindowTile.MaxTaps];
        (double[] eight, double[] four, double[] one) = (new double[1024], new double[1024], new double[1024]);
        fixed (double* p = Numbers, w = weights, p8 = eight, p4 = four, p1 = one)
        {
            for (int tap = 0; tap < WindowTile.MaxTaps; tap++)
                rows[tap] = p + (tap * 500);
            for (int taps = 3; taps <= WindowTile.MaxTaps; taps += 2)
            {
                WindowTile.FilterRow<Lanes512<double>>(p, 5, w, taps, p8);
                WindowTile.FilterRow<Lanes256<double>>(p, 5, w, taps, p4);
                WindowTile.FilterRow<Lanes1<double>>(p, 5, w, taps, p1);
                AllSame(taps, eight, four, one);
                MscnTile.Combine<Lanes512<double>>(rows, w, taps, p + 9000, 1e-3, p8, p8 + 64);
                MscnTile.Combine<Lanes256<double>>(rows, w, taps, p + 9000, 1e-3, p4, p4 + 64);
                MscnTile.Combine<Lanes1<double>>(rows, w, taps, p + 9000, 1e-3, p1, p1 + 64);
                AllSame(taps, eight, four, one);
                VifTile.Combine<Lanes512<double>>(rows, w, taps, p8, p8 + 64);
                VifTile.Combine<Lanes256<double>>(rows, w, taps, p4, p4 + 64);
                VifTile.Combine<Lanes1<double>>(rows, w, taps, p1, p1 + 64);
                AllSame(taps, eight, four, one);
            }

            SsimConstants constants = new(6.5, 58.5, 0);
            SsimTile.Combine<Lanes512<double>>(rows, w, constants, p8, p8 + 64);
            SsimTile.Combine<Lanes256<double>>(rows, w, constants, p4, p4 + 64);
            SsimTile.Combine<Lanes1<double>>(rows, w, constants, p1, p1 + 64);
            AllSame(SsimTile.Taps, eight, four, one);
            double[][] scratch = [.. Enumerable.Range(0, 3).Select(_ => Numbers[..(4 * SsimTile.InputWidth)])];
            fixed (double* s8 = scratch[0], s4 = scratch[1], s1 = scratch[2])
            {
                SsimTile.FilterRow<Lanes512<double>>(s8, w, p8);
                SsimTile.FilterRow<Lanes256<double>>(s4, w, p4);
                SsimTile.FilterRow<Lanes1<double>>(s1, w, p1);
                AllSame(SsimTile.Taps, eight, four, one);
                AllSame(SsimTile.Taps, scratch);
            }
        }
    }

    [Test]
    public void Fourier_stages_do_not_depend_on_the_width()
    {
        const int n = 30;
        double[] cosines = [.. Enumerable.Range(0, n).Select(k => Math.Cos(2 * Math.PI * k / n))];
        double[] sines = [.. Enumerable.Range(0, n).Select(k => -Math.Sin(2 * Math.PI * k / n))];
        (double[] eight, double[] four, double[] one) = (new double[16 * n], new double[16 * n], new double[16 * n]);
        fixed (double* p = Numbers, c = cosines, s = sines, p8 = eight, p4 = four, p1 = one)
        {
            foreach ((int radix, int done) in new[] { (2, 1), (3, 2), (5, 6), (5, 1), (3, 10) })
            {
                FourierColumns.Stage<Lanes512<double>>(p, p + (8 * n), p8, p8 + (8 * n), n, radix, done, c, s);
                FourierColumns.Stage<Lanes256<double>>(p, p + (8 * n), p4, p4 + (8 * n), n, radix, done, c, s);
                FourierColumns.Stage<Lanes1<double>>(p, p + (8 * n), p1, p1 + (8 * n), n, radix, done, c, s);
                AllSame(radix, eight, four, one);
            }
        }
    }

    [TestCase(1, 1)]
    [TestCase(8, 12)]
    [TestCase(7, 30)]
    [TestCase(22, 9)]
    public void The_Fourier_transform_is_the_sum_of_its_definition(int height, int width)
    {
        double[] real = Numbers[..(height * width)];
        double[] imaginary = Others[..(height * width)];
        var fourier = new Fourier(height, width);
        (double[] x, double[] y) = ((double[])real.Clone(), (double[])imaginary.Clone());
        fourier.Transform(x, y, inverse: false, default);
        for (int v = 0; v < height; v++)
        {
            for (int u = 0; u < width; u++)
            {
                (double sumReal, double sumImaginary) = (0, 0);
                for (int i = 0; i < real.Length; i++)
                {
                    double angle = -2 * Math.PI * (((double)v * (i / width) / height) + ((double)u * (i % width) / width));
                    (double sin, double cos) = Math.SinCos(angle);
                    sumReal += (real[i] * cos) - (imaginary[i] * sin);
                    sumImaginary += (real[i] * sin) + (imaginary[i] * cos);
                }

                Assert.That(x[(v * width) + u], Is.EqualTo(sumReal).Within(1e-8), $"({v}, {u})");
                Assert.That(y[(v * width) + u], Is.EqualTo(sumImaginary).Within(1e-8), $"({v}, {u})");
            }
        }

        fourier.Transform(x, y, inverse: true, new Gir.Imaging.Parallelism(3));
        Assert.That(x, Is.EqualTo(real).Within(1e-10));
        Assert.That(y, Is.EqualTo(imaginary).Within(1e-10));
    }

    private static void Same(double actual, double expected, int length)
    {
        if (BitConverter.DoubleToInt64Bits(actual) != BitConverter.DoubleToInt64Bits(expected))
            Assert.Fail($"length {length}: {actual:R} instead of {expected:R}");
    }

    private static void AllSame(int length, params double[][] results)
    {
        foreach (double[] result in results)
        {
            for (int i = 0; i < result.Length; i++)
                Same(result[i], results[^1][i], length);
        }
    }
}
