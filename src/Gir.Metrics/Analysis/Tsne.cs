using Gir.Imaging.Random;

namespace Gir.Metrics.Analysis;

/// <summary>
/// Lays points out in a plane so that neighbors stay neighbors (van der Maaten, Hinton: "Visualizing Data using t-SNE", JMLR 2008), exactly: all pairs, in double precision, one
/// thread, the same bits for the same seed. A picture, no measurement: distances between groups mean nothing.
/// </summary>
public static class Tsne
{
    private const int MostPoints = 4000;
    private const int Exaggerated = 250;
    private const double Exaggeration = 12;
    private const double Least = 1e-12;

    /// <summary>Places in a plane.</summary>
    /// <param name="points">4..4000 points.</param>
    /// <param name="options">How; null means the defaults.</param>
    /// <param name="cancellationToken">Stops the work between steps.</param>
    /// <exception cref="ArgumentException">There are too few or too many points.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range.</exception>
    public static FeatureSet Embed(FeatureSet points, TsneOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(points);
        if (points.Count is < 4 or > MostPoints)
            throw new ArgumentException($"There are {points.Count} points; expected 4..{MostPoints}.", nameof(points));
        options ??= new();
        int n = points.Count;
        double[] similar = Similarities(points, options.PerplexityOf(n));
        double rate = Math.Max(n / Exaggeration / 4, 50);
        var random = new PhiloxRandom(options.Seed);
        var places = new double[2 * n];
        for (int i = 0; i < places.Length; i++)
            places[i] = 1e-4 * random.NextGaussian();
        var moves = new double[2 * n];
        var gains = new double[2 * n];
        Array.Fill(gains, 1);
        for (int step = 0; step < options.Iterations; step++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            bool early = step < Exaggerated;
            double[] gradient = Gradient(similar, places, early ? Exaggeration : 1);
            for (int i = 0; i < places.Length; i++)
            {
                gains[i] = Math.Max(0.01, gradient[i] * moves[i] > 0 ? gains[i] * 0.8 : gains[i] + 0.2);
                moves[i] = ((early ? 0.5 : 0.8) * moves[i]) - (rate * gains[i] * gradient[i]);
                places[i] += moves[i];
            }
        }

        return new FeatureSet(places, n, 2);
    }

    /// <summary>The Kullback-Leibler divergence that the descent lowers.</summary>
    internal static double Divergence(FeatureSet points, FeatureSet plane, double perplexity)
    {
        double[] similar = Similarities(points, perplexity);
        double[] near = Nearness(plane.Values, out double sum);
        double divergence = 0;
        for (int i = 0; i < similar.Length; i++)
            divergence += similar[i] > Least ? similar[i] * Math.Log(similar[i] / Math.Max(near[i] / sum, Least)) : 0;
        return divergence;
    }

    // dC/dy_i = 4 sum_j (p_ij - q_ij) (y_i - y_j) / (1 + |y_i - y_j|^2).
    internal static double[] Gradient(double[] similar, ReadOnlySpan<double> places, double exaggeration)
    {
        int n = places.Length / 2;
        double[] near = Nearness(places, out double sum);
        var gradient = new double[places.Length];
        for (int i = 0; i < n; i++)
        {
            (double x, double y) = (0, 0);
            for (int j = 0; j < n; j++)
            {
                double w = near[(i * n) + j];
                double pull = ((exaggeration * similar[(i * n) + j]) - (w / sum)) * w;
                x += pull * (places[2 * i] - places[2 * j]);
                y += pull * (places[(2 * i) + 1] - places[(2 * j) + 1]);
            }

            (gradient[2 * i], gradient[(2 * i) + 1]) = (4 * x, 4 * y);
        }

        return gradient;
    }

    private static double[] Nearness(ReadOnlySpan<double> places, out double sum)
    {
        int n = places.Length / 2;
        var near = new double[n * n];
        sum = 0;
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j < n; j++)
            {
                if (i == j)
                    continue;
                (double x, double y) = (places[2 * i] - places[2 * j], places[(2 * i) + 1] - places[(2 * j) + 1]);
                double w = 1 / (1 + (x * x) + (y * y));
                near[(i * n) + j] = w;
                sum += w;
            }
        }

        return near;
    }

    /// <summary>p_ij = (p_j|i + p_i|j) / 2n, Gaussians around each point whose width gives it the perplexity.</summary>
    internal static double[] Similarities(FeatureSet points, double perplexity)
    {
        int n = points.Count;
        var given = new double[n * n];
        var squares = new double[n];
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j < n; j++)
                squares[j] = SquaredDistance(points[i], points[j]);
            Neighbors(squares, i, Math.Log(perplexity), given.AsSpan(i * n, n));
        }

        var similar = new double[n * n];
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j < n; j++)
                similar[(i * n) + j] = (given[(i * n) + j] + given[(j * n) + i]) / (2 * n);
        }

        return similar;
    }

    // Bisection of the precision; the nearest neighbor's distance is taken off first, which changes nothing but keeps the exponentials in range.
    private static void Neighbors(double[] squares, int own, double entropy, Span<double> probabilities)
    {
        double nearest = double.PositiveInfinity;
        double mean = 0;
        for (int j = 0; j < squares.Length; j++)
        {
            if (j != own)
            {
                nearest = Math.Min(nearest, squares[j]);
                mean += squares[j] / (squares.Length - 1);
            }
        }

        (double low, double high) = (0, double.PositiveInfinity);
        double precision = mean > nearest ? 1 / (mean - nearest) : 1;
        for (int step = 0; step < 200; step++)
        {
            (double sum, double weighted) = (0, 0);
            for (int j = 0; j < squares.Length; j++)
            {
                double p = j == own ? 0 : Math.Exp(-precision * (squares[j] - nearest));
                probabilities[j] = p;
                sum += p;
                weighted += p * precision * (squares[j] - nearest);
            }

            double found = Math.Log(sum) + (weighted / sum);
            for (int j = 0; j < squares.Length; j++)
                probabilities[j] /= sum;
            if (Math.Abs(found - entropy) < 1e-9)
                return;
            (low, high) = found > entropy ? (precision, high) : (low, precision);
            precision = double.IsPositiveInfinity(high) ? precision * 2 : (low + high) / 2;
        }
    }

    private static double SquaredDistance(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        double sum = 0;
        for (int i = 0; i < a.Length; i++)
            sum += (a[i] - b[i]) * (a[i] - b[i]);
        return sum;
    }
}
