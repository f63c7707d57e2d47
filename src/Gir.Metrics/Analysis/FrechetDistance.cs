using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Factorization;

namespace Gir.Metrics.Analysis;

/// <summary>
/// The Frechet distance between Gaussians fitted to two feature sets (Dowson, Landau, 1982; the FID of Heusel et al., 2017, on
/// features of any network): |m1 - m2|^2 + tr(S1 + S2 - 2 (S1 S2)^(1/2)).
/// </summary>
/// <remarks>
/// With S1 = A^T A and S2 = B^T B the last trace is the sum of the singular values of A B^T. No root of a product that is not
/// symmetric is taken, so nothing turns complex, and fewer points than dimensions are no special case.
/// </remarks>
public static class FrechetDistance
{
    /// <summary>The distance, at least 0.</summary>
    /// <param name="first">At least two points.</param>
    /// <param name="second">At least two points of the same dimension.</param>
    /// <exception cref="ArgumentException">The dimensions differ, or there are fewer than two points.</exception>
    public static double Compute(FeatureSet first, FeatureSet second)
    {
        FeatureSet.CheckPair(first, second);
        double[] mean1 = first.Mean();
        double[] mean2 = second.Mean();
        Matrix<double> a = Factor(first, mean1);
        Matrix<double> b = Factor(second, mean2);
        double means = mean1.Zip(mean2, (x, y) => (x - y) * (x - y)).Sum();
        double traces = SumOfSquares(a) + SumOfSquares(b);
        double cross = a.TransposeAndMultiply(b).Svd(computeVectors: false).S.Sum();
        return Math.Max(0, means + traces - (2 * cross));
    }

    /// <summary>A matrix A of at most Dimension rows with A^T A the covariance (n - 1).</summary>
    private static Matrix<double> Factor(FeatureSet points, double[] mean)
    {
        Matrix<double> centered = points.Centered(mean) / Math.Sqrt(points.Count - 1);
        if (points.Count <= points.Dimension)
            return centered;
        Evd<double> decomposition = centered.TransposeThisAndMultiply(centered).Evd(Symmetricity.Symmetric);
        Vector<double> roots = decomposition.EigenValues.Map(v => Math.Sqrt(Math.Max(0, v.Real)));
        return Matrix<double>.Build.DenseOfDiagonalVector(roots).TransposeAndMultiply(decomposition.EigenVectors);
    }

    private static double SumOfSquares(Matrix<double> matrix) => matrix.EnumerateRows().Sum(row => row.DotProduct(row));
}
