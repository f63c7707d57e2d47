using Gir.Degradations.Depth;
using Gir.Imaging;
using static Gir.Degradations.Tests.FrameOperators;

namespace Gir.Degradations.Tests;

public sealed class DegradationPipelineTests
{
    [Test]
    public void Each_rounds_after_every_operator_and_last_only_once()
    {
        // Three times 0.4 levels vanish if rounded each time, and are one level if rounded once.
        var image = new ImageBuffer(1, 4, 4);
        IDegradation[] steps = [new Shift(), new Shift(), new Shift()];
        Assert.That(Degrade(Quantization.Each), Is.Zero);
        Assert.That(Degrade(Quantization.Last), Is.EqualTo(1 / 255f));
        Assert.That(Degrade(Quantization.None), Is.EqualTo(1.2f / 255).Within(1e-7));
        Assert.That(image.Array, Is.All.Zero, "the input is not modified");

        float Degrade(Quantization quantization) =>
            new DegradationPipeline(steps, Options with { Quantization = quantization }).Apply(image, 1).Image[0, 2, 2];
    }

    [Test]
    public void Results_depend_on_seed_and_key_and_degrade_gives_what_apply_gives()
    {
        DegradationPipeline pipeline = DegradationPipeline.Parse("scatter", Options);
        var image = new ImageBuffer(3, 5, 7);
        image.Samples.Fill(0.5f);
        float[] reference = pipeline.Apply(image, 1, "a").Image.Array;
        Assert.That(pipeline.Degrade(image, 1, "a").Array, Is.EqualTo(reference));
        Assert.That(pipeline.Degrade(image, 1, "b").Array, Is.Not.EqualTo(reference));
        Assert.That(pipeline.Degrade(image, 2, "a").Array, Is.Not.EqualTo(reference));
    }

    [Test]
    public void Equal_steps_draw_different_numbers()
    {
        var image = new ImageBuffer(1, 8, 8);
        image.Samples.Fill(0.5f);
        DegradationRecord record = DegradationPipeline.Parse("scatter + scatter", Options).Apply(image, 3).Record;
        Assert.That(record.Steps[0].Drawn[0].Value, Is.Not.EqualTo(record.Steps[1].Drawn[0].Value));
    }

    [Test]
    public void Depth_of_the_size_before_or_after_cropping_or_of_a_quarter_fits()
    {
        var options = Options with { CropMultiple = 4, Quantization = Quantization.None };
        DegradationPipeline pipeline = DegradationPipeline.Parse("sky", options);
        var image = new ImageBuffer(3, 9, 14);
        var full = new ImageBuffer(1, 9, 14);
        full[0, 7, 11] = 0.25f;
        full[0, 8, 13] = 1;
        ImageBuffer cropped = pipeline.Degrade(image, 1, depth: full);
        Assert.That(cropped.ToString(), Is.EqualTo("3 x 8 x 12"));
        Assert.That(cropped[2, 7, 11], Is.EqualTo(0.25f));

        var quarter = new ImageBuffer(1, 2, 3);
        quarter[0, 0, 0] = 0.8f;
        ImageBuffer enlarged = pipeline.Degrade(image, 1, depth: quarter);
        // Half-pixel centers: the phases between two samples are 1/8, 3/8, 5/8, 7/8; outside them the edge repeats.
        Assert.That(enlarged.Row(0, 0).ToArray()[..7], Is.EqualTo(new[] { 0.8f, 0.8f, 0.7f, 0.5f, 0.3f, 0.1f, 0f }).Within(1e-6));
        Assert.That(() => pipeline.Degrade(image, 1, depth: new ImageBuffer(1, 3, 3)), Throws.TypeOf<DegradationException>().With.Message.Contains("3 x 3"));
    }

    [TestCase(float.NaN)]
    [TestCase(1.5f)]
    [TestCase(-0.1f)]
    public void Depth_out_of_range_is_refused(float sample)
    {
        var depth = new ImageBuffer(1, 4, 4);
        depth[0, 1, 1] = sample;
        Assert.That(
            () => DegradationPipeline.Parse("sky", Options).Apply(new ImageBuffer(1, 4, 4), 1, depth: depth),
            Throws.TypeOf<DegradationException>().With.Message.Contains("0..1"));
    }

    [Test]
    public void Missing_depth_is_estimated_or_asked_for()
    {
        DegradationPipeline pipeline = DegradationPipeline.Parse("sky", Options);
        var image = new ImageBuffer(1, 4, 4);
        Assert.That(() => pipeline.Apply(image, 1), Throws.TypeOf<DegradationException>().With.Message.Contains("'sky' needs depth"));
        DegradationResult result = pipeline.Apply(image, 1, estimator: new Half());
        Assert.That(result.Image.Array, Is.All.EqualTo(128 / 255f));
        Assert.That(result.Record.Depth!.Source, Is.EqualTo("half"));
        Assert.That(result.Record.Replay(image, estimator: new Half()).Array, Is.EqualTo(result.Image.Array));
    }

    [Test]
    public void A_fault_of_an_operator_is_told_with_its_position()
    {
        DegradationPipeline pipeline = DegradationPipeline.Parse("shift + faulty", Options with { Catalog = Catalog.With(Faulty.Descriptor) });
        Assert.That(
            () => pipeline.Apply(new ImageBuffer(1, 4, 4), 1),
            Throws.TypeOf<DegradationException>().With.Message.EqualTo("Operator 2 of 2 (faulty): no."));
    }

    [Test]
    public void Half_a_surrogate_pair_in_the_key_is_refused() =>
        Assert.That(() => DegradationPipeline.Parse("shift", Options).Apply(new ImageBuffer(1, 4, 4), 1, "a\ud800"), Throws.ArgumentException);

    private sealed class Half : IDepthEstimator
    {
        public string Name => "half";

        public ImageBuffer Estimate(ImageBuffer image)
        {
            var depth = new ImageBuffer(1, image.Height, image.Width);
            depth.Samples.Fill(0.5f);
            return depth;
        }
    }

    private sealed record Faulty : IDegradation
    {
        public static DegradationDescriptor Descriptor { get; } = DegradationDescriptor.Define<Faulty>("faulty", "Fails.", (_, _) => new Faulty(), []);

        public string Name => "faulty";

        public ImageBuffer Apply(ImageBuffer image, DegradationContext context) => throw new DegradationException("no.");
    }
}
