namespace Gir.Metrics.Analysis;

/// <summary>Correlation coefficients between a metric's scores and opinions, all in [-1, 1]; NaN where one side is constant.</summary>
public static class Correlation
{
    /// <summary>Pearson's linear coefficient (PLCC).</summary>
    /// <exception cref="ArgumentException">The lengths differ or are below 2, or a number is not finite.</exception>
    public static double Pearson(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        Check(x, y);
        (double meanX, double meanY) = (Mean(x), Mean(y));
        (double xx, double yy, double xy) = (0, 0, 0);
        for (int i = 0; i < x.Length; i++)
        {
            (double a, double b) = (x[i] - meanX, y[i] - meanY);
            xx += a * a;
            yy += b * b;
            xy += a * b;
        }

        return Math.Clamp(xy / (Math.Sqrt(xx) * Math.Sqrt(yy)), -1, 1);
    }

    /// <summary>Spearman's rank coefficient (SRCC); ties get their mean rank.</summary>
    /// <exception cref="ArgumentException">The lengths differ or are below 2, or a number is not finite.</exception>
    public static double Spearman(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        Check(x, y);
        return Pearson(Ranks(x), Ranks(y));
    }

    /// <summary>Kendall's rank coefficient tau-b (KRCC), which allows for ties.</summary>
    /// <exception cref="ArgumentException">The lengths differ or are below 2, or a number is not finite.</exception>
    public static double Kendall(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        Check(x, y);
        return new KendallPairs(x, y).TauB;
    }

    private static double[] Ranks(ReadOnlySpan<double> values)
    {
        double[] keys = values.ToArray();
        int[] order = [.. Enumerable.Range(0, keys.Length)];
        System.Array.Sort(keys, order);
        var ranks = new double[keys.Length];
        for (int start = 0; start < keys.Length;)
        {
            int end = start;
            while (end < keys.Length && keys[end] == keys[start])
                end++;
            for (int i = start; i < end; i++)
                ranks[order[i]] = (start + end + 1) / 2.0;
            start = end;
        }

        return ranks;
    }

    private static double Mean(ReadOnlySpan<double> values)
    {
        double sum = 0;
        foreach (double value in values)
            sum += value;
        return sum / values.Length;
    }

    internal static void Check(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        if (x.Length != y.Length || x.Length < 2)
            throw new ArgumentException($"Expected two series of the same length, at least 2, not {x.Length} and {y.Length}.", nameof(y));
        for (int i = 0; i < x.Length; i++)
        {
            if (!double.IsFinite(x[i]) || !double.IsFinite(y[i]))
                throw new ArgumentException($"Expected finite numbers, but pair {i} is ({x[i]}, {y[i]}).", nameof(x));
        }
    }
}
