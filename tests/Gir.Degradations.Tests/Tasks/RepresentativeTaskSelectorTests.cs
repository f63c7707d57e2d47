using Gir.Degradations.Noise;
using Gir.Degradations.Tasks;
using Gir.Imaging;
using Gir.Imaging.Random;
using static Gir.Degradations.Tests.FrameOperators;

namespace Gir.Degradations.Tests.Tasks;

public sealed class RepresentativeTaskSelectorTests
{
    // Four groups that anybody would see: darkened, brightened, made noisy, left alone; each with small variations.
    private static readonly double[] s_shifts = [-95, -94, -93, -92, -91, 88, 89, 90, 91, 92, 93];
    private static readonly double[] s_sigmas = [98, 100, 101, 103];

    [Test]
    public void Known_clusters_are_found_whatever_the_threads()
    {
        DegradationPipeline[] candidates =
        [
            .. s_shifts.Select(levels => new DegradationPipeline([new Shift { Levels = levels }], Options)),
            .. s_sigmas.Select(sigma => new DegradationPipeline([new NoiseDegradation { Sigma = sigma }], Options)),
            .. Enumerable.Range(0, 5).Select(i => new DegradationPipeline([new Shift { Levels = 0.01 * i }], Options)),
        ];
        int[] truth = [.. Enumerable.Repeat(0, 5), .. Enumerable.Repeat(1, 6), .. Enumerable.Repeat(2, 4), .. Enumerable.Repeat(3, 5)];
        int[] shuffled = [.. Enumerable.Range(0, truth.Length).OrderBy(i => Philox4x32.DeriveSeed(5, (ulong)i))];
        ImageBuffer[] images = [Scene(1), Scene(2)];
        var options = new RepresentativeSelectionOptions { Clusters = 4, Seed = 3 };

        RepresentativeSelection selection = RepresentativeTaskSelector.Select([.. shuffled.Select(i => candidates[i])], images, options);
        for (int i = 0; i < shuffled.Length; i++)
        {
            for (int j = 0; j < i; j++)
                Assert.That(selection.Clusters[i] == selection.Clusters[j], Is.EqualTo(truth[shuffled[i]] == truth[shuffled[j]]), $"{shuffled[i]}, {shuffled[j]}");
        }

        Assert.That(selection.Medoids.Select(m => truth[shuffled[m]]).Order(), Is.EqualTo(new[] { 0, 1, 2, 3 }));
        RepresentativeSelection threaded =
            RepresentativeTaskSelector.Select([.. shuffled.Select(i => candidates[i])], images, options, parallelism: new Parallelism(3));
        Assert.That(threaded.Clusters, Is.EqualTo(selection.Clusters));
        Assert.That(threaded.Medoids, Is.EqualTo(selection.Medoids));
    }

    [Test]
    public void The_medoid_is_the_middle_of_its_cluster()
    {
        // Of equally spaced shifts the middle one overlaps the others most.
        DegradationPipeline[] candidates =
        [
            .. Enumerable.Range(0, 9).Select(i => new DegradationPipeline([new Shift { Levels = 60 + (4 * i) }], Options)),
            .. Enumerable.Range(0, 9).Select(i => new DegradationPipeline([new Shift { Levels = -150 - (4 * i) }], Options)),
        ];
        RepresentativeSelection selection = RepresentativeTaskSelector.Select(candidates, [Ramp()], new RepresentativeSelectionOptions { Clusters = 2 });
        Assert.That(selection.Medoids.Order(), Is.EqualTo(new[] { 4, 13 }));
    }

    [Test]
    public void Similarity_is_the_histogram_intersection()
    {
        ImageBuffer image = Patches.Flat(1, 2, 2, 0);
        image[0, 0, 0] = 1;
        ImageBuffer other = Patches.Flat(1, 2, 2, 1);
        Assert.That(new LevelHistograms(image).Intersection(new LevelHistograms(image)), Is.EqualTo(1).Within(1e-12));
        Assert.That(new LevelHistograms(image).Intersection(new LevelHistograms(other)), Is.EqualTo(0.25).Within(1e-12));
    }

    [Test]
    public void Too_few_candidates_or_no_images_are_refused()
    {
        DegradationPipeline[] two = [.. Enumerable.Repeat(new DegradationPipeline([new Shift()], Options), 2)];
        Assert.That(() => RepresentativeTaskSelector.Select(two, [Ramp()]), Throws.TypeOf<DegradationException>().With.Message.Contains("too few"));
        Assert.That(
            () => RepresentativeTaskSelector.Select(two, [], new RepresentativeSelectionOptions { Clusters = 2 }),
            Throws.TypeOf<DegradationException>().With.Message.Contains("image"));
    }

    [Test]
    public void Equal_candidates_still_give_as_many_clusters_as_asked()
    {
        DegradationPipeline[] same = [.. Enumerable.Repeat(new DegradationPipeline([new Shift()], Options), 6)];
        RepresentativeSelection selection = RepresentativeTaskSelector.Select(same, [Ramp()], new RepresentativeSelectionOptions { Clusters = 3 });
        Assert.That(selection.Clusters.Distinct().Count(), Is.EqualTo(3));
        Assert.That(selection.Medoids.Distinct().Count(), Is.EqualTo(3));
    }

    private static ImageBuffer Ramp()
    {
        var image = new ImageBuffer(1, 16, 64);
        for (int i = 0; i < image.Samples.Length; i++)
            image.Samples[i] = (i % 64) / 255f;
        for (int i = 0; i < image.Samples.Length / 2; i++)
            image.Samples[i] += 0.7f;
        return image;
    }

    private static ImageBuffer Scene(ulong seed)
    {
        ImageBuffer image = Patches.Random(3, 32, 32, seed);
        foreach (ref float sample in image.Samples)
            sample = 0.4f + (0.2f * sample);
        image.Quantize();
        return image;
    }
}
