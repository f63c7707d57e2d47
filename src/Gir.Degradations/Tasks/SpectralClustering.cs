using Gir.Imaging;
using Gir.Imaging.Random;

namespace Gir.Degradations.Tasks;

/// <summary>Ng, Jordan, Weiss, "On Spectral Clustering: Analysis and an Algorithm" (2002).</summary>
internal static class SpectralClustering
{
    private const int Restarts = 16;
    private const int MostIterations = 100;

    /// <summary>Numbers a cluster of 0..count-1, none of them empty, for every sample.</summary>
    /// <param name="affinity">Symmetric, size x size, row after row: near 1 for close samples, near 0 for far ones. Is used up.</param>
    /// <param name="count">Number of clusters, at most the number of samples.</param>
    /// <param name="seed">Seed of the k-means starts.</param>
    /// <param name="parallelism">Threads; the result does not depend on them.</param>
    public static int[] Cluster(double[] affinity, int count, ulong seed, Parallelism parallelism = default)
    {
        double[][] embedded = Embed(affinity, count, parallelism);
        var random = new PhiloxRandom(seed, stream: 1);
        (int[] best, double bestError) = ([], double.PositiveInfinity);
        for (int restart = 0; restart < Restarts; restart++)
        {
            parallelism.CancellationToken.ThrowIfCancellationRequested();
            (int[] assignment, double error) = KMeans(embedded, count, random);
            if (error < bestError)
                (best, bestError) = (assignment, error);
        }

        return best;
    }

    /// <summary>exp(-d^2 / (2 s^2)) with d = 1 - similarity, and 0 on the diagonal.</summary>
    /// <param name="similarity">Symmetric, size x size, row after row; 1 for equal samples.</param>
    /// <param name="count">Number of clusters.</param>
    public static double[] Affinity(double[] similarity, int count)
    {
        int size = SizeOf(similarity);
        var distances = new double[size * (size - 1L) / 2];
        for (int i = 0, at = 0; i < size; i++)
        {
            for (int j = 0; j < i; j++)
                distances[at++] = 1 - similarity[(i * size) + j];
        }

        System.Array.Sort(distances);
        // Of all pairs about 1 / count lie within a cluster: the distance at that rank separates "near" from "far".
        double scale = distances.Length == 0 ? 1 : Math.Max(distances[distances.Length / count], 1e-6);
        var affinity = new double[similarity.Length];
        for (int i = 0; i < size; i++)
        {
            for (int j = 0; j < i; j++)
            {
                double distance = 1 - similarity[(i * size) + j];
                affinity[(i * size) + j] = affinity[(j * size) + i] = Math.Exp(-distance * distance / (2 * scale * scale));
            }
        }

        return affinity;
    }

    /// <summary>Steps 1 to 4: the rows of the leading eigenvectors of D^-1/2 A D^-1/2, normalized.</summary>
    private static double[][] Embed(double[] affinity, int count, Parallelism parallelism)
    {
        int size = SizeOf(affinity);
        var scale = new double[size];
        for (int i = 0; i < size; i++)
        {
            double sum = 0;
            for (int j = 0; j < size; j++)
                sum += affinity[(i * size) + j];
            scale[i] = sum > 0 ? 1 / Math.Sqrt(sum) : 0;
        }

        for (int i = 0; i < size; i++)
        {
            for (int j = 0; j < size; j++)
                affinity[(i * size) + j] = affinity[(i * size) + j] * scale[i] * scale[j];
        }

        double[][] leading = LeadingEigenvectors.Of(affinity, size, count, parallelism);
        var rows = new double[size][];
        for (int i = 0; i < size; i++)
        {
            double[] row = [.. leading.Select(v => v[i])];
            double norm = Math.Sqrt(row.Sum(v => v * v));
            rows[i] = norm > 0 ? [.. row.Select(v => v / norm)] : row;
        }

        return rows;
    }

    private static int SizeOf(double[] matrix) => (int)Math.Sqrt(matrix.Length);

    private static (int[] Assignment, double Error) KMeans(double[][] points, int count, PhiloxRandom random)
    {
        double[][] centers = Start(points, count, random);
        var assignment = new int[points.Length];
        double error = double.PositiveInfinity;
        for (int iteration = 0; iteration < MostIterations; iteration++)
        {
            double before = error;
            error = Assign(points, centers, assignment);
            FillEmpty(points, centers, assignment);
            centers = Means(points, assignment, count);
            if (error >= before)
                break;
        }

        return (assignment, error);
    }

    /// <summary>k-means++ (Arthur and Vassilvitskii, 2007): far points are likely starts.</summary>
    private static double[][] Start(double[][] points, int count, PhiloxRandom random)
    {
        var centers = new List<double[]> { points[random.NextInteger(0, points.Length - 1)] };
        double[] nearest = System.Array.ConvertAll(points, p => Distance(p, centers[0]));
        while (centers.Count < count)
        {
            double target = random.NextDouble() * nearest.Sum();
            int chosen = 0;
            for (double sum = nearest[0]; chosen < points.Length - 1 && sum <= target; sum += nearest[chosen])
                chosen++;
            centers.Add(points[chosen]);
            for (int i = 0; i < points.Length; i++)
                nearest[i] = Math.Min(nearest[i], Distance(points[i], points[chosen]));
        }

        return [.. centers];
    }

    private static double Assign(double[][] points, double[][] centers, int[] assignment)
    {
        double error = 0;
        for (int i = 0; i < points.Length; i++)
        {
            (int nearest, double least) = (0, double.PositiveInfinity);
            for (int c = 0; c < centers.Length; c++)
            {
                double distance = Distance(points[i], centers[c]);
                if (distance < least)
                    (nearest, least) = (c, distance);
            }

            assignment[i] = nearest;
            error += least;
        }

        return error;
    }

    /// <summary>A cluster without members takes the point that lies farthest from its center, from a cluster that can spare it.</summary>
    private static void FillEmpty(double[][] points, double[][] centers, int[] assignment)
    {
        for (int cluster = 0; cluster < centers.Length; cluster++)
        {
            if (assignment.Contains(cluster))
                continue;
            int farthest = Enumerable.Range(0, points.Length)
                .Where(i => assignment.Count(a => a == assignment[i]) > 1)
                .MaxBy(i => Distance(points[i], centers[assignment[i]]));
            assignment[farthest] = cluster;
        }
    }

    private static double[][] Means(double[][] points, int[] assignment, int count)
    {
        double[][] means = [.. Enumerable.Range(0, count).Select(_ => new double[points[0].Length])];
        var members = new int[count];
        for (int i = 0; i < points.Length; i++)
        {
            members[assignment[i]]++;
            for (int d = 0; d < points[i].Length; d++)
                means[assignment[i]][d] += points[i][d];
        }

        for (int cluster = 0; cluster < count; cluster++)
        {
            for (int d = 0; d < means[cluster].Length; d++)
                means[cluster][d] /= members[cluster];
        }

        return means;
    }

    private static double Distance(double[] a, double[] b)
    {
        double sum = 0;
        for (int d = 0; d < a.Length; d++)
            sum += (a[d] - b[d]) * (a[d] - b[d]);
        return sum;
    }
}
