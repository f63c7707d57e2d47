using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Factorization;

namespace Gir.Metrics.Analysis;

/// <summary>Principal component analysis. Deterministic: every axis points so that its entry of largest magnitude is positive.</summary>
/// <remarks>Immutable and safe for concurrent use.</remarks>
public sealed class PrincipalComponents
{
    private readonly double[] _mean;
    private readonly double[] _variances;
    private readonly double[] _components;
    private readonly double _totalVariance;

    private PrincipalComponents(double[] mean, double[] components, double[] variances, double totalVariance)
    {
        _mean = mean;
        _components = components;
        _variances = variances;
        _totalVariance = totalVariance;
    }

    /// <summary>Number of components.</summary>
    public int Count => _variances.Length;

    /// <summary>Number of coordinates of the original space.</summary>
    public int Dimension => _mean.Length;

    /// <summary>The mean point.</summary>
    public ReadOnlySpan<double> Mean => _mean;

    /// <summary>Variance (n - 1) along each axis, descending.</summary>
    public ReadOnlySpan<double> ExplainedVariance => _variances;

    /// <summary>Share of the total variance along each axis.</summary>
    public double[] ExplainedVarianceRatio => System.Array.ConvertAll(_variances, v => _totalVariance > 0 ? v / _totalVariance : 0);

    /// <summary>One axis: Dimension numbers of unit length.</summary>
    public ReadOnlySpan<double> Component(int index) => _components.AsSpan(index * Dimension, Dimension);

    /// <summary>Finds the axes of largest variance.</summary>
    /// <param name="points">At least two points.</param>
    /// <param name="maximumCount">Most axes wanted; never more than min(points - 1, dimension).</param>
    /// <exception cref="ArgumentException">There are fewer than two points.</exception>
    public static PrincipalComponents Fit(FeatureSet points, int maximumCount = int.MaxValue)
    {
        ArgumentNullException.ThrowIfNull(points);
        ArgumentOutOfRangeException.ThrowIfLessThan(maximumCount, 1);
        if (points.Count < 2)
            throw new ArgumentException("Expected at least two points.", nameof(points));
        (int n, int d) = (points.Count, points.Dimension);
        int count = Math.Min(maximumCount, Math.Min(n - 1, d));
        double[] mean = points.Mean();
        Matrix<double> centered = points.Centered(mean);
        // The smaller of the two products has the same eigenvalues; deep features have far more coordinates than points.
        bool wide = d > n;
        Matrix<double> product = wide ? centered.TransposeAndMultiply(centered) : centered.TransposeThisAndMultiply(centered);
        Evd<double> decomposition = product.Evd(Symmetricity.Symmetric);
        var components = new double[count * d];
        var variances = new double[count];
        for (int k = 0; k < count; k++)
        {
            int index = product.RowCount - 1 - k;
            variances[k] = Math.Max(0, decomposition.EigenValues[index].Real) / (n - 1);
            Vector<double> axis = decomposition.EigenVectors.Column(index);
            if (wide)
                axis = centered.TransposeThisAndMultiply(axis).Normalize(2);
            int largest = axis.AbsoluteMaximumIndex();
            double sign = axis[largest] < 0 ? -1 : 1;
            for (int i = 0; i < d; i++)
                components[(k * d) + i] = sign * axis[i];
        }

        double total = centered.EnumerateRows().Sum(row => row.DotProduct(row)) / (n - 1);
        return new PrincipalComponents(mean, components, variances, total);
    }

    /// <summary>Coordinates along the axes.</summary>
    /// <param name="points">Points of the same dimension.</param>
    /// <exception cref="ArgumentException">The dimension differs.</exception>
    public FeatureSet Project(FeatureSet points)
    {
        ArgumentNullException.ThrowIfNull(points);
        if (points.Dimension != Dimension)
            throw new ArgumentException($"Expected points of {Dimension} coordinates, not {points.Dimension}.", nameof(points));
        var projected = new double[points.Count * Count];
        for (int point = 0; point < points.Count; point++)
        {
            ReadOnlySpan<double> x = points[point];
            for (int k = 0; k < Count; k++)
            {
                ReadOnlySpan<double> axis = Component(k);
                double sum = 0;
                for (int i = 0; i < x.Length; i++)
                    sum += (x[i] - _mean[i]) * axis[i];
                projected[(point * Count) + k] = sum;
            }
        }

        return new FeatureSet(projected, points.Count, Count);
    }
}
