namespace Gir.Metrics.Analysis;

/// <summary>
/// The Calinski-Harabasz index of labeled points (Calinski, Harabasz: "A Dendrite Method for Cluster Analysis", 1974):
/// [sum n_k |c_k - c|^2 / (K - 1)] / [sum |x - c_k|^2 / (n - K)]. Features of degradations that cluster more (a larger index)
/// belong to a network that generalizes less.
/// </summary>
public static class CalinskiHarabasz
{
    /// <summary>The index; positive infinity where every cluster is a single place.</summary>
    /// <param name="points">The points.</param>
    /// <param name="labels">The cluster of every point; any integers.</param>
    /// <exception cref="ArgumentException">The lengths differ, or there are fewer than two clusters, or as many clusters as points.</exception>
    public static double Compute(FeatureSet points, ReadOnlySpan<int> labels)
    {
        ArgumentNullException.ThrowIfNull(points);
        if (labels.Length != points.Count)
            throw new ArgumentException($"Expected {points.Count} labels, one per point, but {labels.Length} were given.", nameof(labels));
        int[] clusters = [.. labels.ToArray().Distinct().Order()];
        if (clusters.Length < 2 || clusters.Length >= points.Count)
            throw new ArgumentException($"Expected 2 to {points.Count - 1} clusters among {points.Count} points, but there are {clusters.Length}.", nameof(labels));
        double[] mean = points.Mean();
        (double between, double within) = (0, 0);
        foreach (int cluster in clusters)
        {
            var center = new double[points.Dimension];
            int count = 0;
            for (int point = 0; point < points.Count; point++)
            {
                if (labels[point] != cluster)
                    continue;
                count++;
                for (int i = 0; i < center.Length; i++)
                    center[i] += points[point][i];
            }

            for (int i = 0; i < center.Length; i++)
                center[i] /= count;
            between += count * SquaredDistance(center, mean);
            for (int point = 0; point < points.Count; point++)
            {
                if (labels[point] == cluster)
                    within += SquaredDistance(points[point], center);
            }
        }

        return between / (clusters.Length - 1) / (within / (points.Count - clusters.Length));
    }

    private static double SquaredDistance(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        double sum = 0;
        for (int i = 0; i < a.Length; i++)
            sum += (a[i] - b[i]) * (a[i] - b[i]);
        return sum;
    }
}
