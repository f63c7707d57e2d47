using MathNet.Numerics.LinearAlgebra;

namespace Gir.Metrics.Analysis;

/// <summary>
/// The four-parameter logistic that maps scores to opinions before PLCC is taken (VQEG, "Final Report on the Validation of
/// Objective Models of Video Quality Assessment", 2000): f(x) = b2 + (b1 - b2) / (1 + exp(-(x - b3) / |b4|)).
/// </summary>
/// <param name="B1">Upper asymptote (lower, when the scores fall as opinions rise).</param>
/// <param name="B2">The other asymptote.</param>
/// <param name="B3">Score at the middle.</param>
/// <param name="B4">Width; not 0.</param>
public sealed record LogisticFit(double B1, double B2, double B3, double B4)
{
    private const int MaximumSteps = 2000;

    /// <summary>
    /// Whether the least squares have settled; where not, the asymptotes were still running away, as they do where opinions are a straight line of the scores. The
    /// curve is then as good as its error says, and its parameters mean nothing.
    /// </summary>
    public bool Converged { get; init; } = true;

    /// <summary>The fitted opinion for a score.</summary>
    public double Evaluate(double score) => B2 + ((B1 - B2) / (1 + Math.Exp(-(score - B3) / Math.Abs(B4))));

    /// <summary>
    /// Least squares by Levenberg and Marquardt from b1 = max y, b2 = min y, b3 = mean x, b4 = std x / 4, and from the same with b1
    /// and b2 exchanged, whichever ends lower.
    /// </summary>
    /// <param name="scores">A metric's scores, not all equal.</param>
    /// <param name="opinions">As many opinions.</param>
    /// <exception cref="ArgumentException">The lengths differ or are below 5, a number is not finite, or all scores are equal.</exception>
    public static LogisticFit Fit(ReadOnlySpan<double> scores, ReadOnlySpan<double> opinions)
    {
        Correlation.Check(scores, opinions);
        if (scores.Length < 5)
            throw new ArgumentException($"Expected at least 5 pairs to fit 4 parameters, not {scores.Length}.", nameof(scores));
        double[] x = scores.ToArray();
        double[] y = opinions.ToArray();
        double mean = x.Average();
        double deviation = Math.Sqrt(x.Sum(v => (v - mean) * (v - mean)) / x.Length);
        if (deviation == 0)
            throw new ArgumentException("Expected scores that are not all equal.", nameof(scores));
        LogisticFit rising = new LogisticFit(y.Max(), y.Min(), mean, deviation / 4).Refine(x, y);
        LogisticFit falling = new LogisticFit(y.Min(), y.Max(), mean, deviation / 4).Refine(x, y);
        return rising.SquaredError(x, y, null) <= falling.SquaredError(x, y, null) ? rising : falling;
    }

    /// <summary>PLCC between the fitted and the given opinions.</summary>
    /// <param name="scores">A metric's scores.</param>
    /// <param name="opinions">As many opinions.</param>
    public double Pearson(ReadOnlySpan<double> scores, ReadOnlySpan<double> opinions) =>
        Correlation.Pearson(System.Array.ConvertAll(scores.ToArray(), Evaluate), opinions);

    /// <summary>The least squares nearest to this curve.</summary>
    /// <param name="x">Scores.</param>
    /// <param name="y">Opinions.</param>
    /// <param name="weights">How often each pair counts; null means once.</param>
    /// <param name="tolerance">Share of the squared error below which a step's gain settles it.</param>
    /// <param name="steps">The most steps.</param>
    internal LogisticFit Refine(double[] x, double[] y, double[]? weights = null, double tolerance = 1e-15, int steps = MaximumSteps)
    {
        LogisticFit fit = this;
        double error = fit.SquaredError(x, y, weights);
        double damping = 1e-3;
        Span<double> gradient = stackalloc double[4];
        for (int step = 0; step < steps; step++)
        {
            var normal = Matrix<double>.Build.Dense(4, 4);
            var right = Vector<double>.Build.Dense(4);
            double width = Math.Abs(fit.B4);
            for (int i = 0; i < x.Length; i++)
            {
                double weight = weights is null ? 1 : weights[i];
                if (weight == 0)
                    continue;
                double z = (x[i] - fit.B3) / width;
                double s = 1 / (1 + Math.Exp(-z));
                double slope = (fit.B1 - fit.B2) * s * (1 - s);
                (gradient[0], gradient[1], gradient[2], gradient[3]) = (s, 1 - s, -slope / width, -slope * z / width * Math.Sign(fit.B4));
                double residual = y[i] - fit.Evaluate(x[i]);
                for (int row = 0; row < 4; row++)
                {
                    right[row] += weight * gradient[row] * residual;
                    for (int column = 0; column < 4; column++)
                        normal[row, column] += weight * gradient[row] * gradient[column];
                }
            }

            for (int i = 0; i < 4; i++)
                normal[i, i] += (damping * normal[i, i]) + 1e-300;
            Vector<double> change = normal.Solve(right);
            var next = new LogisticFit(fit.B1 + change[0], fit.B2 + change[1], fit.B3 + change[2], fit.B4 + change[3]);
            double nextError = next.SquaredError(x, y, weights);
            if (nextError < error && next.B4 != 0)
            {
                bool settled = error - nextError <= tolerance * error;
                (fit, error) = (next, nextError);
                damping = Math.Max(damping / 10, 1e-12);
                if (settled)
                    return fit;
            }
            else
            {
                damping *= 10;
                // No step, however short, makes it better.
                if (damping >= 1e12)
                    return fit;
            }
        }

        return fit with { Converged = false };
    }

    private double SquaredError(double[] x, double[] y, double[]? weights)
    {
        double sum = 0;
        for (int i = 0; i < x.Length; i++)
        {
            double residual = y[i] - Evaluate(x[i]);
            sum += (weights is null ? 1 : weights[i]) * residual * residual;
        }

        return double.IsNaN(sum) ? double.PositiveInfinity : sum;
    }
}
