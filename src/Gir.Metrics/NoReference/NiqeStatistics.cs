namespace Gir.Metrics.NoReference;

/// <summary>Mean and covariance of feature rows, as nanmean and cov do them.</summary>
internal static class NiqeStatistics
{
    /// <summary>Mean per feature over its numbers; covariance (N - 1) over the rows without NaN, zero where there are fewer than two.</summary>
    public static (double[] Mean, double[] Covariance, int CompleteRows) Of(ReadOnlySpan<double> features)
    {
        const int n = NiqeFeatures.Count;
        int rows = features.Length / n;
        var mean = new double[n];
        var complete = new List<int>();
        for (int feature = 0; feature < n; feature++)
        {
            (double sum, int count) = (0, 0);
            for (int row = 0; row < rows; row++)
            {
                double value = features[(row * n) + feature];
                if (double.IsNaN(value))
                    continue;
                sum += value;
                count++;
            }

            mean[feature] = sum / count;
        }

        for (int row = 0; row < rows; row++)
        {
            if (!features.Slice(row * n, n).ContainsAnyNaN())
                complete.Add(row);
        }

        return (mean, Covariance(features, complete), complete.Count);
    }

    private static double[] Covariance(ReadOnlySpan<double> features, List<int> rows)
    {
        const int n = NiqeFeatures.Count;
        var covariance = new double[n * n];
        if (rows.Count < 2)
            return covariance;
        var centered = new double[rows.Count * n];
        for (int feature = 0; feature < n; feature++)
        {
            double sum = 0;
            foreach (int row in rows)
                sum += features[(row * n) + feature];
            double mean = sum / rows.Count;
            for (int i = 0; i < rows.Count; i++)
                centered[(i * n) + feature] = features[(rows[i] * n) + feature] - mean;
        }

        for (int i = 0; i < rows.Count; i++)
        {
            ReadOnlySpan<double> line = centered.AsSpan(i * n, n);
            for (int row = 0; row < n; row++)
            {
                for (int column = 0; column < n; column++)
                    covariance[(row * n) + column] += line[row] * line[column];
            }
        }

        for (int i = 0; i < covariance.Length; i++)
            covariance[i] /= rows.Count - 1;
        return covariance;
    }

    private static bool ContainsAnyNaN(this ReadOnlySpan<double> values)
    {
        foreach (double value in values)
        {
            if (double.IsNaN(value))
                return true;
        }

        return false;
    }
}
