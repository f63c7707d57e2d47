using Gir.Imaging.Kernels;
using Gir.Imaging.Random;
using Gir.Metrics.Kernels;

namespace Gir.Metrics.Tests.Kernels;

/// <summary>The kernels of the dimensions give the same bits in every width, and what the plain sums give.</summary>
[TestFixture]
public unsafe class DimensionKernelTests
{
    private const int Stride = 19;
    private static readonly float[] Samples = Draw(8 * 20 * Stride);

    private static float[] Draw(int count)
    {
        var samples = new float[count];
        Philox4x32.FillUniform(samples, 7);
        return samples;
    }

    [Test]
    public void Energies_of_rows_do_not_depend_on_the_width()
    {
        fixed (float* p = Samples)
        {
            float* above = p;
            float* row = p + 300;
            float* below = p + 700;
            for (int n = 0; n <= 256; n++)
            {
                (float[] sixteen, float[] eight, float[] one, float[] any) = (new float[n + 1], new float[n + 1], new float[n + 1], new float[n]);
                fixed (float* t16 = sixteen, t8 = eight, t1 = one)
                {
                    GradientEnergy.Row<Lanes512<float>>(above, row, below, t16, n);
                    GradientEnergy.Row<Lanes256<float>>(above, row, below, t8, n);
                    GradientEnergy.Row<Lanes1<float>>(above, row, below, t1, n);
                }

                GradientEnergy.Row(new ReadOnlySpan<float>(above, n), new ReadOnlySpan<float>(row, n), new ReadOnlySpan<float>(below, n), any);
                Assert.That(sixteen, Is.EqualTo(one), $"length {n}");
                Assert.That(eight, Is.EqualTo(one), $"length {n}");
                Assert.That(any, Is.EqualTo(one.AsSpan(0, n).ToArray()), $"length {n}");
                for (int i = 0; i < n; i++)
                {
                    double across = (row[Math.Min(i + 1, n - 1)] - row[Math.Max(i - 1, 0)]) / 2.0;
                    double down = (below[i] - above[i]) / 2.0;
                    Assert.That(one[i], Is.EqualTo((across * across) + (down * down)).Within(1e-6), $"length {n}, sample {i}");
                }
            }
        }
    }

    [Test]
    public void Moments_of_blocks_do_not_depend_on_the_width()
    {
        float** x = stackalloc float*[4];
        float** r = stackalloc float*[4];
        double[] wide = new double[BandMoments.Count], middle = new double[BandMoments.Count], one = new double[BandMoments.Count], any = new double[BandMoments.Count];
        fixed (float* p = Samples)
        fixed (double* w = wide, m = middle, o = one, a = any)
        {
            for (int scale = 0; scale < 4; scale++)
            {
                x[scale] = p + (scale * 20 * Stride);
                r[scale] = p + ((4 + scale) * 20 * Stride);
            }

            for (int columns = 0; columns <= BandMoments.Width; columns++)
            {
                for (int rows = 0; rows <= 17; rows++)
                {
                    BandMoments.Sum<Lanes512<float>>(x, r, Stride, rows, columns, w);
                    BandMoments.Sum<Lanes256<float>>(x, r, Stride, rows, columns, m);
                    BandMoments.Sum<Lanes1<float>>(x, r, Stride, rows, columns, o);
                    BandMoments.Sum(x, r, Stride, rows, columns, a);
                    Assert.That(wide, Is.EqualTo(one), $"{rows} x {columns}");
                    Assert.That(middle, Is.EqualTo(one), $"{rows} x {columns}");
                    Assert.That(any, Is.EqualTo(one), $"{rows} x {columns}");
                    for (int band = 0; band < BandMoments.Bands; band++)
                    {
                        (double xx, double rr, double xr) = (0, 0, 0);
                        for (int i = 0; i < rows * columns; i++)
                        {
                            int at = (i / columns * Stride) + (i % columns);
                            double ofX = x[band][at] - x[band + 1][at];
                            double ofR = r[band][at] - r[band + 1][at];
                            xx += ofX * ofX;
                            rr += ofR * ofR;
                            xr += ofX * ofR;
                        }

                        // Sums of at most 272 products below 1, in single precision.
                        Assert.That(one[3 * band], Is.EqualTo(xx).Within(1e-4), $"{rows} x {columns}");
                        Assert.That(one[(3 * band) + 1], Is.EqualTo(rr).Within(1e-4), $"{rows} x {columns}");
                        Assert.That(one[(3 * band) + 2], Is.EqualTo(xr).Within(1e-4), $"{rows} x {columns}");
                    }
                }
            }
        }
    }

    [Test]
    public void Errors_of_blocks_do_not_depend_on_the_width()
    {
        fixed (float* p = Samples)
        {
            float* other = p + 900;
            for (int columns = 0; columns <= BandMoments.Width; columns++)
            {
                for (int rows = 0; rows <= 17; rows++)
                {
                    double one = BlockError.Sum<Lanes1<float>>(p, other, Stride, rows, columns, 1.25f, -0.1f);
                    Assert.That(BlockError.Sum<Lanes512<float>>(p, other, Stride, rows, columns, 1.25f, -0.1f), Is.EqualTo(one));
                    Assert.That(BlockError.Sum<Lanes256<float>>(p, other, Stride, rows, columns, 1.25f, -0.1f), Is.EqualTo(one));
                    Assert.That(BlockError.Sum(p, other, Stride, rows, columns, 1.25f, -0.1f), Is.EqualTo(one));
                    double plain = 0;
                    for (int i = 0; i < rows * columns; i++)
                    {
                        int at = (i / columns * Stride) + (i % columns);
                        plain += Math.Pow((1.25 * other[at]) - 0.1 - p[at], 2);
                    }

                    // As above.
                    Assert.That(one, Is.EqualTo(plain).Within(1e-4), $"{rows} x {columns}");
                }
            }
        }
    }
}
