using Gir.Imaging;
using Gir.Models.Nn;
using Gir.Models.Restoration;
using Gir.Models.Tensors;
using Gir.Models.Zoo;

namespace Gir.Models.Tests.Restoration;

/// <summary>Several images at a time.</summary>
public sealed class NetworkBatchTests
{
    // The engine chooses Winograd's algorithm by the number of tiles in the whole batch; its rounding is about 4e-6 of the largest value.
    private const double Rounding = 1e-5;

    [TestCase(1)]
    [TestCase(3)]
    public void A_batch_gives_what_its_images_give_alone_in_their_order(int channels)
    {
        RestorationNetwork network = Networks.Small(channels: 1);
        ImageBuffer[] images = [.. new[] { (20, 31), (9, 8), (20, 31), (40, 33), (20, 31), (9, 8) }.Select((s, i) => Networks.Noise(channels, s.Item1, s.Item2, (ulong)i))];
        foreach (NetworkRestorerOptions options in new NetworkRestorerOptions[] { new(), new() { SelfEnsemble = true }, new() { TileSize = 16, TileOverlap = 8 } })
        {
            var restorer = new NetworkRestorer(network, options);
            IReadOnlyList<ImageBuffer> batch = restorer.RestoreBatch(images);
            for (int i = 0; i < images.Length; i++)
                Assert.That(Networks.Difference(batch[i], restorer.Restore(images[i])), Is.LessThan(Rounding), $"{options}: image {i}");
        }
    }

    [Test]
    public void Images_beyond_the_engines_threshold_give_the_same_bits()
    {
        var restorer = new NetworkRestorer(Networks.Small(), new() { MemoryBudget = 1L << 30 });
        ImageBuffer[] images = [.. Enumerable.Range(0, 3).Select(i => Networks.Noise(3, 48, 40, (ulong)i))];
        IReadOnlyList<ImageBuffer> batch = restorer.RestoreBatch(images);
        for (int i = 0; i < images.Length; i++)
            Assert.That(batch[i].Array, Is.EqualTo(restorer.Restore(images[i]).Array));
    }

    [Test]
    public void Same_sized_images_run_together_as_far_as_the_memory_allows()
    {
        var seen = new List<int>();
        RestorationNetwork network = Networks.Of(x => Networks.Note(x, t => seen.Add(t.Shape[0])));
        ImageBuffer[] small = [.. Enumerable.Range(0, 20).Select(i => Networks.Noise(3, 16, 16, (ulong)i))];
        new NetworkRestorer(network).RestoreBatch(small);
        Assert.That(seen, Is.EqualTo(new[] { 16, 4 }), "Small images go in as they come.");
        seen.Clear();
        ImageBuffer[] large = [.. Enumerable.Range(0, 3).Select(i => Networks.Noise(3, 160, 160, (ulong)i))];
        // Input and output of an image are 614,400 bytes, 768,000 with the allocator's rounding at its worst: two images fit, three do not.
        new NetworkRestorer(network, new() { MemoryBudget = 1_600_000 }).RestoreBatch(large);
        Assert.That(seen, Is.EqualTo(new[] { 1, 2, 1 }), "The probe, and two batches.");
    }

    [Test]
    public void Progress_counts_every_image_and_the_work_stops_between_batches()
    {
        using var stop = new CancellationTokenSource();
        var told = new List<RestorationProgress>();
        var progress = new Told<RestorationProgress>(p =>
        {
            told.Add(p);
            if (told.Count == 2)
                stop.Cancel();
        });
        ImageBuffer[] images = [Networks.Noise(3, 8, 8), Networks.Noise(3, 9, 8), Networks.Noise(3, 8, 8), Networks.Noise(3, 8, 9)];
        Assert.That(() => new NetworkRestorer(Networks.Small()).RestoreBatch(images, progress, stop.Token), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(told, Is.EqualTo(new[] { new RestorationProgress(2, 4), new RestorationProgress(3, 4) }));
    }

    [Test]
    public void An_image_that_is_none_is_named() => Assert.That(
        () => new NetworkRestorer(Networks.Small()).RestoreBatch([Networks.Noise(3, 8, 8), new ImageBuffer(2, 8, 8)]),
        Throws.ArgumentException.With.Message.Contains("Image 1 is 2 x 8 x 8"));

    [Test]
    public void Other_restorers_take_one_image_after_another()
    {
        IRestorer restorer = ClassicalRestorers.Find("gaussian");
        ImageBuffer[] images = [Networks.Noise(1, 8, 9), Networks.Noise(3, 10, 8)];
        var told = new List<RestorationProgress>();
        IReadOnlyList<ImageBuffer> batch = restorer.RestoreBatch(images, new Told<RestorationProgress>(told.Add));
        Assert.That(batch.Select(b => b.Array), Is.EqualTo(images.Select(i => restorer.Restore(i).Array)));
        Assert.That(told, Is.EqualTo(new[] { new RestorationProgress(1, 2), new RestorationProgress(2, 2) }));
        told.Clear();
        restorer.Restore(images[0], new Told<RestorationProgress>(told.Add));
        Assert.That(told, Is.EqualTo(new[] { new RestorationProgress(1, 1) }));
    }
}
