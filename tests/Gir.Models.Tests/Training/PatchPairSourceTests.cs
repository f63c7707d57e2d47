using Gir.Imaging;
using Gir.Models.Training;

namespace Gir.Models.Tests.Training;

public sealed class PatchPairSourceTests
{
    [Test]
    public void A_step_is_a_function_of_seed_and_number()
    {
        PatchPairSource source = TrainingFixture.Source();
        PatchBatch first = source.Get(7);
        source.Get(3);
        PatchBatch again = TrainingFixture.Source().Get(7);
        Assert.That(again.Degraded.SequenceEqual(first.Degraded) && again.Clean.SequenceEqual(first.Clean), Is.True);
        Assert.That(source.Get(8).Clean.SequenceEqual(first.Clean), Is.False);
        Assert.That(TrainingFixture.Source(seed: 1).Get(7).Clean.SequenceEqual(first.Clean), Is.False);
    }

    [Test]
    public void What_is_made_ahead_is_what_is_asked_for()
    {
        PatchPairSource source = TrainingFixture.Source();
        long step = 5;
        foreach (PatchBatch batch in source.Enumerate(5).Take(20))
        {
            Assert.That(batch.Step, Is.EqualTo(step));
            PatchBatch alone = source.Get(step++);
            Assert.That(batch.Degraded.SequenceEqual(alone.Degraded) && batch.Clean.SequenceEqual(alone.Clean), Is.True, $"step {batch.Step}");
        }
    }

    [Test]
    public void Stages_change_the_patches_at_their_step_and_nothing_else()
    {
        PatchPairOptions late = new() { PatchSize = 16, BatchSize = 1, Seed = 3 };
        var staged = new PatchPairSource(TrainingFixture.Tasks(), late with { Stages = [new(2, 8, 4), new(5, 12, 2)] });
        PatchBatch[] made = [.. Enumerable.Range(0, 8).Select(s => staged.Get(s))];

        Assert.That(
            made.Select(b => (b.Shape[0], b.Shape[2], b.Shape[3])),
            Is.EqualTo(new[] { (4, 8, 8), (4, 8, 8), (2, 12, 12), (2, 12, 12), (2, 12, 12), (1, 16, 16), (1, 16, 16), (1, 16, 16) }));
        // Made ahead, from any step on, with memory used again.
        foreach (long first in (long[])[0, 3])
        {
            foreach (PatchBatch batch in staged.Enumerate(first).Take(8 - (int)first))
                Assert.That(batch.Degraded.SequenceEqual(made[batch.Step].Degraded) && batch.Clean.SequenceEqual(made[batch.Step].Clean), Is.True, $"step {batch.Step}");
        }

        Assert.That(made[6].Degraded.SequenceEqual(new PatchPairSource(TrainingFixture.Tasks(), late).Get(6).Degraded), Is.True, "the last stage is the training without stages");
    }

    [TestCase(3L, 3L, 8, 1)]
    [TestCase(3L, 2L, 8, 1)]
    [TestCase(0L, 5L, 8, 1)]
    [TestCase(3L, 5L, 0, 1)]
    [TestCase(3L, 5L, 8, 0)]
    public void Stages_have_to_follow_one_another(long first, long second, int size, int batch) => Assert.That(
        () => new PatchPairSource(TrainingFixture.Tasks(), new() { PatchSize = 16, Stages = [new(first, 8, 1), new(second, size, batch)] }),
        Throws.InstanceOf<ArgumentOutOfRangeException>());

    [Test]
    public void Images_have_to_hold_the_largest_patch() => Assert.That(
        () => new PatchPairSource(TrainingFixture.Tasks(), new() { PatchSize = 8, Stages = [new(3, 24, 1)] }),
        Throws.ArgumentException.With.Message.Contains("expected at least 24 x 24"));

    [Test]
    public void No_more_is_made_ahead_than_allowed()
    {
        int made = 0;
        var source = new PatchPairSource(
            [new("count", [new("a", TrainingFixture.Image(8, 8, 1))], (image, _) => { Interlocked.Increment(ref made); return image; })],
            new PatchPairOptions { PatchSize = 8, BatchSize = 1, Prefetch = 2 });
        using (IEnumerator<PatchBatch> batches = source.Enumerate().GetEnumerator())
        {
            batches.MoveNext();
            SpinWait.SpinUntil(() => Volatile.Read(ref made) >= 4, TimeSpan.FromSeconds(10));
        }

        // One is read, two wait, one is in work.
        Assert.That(made, Is.EqualTo(4));
    }

    [Test]
    public void Patches_show_their_image_in_all_eight_orientations()
    {
        var image = new ImageBuffer(1, 2, 2, [1, 2, 3, 4]);
        var source = new PatchPairSource([new("t", [new("a", image)], null)], new PatchPairOptions { PatchSize = 2, BatchSize = 1 });
        string[] seen = [.. Enumerable.Range(0, 100).Select(s => string.Join("", source.Get(s).Clean.ToArray())).Distinct().Order()];
        Assert.That(seen, Is.EqualTo(new[] { "1234", "1324", "2143", "2413", "3142", "3412", "4231", "4321" }));
    }

    [Test]
    public void Both_patches_of_a_pair_show_the_same_place()
    {
        var prepared = new ImageBuffer(3, 24, 31);
        ImageBuffer clean = TrainingFixture.Image(24, 31, 1);
        for (int i = 0; i < clean.Array.Length; i++)
            prepared.Array[i] = clean.Array[i] + 1;
        var source = new PatchPairSource([new("t", [new("a", clean, prepared)], (image, _) => { Add(image, 1); return image; })], new PatchPairOptions { PatchSize = 16 });
        PatchBatch batch = source.Get(0);
        for (int i = 0; i < batch.Clean.Length; i++)
            Assert.That(batch.Degraded[i], Is.EqualTo(batch.Clean[i] + 1 + 1).Within(1e-6));
    }

    [Test]
    public void Contrast_brings_a_neighboring_patch_of_the_same_degradation()
    {
        // A level of its own for each call, and columns that tell where a sample comes from.
        var image = new ImageBuffer(1, 9, 20);
        for (int i = 0; i < image.Array.Length; i++)
            image.Array[i] = i;
        var source = new PatchPairSource(
            [new("t", [new("a", image)], (patch, random) => { Add(patch, 1000 * random.NextInteger(1, 1000)); return patch; })],
            new PatchPairOptions { PatchSize = 8, BatchSize = 4, Contrast = true });
        for (int step = 0; step < 8; step++)
        {
            PatchBatch batch = source.Get(step);
            for (int n = 0; n < 4; n++)
            {
                float[] query = batch.Degraded.Slice(n * 64, 64).ToArray();
                float[] key = batch.Keys.Slice(n * 64, 64).ToArray();
                float[] clean = batch.Clean.Slice(n * 64, 64).ToArray();
                Assert.That(query.Zip(clean, (q, c) => q - c).Distinct().Count(), Is.EqualTo(1), "the query is its own clean patch, degraded");
                Assert.That((int)query[0] / 1000, Is.EqualTo((int)key[0] / 1000), "one degradation");
                Assert.That(query.Intersect(key), Is.Empty, "another place");
            }
        }
    }

    [Test]
    public void Tasks_are_drawn_by_weight()
    {
        PatchPairSource source = new(
            [new("light", [new("a", new ImageBuffer(1, 4, 4))], null, 1), new("heavy", [new("b", new ImageBuffer(1, 4, 4, [.. Enumerable.Repeat(1f, 16)]))], null, 3)],
            new PatchPairOptions { PatchSize = 4, BatchSize = 1 });
        double share = Enumerable.Range(0, 2000).Average(s => source.Get(s).Clean[0]);
        // Three quarters; the standard deviation of the mean is 0.0097.
        Assert.That(share, Is.EqualTo(0.75).Within(0.04));
    }

    [Test]
    public void What_a_transform_throws_comes_out_at_its_step()
    {
        PatchPairSource source = TrainingFixture.Source((_, _) => throw new InvalidDataException("broken"));
        Assert.That(() => source.Enumerate().Take(50).Count(), Throws.TypeOf<InvalidDataException>().With.Message.EqualTo("broken"));
    }

    [Test]
    public void Canceling_ends_the_sequence()
    {
        using var cancellation = new CancellationTokenSource();
        using IEnumerator<PatchBatch> batches = TrainingFixture.Source().Enumerate(0, cancellation.Token).GetEnumerator();
        Assert.That(batches.MoveNext(), Is.True);
        cancellation.Cancel();
        Assert.That(() => batches.MoveNext(), Throws.InstanceOf<OperationCanceledException>());
    }

    [Test]
    public void A_transform_that_changes_the_size_is_named()
    {
        PatchPairSource source = TrainingFixture.Source((image, _) => image.Crop(0, 0, 8, 8));
        Assert.That(() => Enumerable.Range(0, 9).Select(s => source.Get(s)).ToList(), Throws.InvalidOperationException.With.Message.Contains("'noise'").And.Message.Contains("3 x 16 x 16"));
    }

    [Test]
    public void Images_that_do_not_fit_are_named()
    {
        ImageBuffer image = TrainingFixture.Image(24, 24, 1);
        var small = new TrainingTask("haze", [new("tiny.png", TrainingFixture.Image(8, 99, 1))], null);
        var gray = new TrainingTask("haze", [new("gray.png", TrainingFixture.Image(24, 24, 1, channels: 1))], null);
        var other = new TrainingTask("haze", [new("a.png", image, TrainingFixture.Image(24, 25, 1))], null);
        var fine = new TrainingTask("fine", [new("a.png", image)], null);
        var options = new PatchPairOptions { PatchSize = 16 };
        Assert.Multiple(() =>
        {
            Assert.That(() => new PatchPairSource([small], options), Throws.ArgumentException.With.Message.Contains("'haze'").And.Message.Contains("'tiny.png'"));
            Assert.That(() => new PatchPairSource([fine, gray], options), Throws.ArgumentException.With.Message.Contains("'gray.png'"));
            Assert.That(() => new PatchPairSource([other], options), Throws.ArgumentException.With.Message.Contains("prepared"));
            Assert.That(() => new PatchPairSource([], options), Throws.ArgumentException);
            Assert.That(() => new PatchPairSource([fine with { Images = [] }], options), Throws.ArgumentException.With.Message.Contains("'fine'"));
            Assert.That(() => new PatchPairSource([fine with { Weight = 0 }], options), Throws.ArgumentException.With.Message.Contains("weight"));
            Assert.That(() => new PatchPairSource([fine], options with { BatchSize = 0 }), Throws.InstanceOf<ArgumentOutOfRangeException>());
        });
    }

    private static void Add(ImageBuffer image, float value)
    {
        foreach (ref float sample in image.Samples)
            sample += value;
    }
}
