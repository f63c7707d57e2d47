namespace Gir.Metrics.Analysis;

/// <summary>How widely an attribution map spreads (Gu, Dong: "Interpreting Super-Resolution Networks with Local Attribution Maps", 2021, eq. 8).</summary>
public static class DiffusionIndex
{
    /// <summary>(1 - Gini) x 100: near 0 when one input pixel matters, 100 when all matter alike.</summary>
    /// <param name="attribution">Attribution values in any order, at least one, all finite.</param>
    /// <exception cref="ArgumentException">There is no value, or one is not finite.</exception>
    public static double Compute(ReadOnlySpan<double> attribution) => (1 - Gini(attribution)) * 100;

    /// <summary>
    /// The Gini coefficient in [0, 1): the minimum is subtracted if negative, 1e-7 added, and with the values in ascending order
    /// G = sum (2 i - n - 1) a_i / (n sum a_i).
    /// </summary>
    /// <param name="values">At least one finite number.</param>
    /// <exception cref="ArgumentException">There is no value, or one is not finite.</exception>
    public static double Gini(ReadOnlySpan<double> values)
    {
        if (values.IsEmpty)
            throw new ArgumentException("Expected at least one value.", nameof(values));
        double[] sorted = values.ToArray();
        foreach (double value in sorted)
        {
            if (!double.IsFinite(value))
                throw new ArgumentException($"Expected finite values, not {value}.", nameof(values));
        }

        System.Array.Sort(sorted);
        double shift = Math.Min(sorted[0], 0);
        (double weighted, double sum) = (0, 0);
        for (int i = 0; i < sorted.Length; i++)
        {
            double value = sorted[i] - shift + 1e-7;
            weighted += ((2.0 * (i + 1)) - sorted.Length - 1) * value;
            sum += value;
        }

        return weighted / (sorted.Length * sum);
    }
}
