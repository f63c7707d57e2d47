using Gir.Imaging;

namespace Gir.Metrics.Dimensions;

/// <summary>Gain and offset that bring a result's brightness and contrast to the reference's.</summary>
internal readonly record struct AffineFit(double Gain, double Offset)
{
    // Below half a level of 8 bits there is no contrast to fit.
    private const double LeastVariance = 0.25 / (255.0 * 255.0);

    /// <summary>What changes nothing.</summary>
    public static AffineFit None { get; } = new(1, 0);

    /// <summary>
    /// Least squares over two planes. Where the result has no contrast, or runs against the reference, the gain is 1 and the offset the difference of the means.
    /// </summary>
    public static AffineFit Of(ImageBuffer reference, ImageBuffer result, Parallelism parallelism)
    {
        var rows = new Sums[reference.Height];
        parallelism.For(reference.Height, 64, new RowSums(reference, result, rows));
        Sums total = default;
        foreach (Sums row in rows)
            total = new Sums(total.X + row.X, total.R + row.R, total.Rr + row.Rr, total.Xr + row.Xr);
        double count = reference.PlaneLength;
        (double meanX, double meanR) = (total.X / count, total.R / count);
        double variance = (total.Rr / count) - (meanR * meanR);
        double covariance = (total.Xr / count) - (meanX * meanR);
        double gain = variance > LeastVariance && covariance > 0 ? covariance / variance : 1;
        return new AffineFit(gain, meanX - (gain * meanR));
    }

    private readonly record struct Sums(double X, double R, double Rr, double Xr);

    private readonly struct RowSums(ImageBuffer reference, ImageBuffer result, Sums[] rows) : IRangeBody
    {
        public void Invoke(int start, int end)
        {
            for (int y = start; y < end; y++)
            {
                ReadOnlySpan<float> x = reference.Row(0, y);
                ReadOnlySpan<float> r = result.Row(0, y)[..x.Length];
                (double sumX, double sumR, double sumRr, double sumXr) = (0, 0, 0, 0);
                for (int i = 0; i < x.Length; i++)
                {
                    double value = r[i];
                    sumX += x[i];
                    sumR += value;
                    sumRr += value * value;
                    sumXr += x[i] * value;
                }

                rows[y] = new Sums(sumX, sumR, sumRr, sumXr);
            }
        }
    }
}
