using Gir.Imaging;
using Gir.Imaging.Random;

namespace Gir.Degradations.Tests;

/// <summary>What holds for each of the ten operators, and for whatever is composed of them.</summary>
public sealed class EveryOperatorTests
{
    private static IEnumerable<string> Names() => DegradationCatalog.All.Select(d => d.Name);

    [Test]
    public void There_are_ten_of_which_three_are_weather()
    {
        Assert.That(Names(), Is.EquivalentTo(new[]
        {
            "resize", "blur", "noise", "compression", "ringing", "algorithm-artifact", "damage", "rain", "haze", "snow",
        }));
        Assert.That(DegradationCatalog.All.Where(d => d.IsWeather).Select(d => d.Name), Is.EquivalentTo(new[] { "rain", "haze", "snow" }));
        Assert.That(DegradationCatalog.All.Where(d => d.UsesDepth).Select(d => d.Name), Is.EquivalentTo(new[] { "haze", "snow" }));
    }

    [TestCaseSource(nameof(Names))]
    public void Defaults_random_operators_and_descriptions_agree(string name)
    {
        DegradationDescriptor descriptor = DegradationCatalog.Find(name);
        Assert.That(descriptor.Describe(descriptor.Create()).Values.Select(v => v.Value), Is.EqualTo(descriptor.Parameters.Select(p => p.Default)));
        Assert.That(descriptor.Create().Name, Is.EqualTo(name));
        var random = new PhiloxRandom(1);
        for (int i = 0; i < 100; i++)
        {
            IDegradation drawn = descriptor.Sample(random, (RandomRange)(i % 2));
            DegradationParameterSet values = descriptor.Describe(drawn);
            Assert.That(descriptor.Parameters.All(p => p.Accepts(values[p.Name])));
            Assert.That(descriptor.Create(values), Is.EqualTo(drawn));
        }
    }

    [Test]
    public void A_replay_rebuilds_every_pixel_of_every_operator([ValueSource(nameof(Names))] string name, [Values(1, 3)] int channels)
    {
        (ImageBuffer clean, ImageBuffer depth) = (TestImages.Random(channels, 45, 66), TestImages.Depth(45, 66));
        var random = new PhiloxRandom(7);
        foreach (Quantization quantization in Enum.GetValues<Quantization>())
        {
            IDegradation[] steps = [DegradationCatalog.Find(name).Sample(random), DegradationCatalog.Find("noise").Sample(random)];
            var pipeline = new DegradationPipeline(steps, new DegradationPipelineOptions { Quantization = quantization });
            DegradationResult result = pipeline.Apply(clean, 12345678901234567890, "kodim07.png", depth);
            DegradationRecord record = DegradationRecord.FromJson(result.Record.ToJson());
            Assert.That(record.Replay(clean, depth).Array, Is.EqualTo(result.Image.Array));
            Assert.That(pipeline.Degrade(clean, 12345678901234567891, "kodim07.png", depth).Array, Is.Not.EqualTo(result.Image.Array));
        }
    }

    [Test]
    public void Results_are_the_same_for_any_number_of_threads()
    {
        // Large enough for several ranges of rows or samples per operator.
        (ImageBuffer clean, ImageBuffer depth) = (TestImages.Random(3, 150, 131), TestImages.Depth(150, 131));
        string[] expressions =
        [
            "snow + damage + blur + noise + compression",
            "rain + ringing + resize + algorithm-artifact + noise(kind=poisson, gray=true)",
            "haze + blur(kind=plateau) + noise(kind=salt-and-pepper) + compression(subsampling=chroma444) + noise(kind=speckle)",
        ];
        foreach (string expression in expressions)
        {
            DegradationPipeline pipeline = DegradationPipeline.Parse(expression);
            float[] reference = pipeline.Degrade(clean, 3, "", depth, null, new Parallelism(1)).Array;
            Assert.That(pipeline.Degrade(clean, 3, "", depth, null, new Parallelism(2)).Array, Is.EqualTo(reference), expression);
            Assert.That(pipeline.Degrade(clean, 3, "", depth, null, new Parallelism(3)).Array, Is.EqualTo(reference), expression);
        }
    }

    [TestCaseSource(nameof(Names))]
    public void Images_too_small_or_of_other_channels_are_refused_or_degraded_but_never_crash(string name)
    {
        IDegradation degradation = DegradationCatalog.Find(name).Create();
        foreach ((int channels, int height, int width) in new[] { (1, 1, 1), (3, 1, 9), (3, 9, 1), (1, 3, 3), (3, 8, 8), (2, 32, 32), (4, 32, 32), (7, 2, 2) })
        {
            ImageBuffer image = TestImages.Random(channels, height, width);
            float[] before = [.. image.Array];
            try
            {
                ImageBuffer result = degradation.Apply(image, new DegradationContext(1) { Depth = TestImages.Depth(height, width) });
                Assert.That(result.HasShapeOf(image) && channels is 1 or 3);
                Assert.That(result.Array, Is.Not.SameAs(image.Array));
            }
            catch (DegradationException exception)
            {
                Assert.That(exception.Message, Does.Contain($"{channels}").Or.Contain($"{height} x {width}"));
            }

            Assert.That(image.Array, Is.EqualTo(before));
        }
    }

    [TestCaseSource(nameof(Names))]
    public void A_canceled_token_stops_the_pipeline(string name)
    {
        var pipeline = new DegradationPipeline([DegradationCatalog.Find(name).Create()]);
        Assert.That(
            () => pipeline.Apply(TestImages.Random(1, 32, 32), 1, depth: TestImages.Depth(32, 32), cancellationToken: new CancellationToken(true)),
            Throws.InstanceOf<OperationCanceledException>());
    }

    [TestCaseSource(nameof(Names))]
    public void Levels_of_8_bits_and_samples_that_are_not_finite_are_refused(string name)
    {
        IDegradation degradation = DegradationCatalog.Find(name).Create();
        foreach ((float value, string hint) in new[] { (128f, "Divide levels of 0..255 by 255 first."), (float.NaN, "expected finite samples"), (float.PositiveInfinity, "expected finite samples") })
        {
            ImageBuffer image = TestImages.Random(3, 32, 40);
            image[1, 5, 7] = value;
            Assert.That(() => degradation.Apply(image, new DegradationContext(1) { Depth = TestImages.Depth(32, 40) }), IsRefused());
            Assert.That(() => new DegradationPipeline([degradation]).Degrade(image, 1, depth: TestImages.Depth(32, 40)), IsRefused());
            if (degradation is IInPlaceDegradation inPlace)
                Assert.That(() => inPlace.ApplyInPlace(image, new DegradationContext(1)), IsRefused());

            NUnit.Framework.Constraints.IResolveConstraint IsRefused() => Throws.TypeOf<DegradationException>()
                .With.Message.Contains($"holds {value} at channel 1, row 5, column 7").And.Message.Contains(hint);
        }
    }

    [Test]
    public void Overshoot_passes_from_operator_to_operator()
    {
        ImageBuffer image = TestImages.Random(1, 40, 40);
        image[0, 3, 3] = 1.4f;
        image[0, 4, 4] = -0.4f;
        Assert.That(() => DegradationPipeline.Parse("ringing + ringing + ringing", new DegradationPipelineOptions { Quantization = Quantization.None }).Apply(image, 1), Throws.Nothing);
    }

    [Test]
    public void Samples_that_are_not_finite_are_refused_where_they_are([Values(float.NaN, float.PositiveInfinity, float.NegativeInfinity)] float value)
    {
        ImageBuffer image = TestImages.Random(3, 32, 40);
        image.Row(1, 5)[7] = value;
        DegradationPipeline pipeline = DegradationPipeline.Parse("blur + noise");
        Assert.That(() => pipeline.Apply(image, 1), Throws.TypeOf<DegradationException>().With.Message.Contains("channel 1, row 5, column 7"));
        Assert.That(() => pipeline.Degrade(image, 1), Throws.TypeOf<DegradationException>());
        Assert.That(() => new Gir.Degradations.Depth.HeuristicDepthEstimator().Estimate(image), Throws.TypeOf<DegradationException>());
    }
}
