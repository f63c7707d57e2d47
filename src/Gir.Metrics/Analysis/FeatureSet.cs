using MathNet.Numerics.LinearAlgebra;

namespace Gir.Metrics.Analysis;

/// <summary>Points of a feature space: one row per point, one column per dimension. Immutable.</summary>
public sealed class FeatureSet
{
    private readonly double[] _values;

    /// <summary>Points from their coordinates.</summary>
    /// <param name="values">Count x Dimension finite numbers, point after point; copied.</param>
    /// <param name="count">Number of points, at least 1.</param>
    /// <param name="dimension">Number of coordinates, at least 1.</param>
    /// <exception cref="ArgumentException">The sizes do not fit the values, or a value is not finite.</exception>
    public FeatureSet(ReadOnlySpan<double> values, int count, int dimension)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(dimension, 1);
        if ((long)count * dimension != values.Length)
            throw new ArgumentException($"{count} points of {dimension} coordinates need {(long)count * dimension} values, but {values.Length} were given.", nameof(values));
        for (int i = 0; i < values.Length; i++)
        {
            if (!double.IsFinite(values[i]))
                throw new ArgumentException($"Expected finite coordinates, but coordinate {i % dimension} of point {i / dimension} is {values[i]}.", nameof(values));
        }

        _values = values.ToArray();
        Count = count;
        Dimension = dimension;
    }

    /// <summary>Number of points.</summary>
    public int Count { get; }

    /// <summary>Number of coordinates of a point.</summary>
    public int Dimension { get; }

    /// <summary>All coordinates, point after point.</summary>
    public ReadOnlySpan<double> Values => _values;

    /// <summary>The coordinates of one point.</summary>
    public ReadOnlySpan<double> this[int point] => _values.AsSpan(point * Dimension, Dimension);

    /// <summary>The mean point.</summary>
    public double[] Mean()
    {
        var mean = new double[Dimension];
        for (int point = 0; point < Count; point++)
        {
            for (int i = 0; i < Dimension; i++)
                mean[i] += _values[(point * Dimension) + i];
        }

        for (int i = 0; i < Dimension; i++)
            mean[i] /= Count;
        return mean;
    }

    /// <summary>Refuses sets that cannot be compared.</summary>
    /// <exception cref="ArgumentException">The dimensions differ, or there are fewer than two points.</exception>
    internal static void CheckPair(FeatureSet first, FeatureSet second)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        if (first.Dimension != second.Dimension)
            throw new ArgumentException($"Expected {first.Dimension} coordinates in both sets, but the second has {second.Dimension}.", nameof(second));
        if (first.Count < 2 || second.Count < 2)
            throw new ArgumentException($"Expected at least two points in both sets, not {first.Count} and {second.Count}.", nameof(second));
    }

    /// <summary>Count x Dimension, the mean subtracted.</summary>
    internal Matrix<double> Centered(double[] mean) =>
        Matrix<double>.Build.Dense(Count, Dimension, (point, i) => _values[(point * Dimension) + i] - mean[i]);
}
