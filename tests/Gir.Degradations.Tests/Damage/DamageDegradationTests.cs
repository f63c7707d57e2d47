using Gir.Degradations.Damage;
using Gir.Imaging;
using Gir.Imaging.Codecs;

namespace Gir.Degradations.Tests.Damage;

[TestFixture]
public sealed class DamageDegradationTests
{
    [Test]
    public void White_and_black_come_about_equally_often_and_paint_one_color_only()
    {
        ImageBuffer image = Patches.Flat(3, 60, 80, 0.5f);
        int white = 0;
        for (ulong seed = 0; seed < 200; seed++)
        {
            double told = -1;
            var context = new DegradationContext(seed) { OnDrawn = (name, value) => told = name == "white" ? value : told };
            float[] levels = [.. new DamageDegradation().Apply(image, context).Array.Distinct().Order()];
            Assert.That(levels, Is.EqualTo(told == 1 ? new[] { 0.5f, 1f } : [0f, 0.5f]));
            white += (int)told;
        }

        // 200 fair coins: six standard deviations are 42.
        Assert.That(white, Is.InRange(58, 142));
    }

    [Test]
    public void The_lines_that_are_told_are_the_lines_that_are_painted()
    {
        var drawn = new Dictionary<string, double>();
        var context = new DegradationContext(4) { OnDrawn = drawn.Add };
        var damage = new DamageDegradation { Color = DamageColor.White, Lines = 6, Thickness = 5 };
        ImageBuffer result = damage.Apply(new ImageBuffer(1, 50, 70), context);

        Assert.That(drawn, Has.Count.EqualTo(24));
        var mask = new byte[50 * 70];
        var rasterizer = new LineRasterizer(mask, 50, 70);
        for (int i = 1; i <= 6; i++)
        {
            int[] ends = [.. new[] { "x0", "y0", "x1", "y1" }.Select(end => (int)drawn[$"line{i}.{end}"])];
            Assert.That(ends, Is.All.InRange(0, 70));
            rasterizer.Draw(ends[0], ends[1], ends[2], ends[3], 5);
        }

        Assert.That(result.Array, Is.EqualTo(System.Array.ConvertAll(mask, b => (float)b)));
    }

    [Test]
    public void Scratches_are_thin_long_uneven_and_need_no_mask()
    {
        DegradationPipeline pipeline = DegradationPipeline.Parse("damage(pattern=scratches, lines=12, thickness=5, color=white)");
        ImageBuffer image = Patches.Flat(3, 120, 160, 0);
        DegradationResult result = pipeline.Apply(image, seed: 3);
        ReadOnlySpan<float> covered = result.Image.Plane(0);
        int touched = 0;
        var strengths = new HashSet<float>();
        foreach (float sample in covered)
        {
            touched += sample > 0 ? 1 : 0;
            strengths.Add(sample);
        }

        // Lines of the same number and thickness cover three times as much; all three channels alike, some through and through, some faint.
        Assert.That(touched / (double)covered.Length, Is.InRange(0.01, 0.25));
        Assert.That(strengths.Count, Is.GreaterThan(20));
        Assert.That(strengths.Max(), Is.InRange(0.5, 1));
        Assert.That(result.Image.Plane(1).SequenceEqual(covered) && result.Image.Plane(2).SequenceEqual(covered));
        Assert.That(result.Record.Replay(image).Samples.SequenceEqual(result.Image.Samples));
        Assert.That(pipeline.Degrade(image, 3, parallelism: new Parallelism(3)).Samples.SequenceEqual(result.Image.Samples));
        Assert.That(pipeline.Degrade(image, 4).Samples.SequenceEqual(result.Image.Samples), Is.False);
        Assert.That(DegradationPipeline.Parse("damage(pattern=scratches)").Degrade(Patches.Flat(1, 1, 1, 0.5f), 1).Samples[0], Is.InRange(0, 1));
    }

    [Test]
    public void Fixing_the_color_leaves_the_lines_as_they_were()
    {
        ImageBuffer image = Patches.Flat(1, 40, 40, 0.5f);
        var context = new DegradationContext(8);
        ImageBuffer white = new DamageDegradation { Color = DamageColor.White }.Apply(image, context);
        ImageBuffer black = new DamageDegradation { Color = DamageColor.Black }.Apply(image, context);
        ImageBuffer drawn = new DamageDegradation().Apply(image, context);
        for (int i = 0; i < image.Samples.Length; i++)
        {
            Assert.That(white.Samples[i] + black.Samples[i], Is.EqualTo(1f), "painted white (1 + 0) or left (0.5 + 0.5)");
            Assert.That(drawn.Samples[i], Is.EqualTo(white.Samples[i]).Or.EqualTo(black.Samples[i]));
        }
    }

    [Test]
    public void A_users_mask_is_laid_over_the_image_in_any_color()
    {
        var opacity = new ImageBuffer(1, 1, 3, [0f, 0.25f, 1f]);
        var image = new ImageBuffer(3, 1, 3, [.5f, .5f, .5f, .2f, .2f, .2f, .9f, .9f, .9f]);
        var context = new DegradationContext(1);
        DamageMask mask = DamageMask.FromImage(opacity);
        Assert.That(
            DamageDegradation.FromMask(mask, DamageColor.White).Apply(image, context).Array,
            Is.EqualTo(new[] { .5f, .75f, 1f, .2f, .45f, 1f, .9f, 1f, 1f }).Within(1e-6));
        Assert.That(
            DamageDegradation.FromMask(mask, DamageColor.Black).Apply(image, context).Array,
            Is.EqualTo(new[] { .5f, .25f, 0f, .2f, 0f, 0f, .9f, .65f, 0f }).Within(1e-6));
        Assert.That(
            (DamageDegradation.FromMask(mask, DamageColor.Custom) with { Red = 1, Green = 0, Blue = 0.5 }).Apply(image, context).Array,
            Is.EqualTo(new[] { .5f, .625f, 1f, .2f, .15f, 0f, .9f, .8f, .5f }).Within(1e-6));
    }

    [Test]
    public void A_mask_of_another_size_is_resized()
    {
        ImageBuffer result = DamageDegradation.FromMask(DamageMask.FromImage(Patches.Flat(1, 4, 6, 1f)), DamageColor.White)
            .Apply(Patches.Flat(3, 17, 11, 0.25f), new DegradationContext(1));
        Assert.That(result.Array, Is.All.EqualTo(1f));
    }

    [Test]
    public void A_mask_is_read_from_a_file()
    {
        string path = Path.Combine(Path.GetTempPath(), $"gir-damage-mask-{Environment.ProcessId}.png");
        try
        {
            ImageFile.Save(path, new ImageBuffer(3, 1, 2, [0f, 1f, 0f, 1f, 0f, 1f]), overwrite: true);
            DamageMask mask = DamageMask.Load(path);
            Assert.That(mask.Opacity.Array, Is.EqualTo(new[] { 0f, 1f }).Within(1e-6));
            Assert.That(mask.Source, Is.EqualTo(path));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Test]
    public void Masks_that_make_no_sense_are_refused()
    {
        Assert.That(() => DamageMask.FromImage(new ImageBuffer(3, 2, 2)), Throws.ArgumentException.With.Message.Contains("1 channel"));
        Assert.That(() => DamageMask.FromImage(new ImageBuffer(1, 1, 1, [1.5f])), Throws.ArgumentException);
        Assert.That(() => DamageMask.FromImage(new ImageBuffer(1, 1, 1, [float.NaN])), Throws.ArgumentException);
        Assert.That(
            () => DegradationPipeline.Parse("damage(pattern=mask)").Apply(Patches.Flat(1, 8, 8, 0), 1),
            Throws.TypeOf<DegradationException>().With.Message.Contains("DamageDegradation.Mask"));
    }

    [Test]
    public void The_random_operator_has_5_to_10_lines_of_thickness_5_to_10()
    {
        var random = new Gir.Imaging.Random.PhiloxRandom(2);
        DamageDegradation[] drawn = [.. Enumerable.Range(0, 500).Select(_ => (DamageDegradation)DamageDegradation.Descriptor.Sample(random))];
        Assert.That(drawn.Select(d => d.Lines).Distinct().Order(), Is.EqualTo(new[] { 5, 6, 7, 8, 9, 10 }));
        Assert.That(drawn.Select(d => d.Thickness).Distinct().Order(), Is.EqualTo(new[] { 5, 6, 7, 8, 9, 10 }));
    }

    [Test]
    public void The_result_does_not_depend_on_threads([Values(1, 3)] int channels) =>
        TestImages.AssertThreadsDoNotMatter(new DamageDegradation(), Patches.Random(channels, 300, 70, 1), null);

    [Test]
    public void Tiny_images_work([Values(1, 2, 5)] int height, [Values(1, 3)] int width)
    {
        ImageBuffer result = new DamageDegradation { Color = DamageColor.White }.Apply(new ImageBuffer(3, height, width), new DegradationContext(6));
        Assert.That(result.Array, Is.All.EqualTo(0f).Or.EqualTo(1f));
    }

    [Test]
    public void In_a_pipeline_the_record_replays_the_lines()
    {
        ImageBuffer image = Patches.Random(3, 40, 44, 3);
        DegradationResult result = DegradationPipeline.Parse("damage + damage(color=black, lines=2)").Apply(image, 77);
        DegradationRecord record = DegradationRecord.FromJson(result.Record.ToJson());
        Assert.That(record.Replay(image).Array, Is.EqualTo(result.Image.Array));
    }

    [Test]
    public void A_record_of_a_mask_is_replayed_by_the_pipeline_that_has_it()
    {
        ImageBuffer image = Patches.Random(3, 40, 44, 3);
        var pipeline = new DegradationPipeline([DamageDegradation.FromMask(Mask(1)), new Gir.Degradations.Noise.NoiseDegradation()]);
        DegradationResult result = pipeline.Apply(image, 5);
        DegradationRecord record = DegradationRecord.FromJson(result.Record.ToJson());
        Assert.That(record.Replay(pipeline, image).Array, Is.EqualTo(result.Image.Array));
        Assert.That(() => record.Replay(image), Throws.TypeOf<DegradationException>().With.Message.Contains("the pipeline that has it"));

        var otherMask = new DegradationPipeline([DamageDegradation.FromMask(Mask(2)), new Gir.Degradations.Noise.NoiseDegradation()]);
        Assert.That(() => record.Replay(otherMask, image), Throws.TypeOf<DegradationException>().With.Message.Contains("hash"));
        var otherPipeline = new DegradationPipeline([DamageDegradation.FromMask(Mask(1)), new Gir.Degradations.Noise.NoiseDegradation { Sigma = 3 }]);
        Assert.That(() => record.Replay(otherPipeline, image), Throws.TypeOf<DegradationException>().With.Message.Contains("\"sigma\":20"));

        static DamageMask Mask(ulong seed) => DamageMask.FromImage(Patches.Random(1, 20, 22, seed));
    }
}
