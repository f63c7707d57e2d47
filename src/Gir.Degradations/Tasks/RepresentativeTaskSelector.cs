using Gir.Degradations.Depth;
using Gir.Imaging;
using Gir.Imaging.Random;

namespace Gir.Degradations.Tasks;

/// <summary>
/// Chooses few tasks that stand for many (GIR paper, appendix A.1.2): the degraded samples of all candidates are compared by their
/// histograms, grouped by spectral clustering, and the center of each group is taken.
/// </summary>
/// <remarks>
/// The paper leaves bins, color space, similarity and "center" open. Here: 256 bins for each RGB channel; similarity of two candidates
/// = the mean, over images and channels, of the histogram intersection sum min(p, q) of the same image degraded by either;
/// clustering by Ng, Jordan and Weiss; center = the medoid, the member most similar to the others of its group.
/// Memory: 16 bytes for each pair of candidates (in both orders), 144 MB for 3,000.
/// </remarks>
public static class RepresentativeTaskSelector
{
    /// <summary>The most candidates that are compared with one another; a gigabyte holds their similarities.</summary>
    public const int MostCandidates = 8192;

    /// <summary>Chooses representatives.</summary>
    /// <param name="candidates">Pipelines to choose from, at most <see cref="MostCandidates"/>; with random ones, many more than clusters.</param>
    /// <param name="images">Clean images that show what the candidates do.</param>
    /// <param name="options">Settings; null means the defaults.</param>
    /// <param name="estimator">Depth for candidates that read it; asked once for each image.</param>
    /// <param name="parallelism">Threads; the result does not depend on them.</param>
    /// <param name="progress">Told, from any thread, how many candidates have degraded their images.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="DegradationException">There are fewer candidates than clusters, or too many, no images, or a candidate cannot degrade an image.</exception>
    public static RepresentativeSelection Select(
        IReadOnlyList<DegradationPipeline> candidates,
        IReadOnlyList<ImageBuffer> images,
        RepresentativeSelectionOptions? options = null,
        IDepthEstimator? estimator = null,
        Parallelism parallelism = default,
        IProgress<int>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(candidates);
        ArgumentNullException.ThrowIfNull(images);
        options ??= new RepresentativeSelectionOptions();
        options.Validate();
        if (candidates.Count < options.Clusters)
            throw new DegradationException($"{candidates.Count} candidates are too few for {options.Clusters} clusters.");
        if (candidates.Count > MostCandidates)
            throw new DegradationException($"{candidates.Count} candidates: expected at most {MostCandidates}, which are all compared with one another.");
        if (images.Count == 0)
            throw new DegradationException("Choosing representatives needs at least one image.");

        ImageBuffer?[] depths = [.. images.Select(i => estimator is not null && candidates.Any(c => c.UsesDepth) ? estimator.Estimate(i) : null)];
        var histograms = new LevelHistograms[candidates.Count][];
        var body = new DegradeRange(candidates, images, depths, options.Seed, histograms, new Counter(progress), cancellationToken);
        parallelism.For(candidates.Count, 1, body, cancellationToken);
        double[] similarity = Similarity(histograms, parallelism, cancellationToken);
        double[] affinity = SpectralClustering.Affinity(similarity, options.Clusters);
        int[] clusters = SpectralClustering.Cluster(affinity, options.Clusters, options.Seed, parallelism.WithCancellation(cancellationToken));
        return Medoids(similarity, clusters, options.Clusters);
    }

    private static double[] Similarity(LevelHistograms[][] histograms, Parallelism parallelism, CancellationToken cancellationToken)
    {
        var similarity = new double[histograms.Length * histograms.Length];
        parallelism.For(histograms.Length, 1, new CompareRange(histograms, similarity), cancellationToken);
        return similarity;
    }

    private static RepresentativeSelection Medoids(double[] similarity, int[] clusters, int count)
    {
        int size = clusters.Length;
        var medoids = new int[count];
        var similarities = new double[count];
        for (int cluster = 0; cluster < count; cluster++)
        {
            int[] members = [.. Enumerable.Range(0, size).Where(i => clusters[i] == cluster)];
            double[] sums = [.. members.Select(i => members.Sum(j => similarity[(i * size) + j]))];
            int center = System.Array.IndexOf(sums, sums.Max());
            medoids[cluster] = members[center];
            similarities[cluster] = members.Length > 1 ? (sums[center] - 1) / (members.Length - 1) : 1;
        }

        double all = similarity.Sum() - size;
        return new RepresentativeSelection(medoids, clusters)
        {
            Similarities = similarities,
            OverallSimilarity = size > 1 ? all / (size * (size - 1.0)) : 1,
        };
    }

    private sealed class Counter(IProgress<int>? progress)
    {
        private int _done;

        public void Count() => progress?.Report(Interlocked.Increment(ref _done));
    }

    private readonly struct DegradeRange(
        IReadOnlyList<DegradationPipeline> candidates,
        IReadOnlyList<ImageBuffer> images,
        ImageBuffer?[] depths,
        ulong seed,
        LevelHistograms[][] histograms,
        Counter counter,
        CancellationToken cancellationToken) : IRangeBody
    {
        public void Invoke(int start, int end)
        {
            for (int i = start; i < end; i++)
            {
                histograms[i] = new LevelHistograms[images.Count];
                for (int image = 0; image < images.Count; image++)
                {
                    ulong sampleSeed = Philox4x32.DeriveSeed(Philox4x32.DeriveSeed(seed, (ulong)i), (ulong)image);
                    ImageBuffer degraded = candidates[i].Degrade(images[image], sampleSeed, depth: depths[image], cancellationToken: cancellationToken);
                    histograms[i][image] = new LevelHistograms(degraded);
                }

                counter.Count();
            }
        }
    }

    /// <summary>Rows of the lower triangle, each written to its column as well. Rows i and n - 1 - i together are as long as any other two.</summary>
    private readonly struct CompareRange(LevelHistograms[][] histograms, double[] similarity) : IRangeBody
    {
        public void Invoke(int start, int end)
        {
            for (int row = start; row < end; row++)
                Compare(row % 2 == 0 ? row / 2 : histograms.Length - 1 - (row / 2));
        }

        private void Compare(int i)
        {
            int size = histograms.Length;
            similarity[(i * size) + i] = 1;
            for (int j = 0; j < i; j++)
            {
                double sum = 0;
                for (int image = 0; image < histograms[i].Length; image++)
                    sum += histograms[i][image].Intersection(histograms[j][image]);
                similarity[(i * size) + j] = similarity[(j * size) + i] = sum / histograms[i].Length;
            }
        }
    }
}

/// <summary>Which candidates were chosen.</summary>
/// <param name="Medoids">For each cluster the index of its center among the candidates.</param>
/// <param name="Clusters">For each candidate the number of its cluster.</param>
public sealed record RepresentativeSelection(IReadOnlyList<int> Medoids, IReadOnlyList<int> Clusters)
{
    /// <summary>For each cluster the mean similarity of its center to the other members, 0..1; 1 where there is none.</summary>
    public IReadOnlyList<double> Similarities { get; init; } = [];

    /// <summary>The mean similarity of any two candidates, 0..1: what the clusters' own have to be held against.</summary>
    public double OverallSimilarity { get; init; }
}
