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
/// </remarks>
public static class RepresentativeTaskSelector
{
    /// <summary>Chooses representatives.</summary>
    /// <param name="candidates">Pipelines to choose from; with random ones, many more than clusters.</param>
    /// <param name="images">Clean images that show what the candidates do.</param>
    /// <param name="options">Settings; null means the defaults.</param>
    /// <param name="estimator">Depth for candidates that read it.</param>
    /// <param name="parallelism">Threads; the result does not depend on them.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="DegradationException">There are fewer candidates than clusters, no images, or a candidate cannot degrade an image.</exception>
    public static RepresentativeSelection Select(
        IReadOnlyList<DegradationPipeline> candidates,
        IReadOnlyList<ImageBuffer> images,
        RepresentativeSelectionOptions? options = null,
        IDepthEstimator? estimator = null,
        Parallelism parallelism = default,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(candidates);
        ArgumentNullException.ThrowIfNull(images);
        options ??= new RepresentativeSelectionOptions();
        options.Validate();
        if (candidates.Count < options.Clusters)
            throw new DegradationException($"{candidates.Count} candidates are too few for {options.Clusters} clusters.");
        if (images.Count == 0)
            throw new DegradationException("Choosing representatives needs at least one image.");

        var histograms = new LevelHistograms[candidates.Count][];
        var body = new DegradeRange(candidates, images, estimator, options.Seed, histograms, cancellationToken);
        parallelism.For(candidates.Count, 1, body, cancellationToken);
        double[,] similarity = Similarity(histograms);
        int[] clusters = SpectralClustering.Cluster(similarity, options.Clusters, options.Seed);
        return new RepresentativeSelection(Medoids(similarity, clusters, options.Clusters), clusters);
    }

    private static double[,] Similarity(LevelHistograms[][] histograms)
    {
        int count = histograms.Length;
        var similarity = new double[count, count];
        for (int i = 0; i < count; i++)
        {
            similarity[i, i] = 1;
            for (int j = 0; j < i; j++)
            {
                double sum = 0;
                for (int image = 0; image < histograms[i].Length; image++)
                    sum += histograms[i][image].Intersection(histograms[j][image]);
                similarity[i, j] = similarity[j, i] = sum / histograms[i].Length;
            }
        }

        return similarity;
    }

    private static int[] Medoids(double[,] similarity, int[] clusters, int count)
    {
        var medoids = new int[count];
        for (int cluster = 0; cluster < count; cluster++)
        {
            int[] members = [.. Enumerable.Range(0, clusters.Length).Where(i => clusters[i] == cluster)];
            medoids[cluster] = members.MaxBy(i => members.Sum(j => similarity[i, j]));
        }

        return medoids;
    }

    private readonly struct DegradeRange(
        IReadOnlyList<DegradationPipeline> candidates,
        IReadOnlyList<ImageBuffer> images,
        IDepthEstimator? estimator,
        ulong seed,
        LevelHistograms[][] histograms,
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
                    histograms[i][image] = new LevelHistograms(
                        candidates[i].Degrade(images[image], sampleSeed, estimator: estimator, cancellationToken: cancellationToken));
                }
            }
        }
    }
}

/// <summary>Which candidates were chosen.</summary>
/// <param name="Medoids">For each cluster the index of its center among the candidates.</param>
/// <param name="Clusters">For each candidate the number of its cluster.</param>
public sealed record RepresentativeSelection(IReadOnlyList<int> Medoids, IReadOnlyList<int> Clusters);
