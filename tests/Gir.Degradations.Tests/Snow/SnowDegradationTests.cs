using Gir.Degradations.Snow;
using Gir.Imaging;
using Gir.Imaging.Codecs;

namespace Gir.Degradations.Tests.Snow;

[TestFixture]
public sealed class SnowDegradationTests
{
    [Test]
    public void Generated_masks_lie_in_the_unit_interval_and_cover_a_moderate_part()
    {
        for (ulong seed = 0; seed < 8; seed++)
        {
            ImageBuffer mask = new SnowDegradation().CreateMask(200, 260, new DegradationContext(seed));
            Assert.That(mask.Array, Is.All.InRange(0f, 1f));
            Assert.That(mask.Array.Average(), Is.InRange(0.005, 0.12), $"seed {seed}");
            Assert.That(mask.Array.Max(), Is.GreaterThan(0.5f), $"seed {seed}");
        }
    }

    [Test]
    public void Density_multiplies_the_cover_and_0_clears_it()
    {
        double Cover(double density) =>
            new SnowDegradation { Density = density }.CreateMask(300, 300, new DegradationContext(3)).Array.Average();
        Assert.That(Cover(0), Is.Zero);
        Assert.That(Cover(2) / Cover(1), Is.InRange(1.5, 2.5));
        Assert.That(Cover(4) / Cover(1), Is.InRange(2.8, 4.5));
    }

    [Test]
    public void Larger_flakes_cover_more()
    {
        double Cover(double size) =>
            new SnowDegradation { Size = size }.CreateMask(300, 300, new DegradationContext(3)).Array.Average();
        Assert.That(Cover(2), Is.GreaterThan(2 * Cover(1)));
    }

    [Test]
    public void Wind_and_speed_are_drawn_and_told()
    {
        var drawn = new Dictionary<string, double>();
        new SnowDegradation().CreateMask(20, 20, new DegradationContext(3) { OnDrawn = drawn.Add });
        Assert.That(drawn.Keys, Is.EquivalentTo(new[] { "wind", "speed" }));
        Assert.That(drawn["wind"], Is.InRange(-40, 40));
        Assert.That(drawn["speed"], Is.InRange(0.5, 4));
    }

    [Test]
    public void A_still_flake_is_round_and_a_moving_one_is_long_along_its_way()
    {
        var still = new Snowflake(20, 20, 0, 1, 0, 4, 1, 1);
        Assert.That(still.At(20, 20), Is.EqualTo(1f));
        Assert.That(still.At(24, 20), Is.EqualTo(0.5f).Within(1e-6), "half opacity at the radius");
        Assert.That(still.At(20, 24), Is.EqualTo(0.5f).Within(1e-6));
        Assert.That(still.At(25, 20), Is.Zero);
        var moving = still with { HalfLength = 6 };
        Assert.That(moving.At(20, 28), Is.GreaterThan(0f));
        Assert.That(moving.At(28, 20), Is.Zero);
        Assert.That(moving.At(20, 20 + moving.Reach), Is.Zero);
    }

    [Test]
    public void Masks_come_from_a_folder_in_the_order_of_their_names()
    {
        string folder = Directory.CreateTempSubdirectory("gir-snow-").FullName;
        try
        {
            ImageFile.Save(Path.Combine(folder, "b.png"), Patches.Flat(1, 6, 6, 1f));
            ImageFile.Save(Path.Combine(folder, "a.png"), Patches.Flat(3, 6, 6, 0f));
            File.WriteAllText(Path.Combine(folder, "readme.txt"), "not a mask");
            SnowMasks masks = SnowMasks.FromFolder(folder);
            Assert.That(masks.Names, Is.EqualTo(new[] { "a.png", "b.png" }));

            SnowDegradation snow = SnowDegradation.FromMasks(masks);
            var seen = new HashSet<double>();
            for (ulong seed = 0; seed < 30; seed++)
            {
                double told = -1;
                var context = new DegradationContext(seed) { OnDrawn = (name, value) => told = name == "mask" ? value : told };
                ImageBuffer mask = snow.CreateMask(9, 12, context);
                Assert.That(mask.Array, Is.All.EqualTo((float)told));
                Assert.That(mask.ToString(), Is.EqualTo("1 x 9 x 12"));
                seen.Add(told);
            }

            Assert.That(seen, Is.EquivalentTo(new[] { 0.0, 1.0 }));
        }
        finally
        {
            Directory.Delete(folder, true);
        }
    }

    [Test]
    public void A_folder_without_images_is_refused()
    {
        string folder = Directory.CreateTempSubdirectory("gir-snow-").FullName;
        try
        {
            Assert.That(() => SnowMasks.FromFolder(folder), Throws.ArgumentException.With.Message.Contains(folder));
        }
        finally
        {
            Directory.Delete(folder, true);
        }
    }

    [Test]
    public void A_damaged_or_meaningless_mask_is_refused_by_name()
    {
        Assert.That(() => SnowMasks.FromImage(Patches.Flat(1, 2, 2, 1.5f)), Throws.ArgumentException.With.Message.Contains("0..1"));
        string folder = Directory.CreateTempSubdirectory("gir-snow-").FullName;
        try
        {
            File.WriteAllText(Path.Combine(folder, "broken.png"), "this is no picture at all");
            AssertRefused("broken.png");
            File.Delete(Path.Combine(folder, "broken.png"));
            ImageFile.Save(Path.Combine(folder, "levels.npy"), Patches.Flat(1, 2, 2, 255f));
            AssertRefused("levels.npy");
        }
        finally
        {
            Directory.Delete(folder, true);
        }

        void AssertRefused(string name) => Assert.That(
            () => SnowDegradation.FromMasks(SnowMasks.FromFolder(folder)).CreateMask(4, 4, new DegradationContext(1)),
            Throws.TypeOf<DegradationException>().With.Message.Contains(name));
    }

    [Test]
    public void Masks_that_an_expression_cannot_carry_are_asked_for()
    {
        ImageBuffer image = Patches.Flat(1, 8, 8, 0);
        Assert.That(
            () => DegradationPipeline.Parse("snow(source=masks)").Apply(image, 1, depth: Patches.Flat(1, 8, 8, 1)),
            Throws.TypeOf<DegradationException>().With.Message.Contains("SnowDegradation.Masks"));
    }

    [Test]
    public void The_result_does_not_depend_on_threads([Values(1, 3)] int channels) =>
        TestImages.AssertThreadsDoNotMatter(new SnowDegradation { Density = 2 }, Patches.Random(channels, 130, 75, 1), TestImages.Depth(130, 75));

    [Test]
    public void Tiny_images_work([Values(1, 2, 9)] int height, [Values(1, 3, 20)] int width)
    {
        ImageBuffer image = Patches.Random(3, height, width, 8);
        var context = new DegradationContext(6) { Depth = TestImages.Depth(height, width) };
        ImageBuffer result = new SnowDegradation { Density = 10, Size = 10 }.Apply(image, context);
        Assert.That(result.Array, Is.All.InRange(0f, 1.0001f));
    }

    [Test]
    public void The_record_replays_every_pixel()
    {
        ImageBuffer image = Patches.Random(3, 40, 44, 3);
        ImageBuffer depth = TestImages.Depth(40, 44);
        DegradationResult result = DegradationPipeline.Parse("snow(density=2) + noise").Apply(image, 77, depth: depth);
        DegradationRecord record = DegradationRecord.FromJson(result.Record.ToJson());
        Assert.That(record.Replay(image, depth).Array, Is.EqualTo(result.Image.Array));
    }

    [Test]
    public void A_record_of_masks_is_replayed_by_the_pipeline_that_has_them()
    {
        ImageBuffer image = Patches.Random(3, 40, 44, 3);
        ImageBuffer depth = TestImages.Depth(40, 44);
        var pipeline = new DegradationPipeline([SnowDegradation.FromMasks(SnowMasks.FromImage(Patches.Random(1, 40, 44, 9)))]);
        DegradationResult result = pipeline.Apply(image, 5, depth: depth);
        DegradationRecord record = DegradationRecord.FromJson(result.Record.ToJson());
        Assert.That(record.Replay(pipeline, image, depth).Array, Is.EqualTo(result.Image.Array));
        Assert.That(() => record.Replay(image, depth), Throws.TypeOf<DegradationException>().With.Message.Contains("the pipeline that has them"));
    }
}
