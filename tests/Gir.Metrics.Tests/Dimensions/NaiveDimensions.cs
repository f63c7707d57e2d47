using Gir.Imaging;

namespace Gir.Metrics.Tests.Dimensions;

/// <summary>The definition written down as it is read, in double precision, for images of whole blocks.</summary>
internal static class NaiveDimensions
{
    private const double C = 4 / (255.0 * 255.0);

    /// <param name="reference">The clean image.</param>
    /// <param name="result">The image to judge.</param>
    /// <param name="affine">Whether brightness and contrast are fitted.</param>
    /// <param name="everyBlockVotes">Whether blocks without detail are judged like all others (a = 0), so that equal images are not quite without fault.</param>
    public static (double Under, double Over, double Sharpness) Measure(ImageBuffer reference, ImageBuffer result, bool affine, bool everyBlockVotes = false)
    {
        double[,] x = Luma(reference);
        double[,] r = Luma(result);
        if (affine)
            r = Fitted(x, r);
        (double under, double votes, double over, int count) = (0, 0, 0, 0);
        double[][,] bandsX = Bands(x);
        double[][,] bandsR = Bands(r);
        for (int band = 0; band < 3; band++)
        {
            for (int top = 0; top < reference.Height; top += 16)
            {
                for (int left = 0; left < reference.Width; left += 16)
                {
                    double own = Mean(bandsX[band], bandsX[band], top, left);
                    double found = Mean(bandsR[band], bandsR[band], top, left);
                    double a = own > C ? Math.Max(0, Mean(bandsX[band], bandsR[band], top, left) / own) : 0;
                    if (own > C || everyBlockVotes)
                    {
                        under += Math.Pow(1 - Math.Min(a, 1), 2) * own / (own + C);
                        votes++;
                    }

                    double added = Math.Max(0, own > C || everyBlockVotes ? found - (a * a * own) : found - own);
                    over += added / (added + own + C);
                    count++;
                }
            }
        }

        return (under / votes, over / count, Sharpness(Blur(x, 0.7), Blur(r, 0.7)));
    }

    private static double Sharpness(double[,] x, double[,] r)
    {
        var edges = new List<(double Energy, double Common)>();
        for (int y = 0; y < x.GetLength(0); y++)
        {
            for (int c = 0; c < x.GetLength(1); c++)
            {
                (double across, double down) = Gradient(x, y, c);
                (double acrossR, double downR) = Gradient(r, y, c);
                edges.Add(((across * across) + (down * down), (across * acrossR) + (down * downR)));
            }
        }

        (double Energy, double Common)[] strong = [.. edges.OrderByDescending(e => e.Energy).Take(edges.Count / 20).Where(e => e.Energy > 0.0004)];
        return Math.Clamp(2 * Math.Log2(strong.Sum(e => e.Common) / strong.Sum(e => e.Energy)), -3, 3);
    }

    private static (double Across, double Down) Gradient(double[,] plane, int y, int x)
    {
        (int lastY, int lastX) = (plane.GetLength(0) - 1, plane.GetLength(1) - 1);
        return ((plane[y, Math.Min(x + 1, lastX)] - plane[y, Math.Max(x - 1, 0)]) / 2, (plane[Math.Min(y + 1, lastY), x] - plane[Math.Max(y - 1, 0), x]) / 2);
    }

    private static double[,] Luma(ImageBuffer image) =>
        Of(image.Height, image.Width, (y, x) => (0.299 * image[0, y, x]) + (0.587 * image[1, y, x]) + (0.114 * image[2, y, x]));

    private static double[,] Fitted(double[,] x, double[,] r)
    {
        double[] a = [.. Blur(x, 4).Cast<double>()];
        double[] b = [.. Blur(r, 4).Cast<double>()];
        (double meanA, double meanB) = (a.Average(), b.Average());
        double gain = a.Zip(b, (u, v) => (u - meanA) * (v - meanB)).Sum() / b.Sum(v => (v - meanB) * (v - meanB));
        return Of(r.GetLength(0), r.GetLength(1), (y, c) => (gain * r[y, c]) + (meanA - (gain * meanB)));
    }

    private static double[][,] Bands(double[,] plane)
    {
        double[][,] scales = [plane, Blur(plane, 1), Blur(plane, 2), Blur(plane, 4)];
        return [.. Enumerable.Range(0, 3).Select(i => Of(plane.GetLength(0), plane.GetLength(1), (y, x) => scales[i][y, x] - scales[i + 1][y, x]))];
    }

    private static double Mean(double[,] a, double[,] b, int top, int left)
    {
        double sum = 0;
        for (int i = 0; i < 256; i++)
            sum += a[top + (i / 16), left + (i % 16)] * b[top + (i / 16), left + (i % 16)];
        return sum / 256;
    }

    private static double[,] Blur(double[,] plane, double sigma)
    {
        int radius = (int)Math.Round(4 * sigma);
        double[] weights = [.. Enumerable.Range(-radius, (2 * radius) + 1).Select(i => Math.Exp(-i * i / (2 * sigma * sigma)))];
        double total = weights.Sum();
        (int height, int width) = (plane.GetLength(0), plane.GetLength(1));
        double[,] down = Of(height, width, (y, x) => Enumerable.Range(0, weights.Length).Sum(i => weights[i] / total * plane[Mirror(y + i - radius, height), x]));
        return Of(height, width, (y, x) => Enumerable.Range(0, weights.Length).Sum(i => weights[i] / total * down[y, Mirror(x + i - radius, width)]));
    }

    private static int Mirror(int position, int count) => position < 0 ? -1 - position : position >= count ? (2 * count) - 1 - position : position;

    private static double[,] Of(int height, int width, Func<int, int, double> value)
    {
        var result = new double[height, width];
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
                result[y, x] = value(y, x);
        }

        return result;
    }
}
