using Gir.Imaging.Random;
using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Factorization;

namespace Gir.Degradations.Tasks;

/// <summary>Ng, Jordan, Weiss, "On Spectral Clustering: Analysis and an Algorithm" (2002).</summary>
internal static class SpectralClustering
{
    private const int Restarts = 16;
    private const int MostIterations = 100;

    /// <summary>Numbers a cluster of 0..count-1, none of them empty, for every sample.</summary>
    /// <param name="similarity">Symmetric, 1 for equal samples.</param>
    /// <param name="count">Number of clusters, at most the number of samples.</param>
    /// <param name="seed">Seed of the k-means starts.</param>
    public static int[] Cluster(double[,] similarity, int count, ulong seed) => Cluster(Affinity(similarity, count), count, seed);

    /// <summary>The same from affinities: near 1 for close samples, near 0 for far ones.</summary>
    internal static int[] Cluster(Matrix<double> affinity, int count, ulong seed)
    {
        double[][] embedded = Embed(affinity, count);
        var random = new PhiloxRandom(seed, stream: 1);
        (int[] best, double bestError) = ([], double.PositiveInfinity);
        for (int restart = 0; restart < Restarts; restart++)
        {
            (int[] assignment, double error) = KMeans(embedded, count, random);
            if (error < bestError)
                (best, bestError) = (assignment, error);
        }

        return best;
    }

    /// <summary>Steps 1 to 4: the rows of the leading eigenvectors of D^-1/2 A D^-1/2, normalized.</summary>
    private static double[][] Embed(Matrix<double> affinity, int count)
    {
        Vector<double> scale = affinity.RowSums().Map(sum => sum > 0 ? 1 / Math.Sqrt(sum) : 0);
        Matrix<double> laplacian = affinity.MapIndexed((i, j, a) => a * scale[i] * scale[j]);
        Evd<double> decomposition = laplacian.Evd(Symmetricity.Symmetric);
        int size = affinity.RowCount;
        // Eigenvalues ascend.
        Matrix<double> leading = decomposition.EigenVectors.SubMatrix(0, size, size - count, count);
        return [.. leading.EnumerateRows().Select(row => row.L2Norm() > 0 ? row.Normalize(2).ToArray() : row.ToArray())];
    }

    /// <summary>exp(-d^2 / (2 s^2)) with d = 1 - similarity, and 0 on the diagonal.</summary>
    private static Matrix<double> Affinity(double[,] similarity, int count)
    {
        int size = similarity.GetLength(0);
        double[] distances = [.. from i in Enumerable.Range(0, size) from j in Enumerable.Range(0, i) select 1 - similarity[i, j]];
        System.Array.Sort(distances);
        // Of all pairs about 1 / count lie within a cluster: the distance at that rank separates "near" from "far".
        double scale = distances.Length == 0 ? 1 : Math.Max(distances[distances.Length / count], 1e-6);
        return Matrix<double>.Build.Dense(size, size, (i, j) =>
        {
            double distance = 1 - similarity[i, j];
            return i == j ? 0 : Math.Exp(-distance * distance / (2 * scale * scale));
        });
    }

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
        while (centers.Count < count)
        {
            double[] weights = [.. points.Select(p => centers.Min(c => Distance(p, c)))];
            double target = random.NextDouble() * weights.Sum();
            int chosen = 0;
            for (double sum = weights[0]; chosen < points.Length - 1 && sum <= target; sum += weights[chosen])
                chosen++;
            centers.Add(points[chosen]);
        }

        return [.. centers];
    }

    private static double Assign(double[][] points, double[][] centers, int[] assignment)
    {
        double error = 0;
        for (int i = 0; i < points.Length; i++)
        {
            double[] distances = System.Array.ConvertAll(centers, c => Distance(points[i], c));
            assignment[i] = System.Array.IndexOf(distances, distances.Min());
            error += distances[assignment[i]];
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
