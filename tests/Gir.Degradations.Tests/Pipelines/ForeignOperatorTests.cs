using Gir.Imaging;

namespace Gir.Degradations.Tests.Pipelines;

/// <summary>Operators of a user's own: what they may do, and what a pipeline does with their images.</summary>
public sealed class ForeignOperatorTests
{
    private static readonly DegradationPipelineOptions s_options = new()
    {
        Catalog = DegradationCatalog.Standard.With(Invert.Descriptor).With(Keeper.Descriptor).With(Odd.Descriptor),
        Quantization = Quantization.None,
    };

    [Test]
    public void An_operator_that_can_overwrite_its_image_is_asked_to_where_the_image_is_the_pipelines_own()
    {
        var calls = new List<string>();
        var invert = new Invert { Calls = calls };
        ImageBuffer image = TestImages.Random(1, 8, 9);
        float[] before = [.. image.Array];
        ImageBuffer result = new DegradationPipeline([invert, invert, invert], s_options).Degrade(image, 1);
        Assert.That(calls, Is.EqualTo(new[] { "new", "in place", "in place" }));
        Assert.That(result.Array, Is.EqualTo(before.Select(v => 1 - (1 - (1 - v)))));
        Assert.That(image.Array, Is.EqualTo(before));
    }

    [Test]
    public void Images_of_an_operator_that_keeps_none_are_used_again()
    {
        ImagePool.Clear();
        var keeper = new Keeper { Keeps = false };
        new DegradationPipeline([keeper, keeper, keeper], s_options).Degrade(TestImages.Random(1, 31, 33), 1);
        // Two of the three results were intermediate.
        float[][] again = [ImagePool.Rent(1, 31, 33).Array, ImagePool.Rent(1, 31, 33).Array];
        Assert.That(again, Is.EquivalentTo(keeper.Kept.Take(2).Select(i => i.Array)));
    }

    [Test]
    public void Images_that_an_operator_keeps_stay_as_they_are([Values] Quantization quantization)
    {
        var keeper = new Keeper { Keeps = true };
        var steps = new IDegradation[] { keeper, new Invert(), keeper, new Gir.Degradations.Noise.NoiseDegradation() };
        new DegradationPipeline(steps, s_options with { Quantization = quantization }).Degrade(TestImages.Random(3, 31, 33), 1);
        for (int i = 0; i < 8; i++)
            ImagePool.Rent(3, 31, 33).Samples.Fill(7);
        Assert.That(keeper.Kept.Select(i => i.Array), Is.EqualTo(keeper.Copies));
    }

    [TestCase(Oddity.Null, "Operator 2 of 2 (odd): it returned null, expected an image.")]
    [TestCase(Oddity.Smaller, "Operator 2 of 2 (odd): it returned an image of 1 x 3 x 4 (channels x height x width), expected one of 1 x 4 x 4.")]
    [TestCase(Oddity.NaN, "Operator 2 of 2 (odd): its result holds NaN at channel 0, row 1, column 2 (from 0): expected finite samples in 0..1.")]
    [TestCase(Oddity.Infinity, "Operator 2 of 2 (odd): its result holds Infinity at channel 0, row 1, column 2 (from 0): expected finite samples in 0..1.")]
    public void What_is_no_image_of_the_same_shape_with_finite_samples_is_refused(Oddity oddity, string message)
    {
        var pipeline = new DegradationPipeline([new Invert(), new Odd { Oddity = oddity }], s_options with { Quantization = Quantization.Each });
        Assert.That(() => pipeline.Degrade(new ImageBuffer(1, 4, 4), 1, depth: TestImages.Depth(4, 4)), Throws.TypeOf<DegradationException>().With.Message.EqualTo(message));
    }

    [Test]
    public void The_callers_image_and_depth_are_not_changed_by_what_an_operator_returns()
    {
        (ImageBuffer image, ImageBuffer depth) = (TestImages.Random(1, 4, 4), TestImages.Random(1, 4, 4, 5));
        (float[] imageBefore, float[] depthBefore) = ([.. image.Array], [.. depth.Array]);
        foreach (Oddity oddity in new[] { Oddity.Input, Oddity.Depth })
        {
            IDegradation[] steps = [new Odd { Oddity = oddity }, new Invert(), new Gir.Degradations.Noise.NoiseDegradation()];
            new DegradationPipeline(steps, s_options with { Quantization = Quantization.Each }).Degrade(image, 1, depth: depth);
            ImagePool.Rent(1, 4, 4).Samples.Fill(7);
        }

        Assert.That(image.Array, Is.EqualTo(imageBefore));
        Assert.That(depth.Array, Is.EqualTo(depthBefore));
    }

    [Test]
    public void Parameters_that_do_not_go_together_are_told_when_the_pipeline_is_built() =>
        Assert.That(
            () => new DegradationPipeline([new Odd { Oddity = Oddity.Fault }], s_options),
            Throws.TypeOf<DegradationException>().With.Message.EqualTo("operator 1 (odd): its parameters quarrel."));

    public enum Oddity
    {
        Fault,
        Null,
        Smaller,
        NaN,
        Infinity,
        Input,
        Depth,
    }

    private sealed record Invert : IInPlaceDegradation
    {
        public static DegradationDescriptor Descriptor { get; } = DegradationDescriptor.Define<Invert>("invert", "The negative.", (_, _) => new Invert(), []);

        public List<string> Calls { get; init; } = [];

        public string Name => "invert";

        public ImageBuffer Apply(ImageBuffer image, DegradationContext context)
        {
            Calls.Add("new");
            ImageBuffer result = image.Clone();
            Work(result);
            return result;
        }

        public void ApplyInPlace(ImageBuffer image, DegradationContext context)
        {
            Calls.Add("in place");
            Work(image);
        }

        private static void Work(ImageBuffer image)
        {
            foreach (ref float sample in image.Samples)
                sample = 1 - sample;
        }
    }

    private sealed record Keeper : IDegradation
    {
        public static DegradationDescriptor Descriptor { get; } = DegradationDescriptor.Define<Keeper>("keeper", "Keeps what it returns.", (_, _) => new Keeper(), []);

        public bool Keeps { get; init; }

        public List<ImageBuffer> Kept { get; } = [];

        public List<float[]> Copies { get; } = [];

        public string Name => "keeper";

        bool IDegradation.KeepsImages => Keeps;

        public ImageBuffer Apply(ImageBuffer image, DegradationContext context)
        {
            ImageBuffer result = image.Clone();
            foreach (ref float sample in result.Samples)
                sample *= 0.9f;
            if (Keeps)
                Keep(image);
            Keep(result);
            return result;
        }

        private void Keep(ImageBuffer image)
        {
            Kept.Add(image);
            Copies.Add([.. image.Array]);
        }
    }

    private sealed record Odd : IDegradation
    {
        public static DegradationDescriptor Descriptor { get; } =
            DegradationDescriptor.Define<Odd>("odd", "Does as it likes.", (_, _) => new Odd { Oddity = Oddity.Input }, [], usesDepth: true);

        public Oddity Oddity { get; init; } = Oddity.Input;

        public string Name => "odd";

        string? IDegradation.Fault => Oddity == Oddity.Fault ? "its parameters quarrel." : null;

        public ImageBuffer Apply(ImageBuffer image, DegradationContext context)
        {
            switch (Oddity)
            {
                case Oddity.Null:
                    return null!;
                case Oddity.Smaller:
                    return new ImageBuffer(image.Channels, image.Height - 1, image.Width);
                case Oddity.Input:
                    return image;
                case Oddity.Depth:
                    return context.Depth!;
            }

            ImageBuffer result = image.Clone();
            result[0, 1, 2] = Oddity == Oddity.NaN ? float.NaN : float.PositiveInfinity;
            return result;
        }
    }
}
