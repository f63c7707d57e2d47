using Gir.Degradations.Depth;
using Gir.Degradations.Haze;
using Gir.Degradations.Snow;
using Gir.Imaging;
using Gir.Imaging.Random;

namespace Gir.Degradations.Tests.Haze;

[TestFixture]
public sealed class HazeDegradationTests
{
    // Closed form in float64 against float32.
    private const double FloatTolerance = 2e-6;

    [TestCase("haze.A0.9.b1.8", 0.9, 1.8)]
    [TestCase("haze.A0.8.b0.5", 0.8, 0.5)]
    [TestCase("haze.A1.b2.5", 1, 2.5)]
    public void Haze_equals_the_closed_form(string name, double airlight, double beta) => CheckHaze(Goldens.Synthetic, name, airlight, beta);

    [TestCase("snow.A0.9.b0.75", 0.9, 0.75)]
    [TestCase("snow.A0.95.b1", 0.95, 1)]
    public void Snow_with_a_given_mask_equals_the_closed_form(string name, double airlight, double beta) => CheckSnow(Goldens.Synthetic, name, airlight, beta);

    [Test]
    [Category(TestData.RealData)]
    public void Haze_and_snow_equal_the_closed_form_on_photographs()
    {
        CheckHaze(Goldens.Photographs, "haze.A0.9.b1.8", 0.9, 1.8);
        CheckHaze(Goldens.Photographs, "haze.A0.8.b0.5", 0.8, 0.5);
        CheckHaze(Goldens.Photographs, "haze.A1.b2.5", 1, 2.5);
        CheckSnow(Goldens.Photographs, "snow.A0.9.b0.75", 0.9, 0.75);
        CheckSnow(Goldens.Photographs, "snow.A0.95.b1", 0.95, 1);
    }

    [Test]
    public void Without_depth_the_error_names_the_ways_to_give_it([Values("haze", "snow")] string name)
    {
        IDegradation degradation = DegradationCatalog.Find(name).Create();
        Assert.That(
            () => degradation.Apply(Patches.Flat(3, 8, 8, 0.5f), new DegradationContext(1)),
            Throws.TypeOf<DegradationException>().With.Message.Contains(name).And.Message.Contains("DepthMapFolder")
                .And.Message.Contains("HeuristicDepthEstimator").And.Message.Contains("Scene.Depth").And.Message.Contains("1 x 8 x 8"));
    }

    [Test]
    public void Depth_of_another_size_is_refused()
    {
        var context = new DegradationContext(1) { Depth = Patches.Flat(1, 8, 9, 1) };
        Assert.That(
            () => new HazeDegradation().Apply(Patches.Flat(3, 8, 8, 0.5f), context),
            Throws.TypeOf<DegradationException>().With.Message.Contains("1 x 8 x 9").And.Message.Contains("3 x 8 x 8"));
    }

    [TestCase(1.5f)]
    [TestCase(-0.1f)]
    [TestCase(float.NaN)]
    [TestCase(float.PositiveInfinity)]
    public void Depth_that_is_not_relative_is_refused(float sample)
    {
        ImageBuffer depth = Patches.Flat(1, 8, 40, 0.5f);
        depth[0, 3, 37] = sample;
        Assert.That(
            () => new HazeDegradation().Apply(Patches.Flat(3, 8, 40, 0.5f), new DegradationContext(1) { Depth = depth }),
            Throws.TypeOf<DegradationException>().With.Message.Contains("0..1"));
    }

    [Test]
    public void Random_parameters_are_of_the_published_ranges()
    {
        var random = new PhiloxRandom(5);
        for (int i = 0; i < 500; i++)
        {
            var haze = (HazeDegradation)HazeDegradation.Descriptor.Sample(random);
            var snow = (SnowDegradation)SnowDegradation.Descriptor.Sample(random);
            Assert.That(haze.Airlight, Is.InRange(0.8, 1.0));
            Assert.That(haze.Beta, Is.InRange(0.5, 2.5));
            Assert.That(snow.Airlight, Is.InRange(0.8, 0.95));
            Assert.That(snow.Beta, Is.InRange(0.5, 1.0));
            foreach (double value in new[] { haze.Airlight, haze.Beta, snow.Airlight, snow.Beta })
                Assert.That(value * 100, Is.EqualTo(Math.Round(value * 100)).Within(1e-9));
        }
    }

    [Test]
    public void The_result_does_not_depend_on_threads([Values(1, 3)] int channels) =>
        TestImages.AssertThreadsDoNotMatter(new HazeDegradation(), Patches.Random(channels, 130, 75, 1), TestImages.Depth(130, 75));

    [Test]
    public void One_pixel_is_an_image()
    {
        var context = new DegradationContext(1) { Depth = Patches.Flat(1, 1, 1, 1) };
        float t = MathF.Exp(-1.8f);
        Assert.That(new HazeDegradation().Apply(Patches.Flat(1, 1, 1, 0.5f), context)[0, 0, 0], Is.EqualTo((0.5f * t) + (0.9f * (1 - t))).Within(1e-6));
    }

    [Test]
    public void A_pipeline_estimates_depth_and_the_record_replays_it()
    {
        ImageBuffer image = Patches.Random(3, 40, 44, 3);
        var estimator = new HeuristicDepthEstimator();
        DegradationResult result = DegradationPipeline.Parse("haze + blur").Apply(image, 77, estimator: estimator);
        DegradationRecord record = DegradationRecord.FromJson(result.Record.ToJson());
        Assert.That(record.Replay(image, estimator: estimator).Array, Is.EqualTo(result.Image.Array));
    }

    private static void CheckHaze(Func<string, string> folder, string name, double airlight, double beta)
    {
        SafeTensors golden = SafeTensors.Load(folder("haze_snow.safetensors"));
        ImageBuffer result = new HazeDegradation { Airlight = airlight, Beta = beta }.Apply(Images.FromGolden(golden, "haze.input.u8"), Context(golden));
        Assert.That(Images.MaxDifference(Images.Interleave(result), golden.Doubles(name + ".f64")), Is.LessThan(FloatTolerance));
        Goldens.AssertSameLevels(result, golden.Bytes(name + ".u8"));
    }

    private static void CheckSnow(Func<string, string> folder, string name, double airlight, double beta)
    {
        SafeTensors golden = SafeTensors.Load(folder("haze_snow.safetensors"));
        SnowDegradation snow = SnowDegradation.FromMasks(SnowMasks.FromImage(Images.FromGolden(golden, "snow.mask.f64"))) with { Airlight = airlight, Beta = beta };
        ImageBuffer result = snow.Apply(Images.FromGolden(golden, "haze.input.u8"), Context(golden));
        Assert.That(Images.MaxDifference(Images.Interleave(result), golden.Doubles(name + ".f64")), Is.LessThan(FloatTolerance));
    }

    private static DegradationContext Context(SafeTensors golden) => new(1) { Depth = Images.FromGolden(golden, "haze.depth.f64") };
}
