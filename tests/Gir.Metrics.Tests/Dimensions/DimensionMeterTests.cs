using Gir.Imaging;
using Gir.Imaging.Scenes;
using Gir.Metrics.Dimensions;
using Gir.Metrics.FullReference;

namespace Gir.Metrics.Tests.Dimensions;

/// <summary>What the dimensions promise, on procedural scenes.</summary>
[TestFixture]
public class DimensionMeterTests
{
    private static readonly ImageBuffer[] Scenes = [.. new ulong[] { 3, 4, 11 }.Select(seed => Change.Times(SceneGenerator.Create(seed, 128, 176).Image, 1))];

    private static readonly DimensionMeter Meter = new();
    private static readonly DimensionMeter Plain = new(new DimensionOptions { Affine = false });
    private static readonly DimensionMeter Searching = new(new DimensionOptions { Search = true });

    [Test]
    public void Equal_images_have_no_fault_to_the_last_bit()
    {
        foreach (DimensionMeter meter in new[] { Meter, Plain, Searching })
        {
            foreach (ImageBuffer scene in Scenes)
                Assert.That(meter.Measure(scene, scene.Clone()), Is.EqualTo(new DimensionScores(0, 0, 0, 1, 1, 0)));
        }
    }

    [Test]
    public void The_numbers_are_those_of_the_definition()
    {
        ImageBuffer scene = Scenes[0];
        foreach (ImageBuffer result in new[] { Change.Blur(scene, 1.5), Change.Noise(scene, 10), Change.Unsharp(scene, 1), Change.Times(Change.Jpeg(scene, 30), 0.8f, 0.05f) })
        {
            foreach (bool affine in new[] { false, true })
            {
                DimensionScores scores = (affine ? Meter : Plain).Measure(scene, result);
                (double under, double over, double sharpness) = NaiveDimensions.Measure(scene, result, affine);
                // Planes are in single precision; a block may have its energy on either side of the floor.
                Assert.That(scores.Under, Is.EqualTo(under).Within(1e-4));
                Assert.That(scores.Over, Is.EqualTo(over).Within(1e-4));
                Assert.That(scores.Sharpness, Is.EqualTo(sharpness).Within(1e-4));
                Assert.That(scores.Detail, Is.EqualTo(3 * (over - under)).Within(6e-4));
            }
        }
    }

    [Test]
    public void Blur_is_missing_detail_and_soft_and_the_more_the_worse()
    {
        foreach (ImageBuffer scene in Scenes)
        {
            DimensionScores before = Meter.Measure(scene, scene);
            foreach (double sigma in new[] { 0.5, 0.7, 1, 1.5, 2, 3, 4 })
            {
                DimensionScores after = Meter.Measure(scene, Change.Blur(scene, sigma));
                Assert.That(after.Under, Is.GreaterThan(before.Under), $"sigma {sigma}");
                Assert.That(after.Detail, Is.LessThan(before.Detail), $"sigma {sigma}");
                Assert.That(after.Sharpness, Is.LessThan(before.Sharpness).Or.EqualTo(-3), $"sigma {sigma}");
                before = after;
            }
        }
    }

    [Test]
    public void Noise_is_added_detail_and_neither_soft_nor_hard_and_the_more_the_worse()
    {
        foreach (ImageBuffer scene in Scenes)
        {
            DimensionScores before = Meter.Measure(scene, scene);
            foreach (double sigma in new[] { 2, 5, 10, 20.0 })
            {
                DimensionScores after = Meter.Measure(scene, Change.Noise(scene, sigma));
                Assert.That(after.Over, Is.GreaterThan(before.Over), $"sigma {sigma}");
                Assert.That(after.Detail, Is.GreaterThan(before.Detail), $"sigma {sigma}");
                // Noise that is cut off at black and white takes a little of the edges there.
                Assert.That(after.Sharpness, Is.EqualTo(0).Within(0.1), $"sigma {sigma}");
                before = after;
            }
        }
    }

    [Test]
    public void Sharpening_is_hard_edges_and_the_more_the_harder()
    {
        foreach (ImageBuffer scene in Scenes)
        {
            double before = 0;
            foreach (double share in new[] { 0.25, 0.5, 1, 2 })
            {
                double after = Meter.Measure(scene, Change.Unsharp(scene, share)).Sharpness;
                Assert.That(after, Is.GreaterThan(before), $"share {share}");
                before = after;
            }
        }
    }

    [Test]
    public void Both_faults_at_once_are_seen_as_both()
    {
        foreach (ImageBuffer scene in Scenes)
        {
            ImageBuffer blurred = Change.Blur(scene, 2);
            DimensionScores blur = Meter.Measure(scene, blurred);
            DimensionScores noise = Meter.Measure(scene, Change.Noise(scene, 10));
            DimensionScores both = Meter.Measure(scene, Change.Noise(blurred, 10));
            Assert.That(both.Under, Is.EqualTo(blur.Under + noise.Under).Within(0.05));
            Assert.That(both.Over, Is.EqualTo(blur.Over + noise.Over).Within(0.05));
        }
    }

    [Test]
    public void Brightness_and_contrast_change_nothing()
    {
        ImageBuffer scene = Scenes[1];
        ImageBuffer result = Change.Noise(Change.Blur(scene, 1), 5);
        DimensionScores before = Meter.Measure(scene, result);
        foreach ((float gain, float offset) in new[] { (0.8f, 0f), (0.5f, 0.25f), (1.5f, -0.2f) })
        {
            ImageBuffer changed = result.Clone();
            foreach (ref float sample in changed.Samples)
                sample = (gain * sample) + offset;
            DimensionScores after = Meter.Measure(scene, changed);
            // Single precision.
            Assert.That(after.Under, Is.EqualTo(before.Under).Within(1e-4));
            Assert.That(after.Over, Is.EqualTo(before.Over).Within(1e-4));
            Assert.That(after.Sharpness, Is.EqualTo(before.Sharpness).Within(1e-4));
            Assert.That(after.Gain, Is.EqualTo(before.Gain / gain).Within(1e-4));
            Assert.That(after.Offset, Is.EqualTo(before.Offset - (before.Gain / gain * offset)).Within(1e-4));
        }

        Assert.That(Plain.Measure(scene, Change.Times(scene, 0.8f)).Sharpness, Is.EqualTo(2 * Math.Log2(0.8)).Within(0.02));
    }

    [Test]
    public void A_shift_of_a_pixel_looks_like_both_faults_unless_blocks_are_searched()
    {
        foreach (ImageBuffer scene in Scenes)
        {
            (ImageBuffer reference, ImageBuffer moved) = (scene.Crop(0, 0, 112, 160), scene.Crop(1, 2, 112, 160));
            DimensionScores still = Meter.Measure(reference, moved);
            DimensionScores found = Searching.Measure(reference, moved);
            Assert.That(still.Under, Is.GreaterThan(0.1));
            Assert.That(still.Over, Is.GreaterThan(0.1));
            // What is left are the blocks at the edges, which cannot be followed beyond them.
            Assert.That(found.Under, Is.LessThan(still.Under / 3));
            Assert.That(found.Over, Is.LessThan(still.Over / 3));
            Assert.That(Math.Abs(found.Sharpness), Is.LessThan(Math.Abs(still.Sharpness) / 3));
        }
    }

    [Test]
    public void Maps_hold_what_the_numbers_are_made_of()
    {
        ImageBuffer scene = Scenes[2].Crop(0, 0, 120, 168);
        ImageBuffer result = scene.Clone();
        ImageBuffer blurred = Change.Blur(scene, 2);
        for (int c = 0; c < 3; c++)
        {
            for (int y = 0; y < 64; y++)
                blurred.Row(c, y).CopyTo(result.Row(c, y));
        }

        DimensionScores scores = Plain.Measure(scene, result, out DimensionMaps maps);
        Assert.That(scores, Is.EqualTo(Plain.Measure(scene, result)));
        Assert.That((maps.Under.Height, maps.Under.Width), Is.EqualTo((8, 11)));
        Assert.That(maps.Detail.HasShapeOf(maps.Under) && maps.Over.HasShapeOf(maps.Under) && maps.Sharpness.HasShapeOf(maps.Under));
        (double over, double pixels) = (0, 0);
        for (int y = 0; y < 8; y++)
        {
            for (int x = 0; x < 11; x++)
            {
                int weight = (y == 7 ? 8 : 16) * (x == 10 ? 8 : 16);
                over += weight * maps.Over[0, y, x];
                pixels += weight;
                Assert.That(maps.Detail[0, y, x], Is.EqualTo(3 * (maps.Over[0, y, x] - maps.Under[0, y, x])).Within(1e-6));
                if (y > 4)
                    Assert.That(maps.Under[0, y, x], Is.Zero, "nothing was blurred there");
            }
        }

        Assert.That(over / pixels, Is.EqualTo(scores.Over).Within(1e-7));
        Assert.That(maps.Under.Samples[..44].ToArray().Average(), Is.GreaterThan(0.2));
        Assert.That(maps.Sharpness.Samples[..44].ToArray().Min(), Is.LessThan(-1));
    }

    [Test]
    public void Threads_change_no_bit([Values(2, 3, 8)] int threads)
    {
        ImageBuffer scene = SceneGenerator.Create(5, 333, 415).Image;
        ImageBuffer result = Change.Noise(Change.Blur(scene, 0.8), 5);
        foreach (DimensionMeter meter in new[] { Meter, Searching })
        {
            DimensionScores expected = meter.Measure(scene, result, out DimensionMaps one);
            Assert.That(meter.Measure(scene, result, out DimensionMaps many, new Parallelism(threads)), Is.EqualTo(expected));
            Assert.That(many.Detail.Samples.SequenceEqual(one.Detail.Samples) && many.Sharpness.Samples.SequenceEqual(one.Sharpness.Samples));
        }
    }

    [Test]
    public void Flat_images_are_judged_without_a_reference_to_compare_with()
    {
        var flat = new ImageBuffer(3, 32, 32);
        flat.Samples.Fill(0.5f);
        ImageBuffer noisy = Change.Noise(flat, 20);
        DimensionScores added = Meter.Measure(flat, noisy);
        Assert.That((added.Under, added.Sharpness, added.EdgeGain), Is.EqualTo((0.0, 0.0, 1.0)));
        Assert.That(added.Over, Is.GreaterThan(0.5));
        DimensionScores lost = Meter.Measure(Scenes[0], Change.Times(Scenes[0], 0));
        Assert.That((lost.Over, lost.Sharpness), Is.EqualTo((0.0, -3.0)));
        Assert.That(lost.Under, Is.GreaterThan(0.8));
        Assert.That(Meter.Measure(Scenes[0], Change.Levels(Scenes[0], v => 1 - v)).Sharpness, Is.EqualTo(-3), "a negative");
    }

    [Test]
    public void Metrics_are_the_numbers_of_the_meter()
    {
        (ImageBuffer scene, ImageBuffer result) = (Scenes[0], Change.Noise(Change.Blur(Scenes[0], 1), 5));
        DimensionScores scores = Meter.Measure(scene, result);
        var catalog = new MetricCatalog();
        MetricScore Score(string name) => catalog.FindFullReference(name).Measure(scene, result);
        Assert.That(Score("under").Value, Is.EqualTo(scores.Under));
        Assert.That(Score("over").Value, Is.EqualTo(scores.Over));
        Assert.That(Score("detail").Value, Is.EqualTo(scores.Detail));
        Assert.That(Score("sharpness").Value, Is.EqualTo(scores.Sharpness));
        IFullReferenceMetric[] together = [.. catalog.FullReference.Where(m => m is DimensionMetric or Psnr), new DimensionMetric(Dimension.Over, new DimensionOptions { Affine = false })];
        Assert.That(DimensionGroup.Measure(together, scene, result), Is.EqualTo(together.Select(m => m.Measure(scene, result))));
        Assert.That(Score("detail"), Has.Property(nameof(MetricScore.ZeroIsBest)).True);
        Assert.That(Score("under"), Has.Property(nameof(MetricScore.ZeroIsBest)).False);
        Assert.That(Score("detail").Convention, Does.StartWith("Gir's measured proxy"));
        Assert.That(() => new DimensionMetric((Dimension)9), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => new DimensionMeter(new DimensionOptions { Crop = -1 }), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => new DimensionMetric(Dimension.Over, new DimensionOptions { Crop = -1 }), Throws.TypeOf<ArgumentOutOfRangeException>());
    }
}
