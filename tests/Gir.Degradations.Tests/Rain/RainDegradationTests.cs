using Gir.Degradations.Rain;
using Gir.Imaging;
using Gir.Imaging.Random;

namespace Gir.Degradations.Tests.Rain;

[TestFixture]
public sealed class RainDegradationTests
{
    [Test]
    public void Width_length_and_angle_are_drawn_from_the_published_values()
    {
        var drawn = new Dictionary<string, List<double>> { ["width"] = [], ["length"] = [], ["angle"] = [] };
        ImageBuffer image = Patches.Flat(1, 4, 4, 0.5f);
        for (ulong seed = 0; seed < 2000; seed++)
            new RainDegradation().Apply(image, new DegradationContext(seed) { OnDrawn = (name, value) => drawn[name].Add(value) });
        Assert.That(drawn["width"].Distinct().Order(), Is.EqualTo(new double[] { 3, 5, 7, 9, 11 }));
        Assert.That(drawn["length"].Distinct().Order(), Is.EqualTo(Enumerable.Range(20, 21).Select(v => (double)v)));
        Assert.That(drawn["angle"].Distinct().Order(), Is.EqualTo(Enumerable.Range(-45, 90).Select(v => (double)v)));
    }

    [Test]
    public void Giving_the_drawn_values_gives_the_same_pixels_and_draws_nothing()
    {
        ImageBuffer image = Patches.Random(3, 60, 90, 2);
        var drawn = new Dictionary<string, double>();
        ImageBuffer expected = new RainDegradation().Apply(image, new DegradationContext(5) { OnDrawn = drawn.Add });
        var given = new RainDegradation { Width = (int)drawn["width"], Length = (int)drawn["length"], Angle = (int)drawn["angle"] };
        var silent = new DegradationContext(5) { OnDrawn = (name, _) => Assert.Fail($"{name} was drawn") };
        Assert.That(given.Apply(image, silent).Array, Is.EqualTo(expected.Array));
    }

    [Test]
    public void The_share_of_bright_pixels_is_strength_over_25600()
    {
        const double Strength = 100;
        var noise = new double[1_000_000];
        Philox4x32.FillUniform(noise, 3, RainDegradation.NoiseStream);
        for (int i = 0; i < noise.Length; i++)
            noise[i] *= 256;
        int kept = RainStreaks.Keep(noise, RainStreaks.Threshold(Strength)).Columns.Length;
        double expected = noise.Length * Strength / 25600;
        Assert.That(kept, Is.EqualTo(expected).Within(6 * Math.Sqrt(expected)));
    }

    [Test]
    public void Rain_adds_light_at_every_channel_alike_and_reaches_white()
    {
        ImageBuffer black = new(3, 120, 120);
        ImageBuffer result = new RainDegradation().Apply(black, new DegradationContext(1));
        Assert.That(result.Plane(1).ToArray(), Is.EqualTo(result.Plane(0).ToArray()));
        Assert.That(result.Plane(2).ToArray(), Is.EqualTo(result.Plane(0).ToArray()));
        Assert.That(result.Array.Max(), Is.EqualTo(1f), "stretched to 0..255");
        Assert.That(result.Array, Is.All.Matches<float>(v => Math.Abs((v * 255) - MathF.Round(v * 255)) < 1e-4), "whole levels");
    }

    [Test]
    public void Streaks_lean_with_the_angle()
    {
        // The lag of the best match between a row and one eight rows lower tells the slope.
        Assert.That(Lean(0), Is.Zero);
        Assert.That(Lean(45), Is.EqualTo(8).Within(1));
        Assert.That(Lean(-45), Is.EqualTo(-8).Within(1));

        static int Lean(int angle)
        {
            ImageBuffer rain = new RainDegradation { Angle = angle, Length = 40, Width = 3 }.Apply(new ImageBuffer(1, 200, 200), new DegradationContext(2));
            int best = 0;
            double most = -1;
            for (int lag = -12; lag <= 12; lag++)
            {
                double match = 0;
                for (int y = 0; y < 192; y++)
                {
                    for (int x = 12; x < 188; x++)
                        match += rain[0, y, x] * rain[0, y + 8, x + lag];
                }

                (best, most) = match > most ? (lag, match) : (best, most);
            }

            return best;
        }
    }

    [Test]
    public void Screen_never_brightens_beyond_add()
    {
        ImageBuffer image = Patches.Random(3, 64, 64, 4);
        var context = new DegradationContext(3);
        ImageBuffer added = new RainDegradation().Apply(image, context);
        ImageBuffer screened = new RainDegradation { Blend = RainBlend.Screen }.Apply(image, context);
        for (int i = 0; i < image.Samples.Length; i++)
        {
            Assert.That(screened.Samples[i], Is.LessThanOrEqualTo(added.Samples[i] + 1e-6f));
            Assert.That(screened.Samples[i], Is.GreaterThanOrEqualTo(image.Samples[i] - 1e-6f));
        }
    }

    [Test]
    public void Drops_change_the_image_where_they_are_and_keep_it_in_range()
    {
        ImageBuffer image = Patches.Random(3, 96, 96, 4);
        var context = new DegradationContext(3);
        ImageBuffer dry = new RainDegradation().Apply(image, context);
        ImageBuffer wet = new RainDegradation { Drops = 12 }.Apply(image, context);
        int changed = wet.Array.Zip(dry.Array).Count(p => p.First != p.Second);
        Assert.That(changed, Is.InRange(300, wet.Samples.Length / 2));
        Assert.That(wet.Array, Is.All.InRange(0f, 1f));
    }

    [Test]
    public void The_result_does_not_depend_on_threads([Values(1, 3)] int channels)
    {
        ImageBuffer image = Patches.Random(channels, 130, 75, 1);
        TestImages.AssertThreadsDoNotMatter(new RainDegradation { Strength = 400 }, image, null);
        TestImages.AssertThreadsDoNotMatter(new RainDegradation { Drops = 40, Blend = RainBlend.Screen }, image, null);
    }

    [Test]
    public void Tiny_images_work([Values(1, 2, 3, 9)] int height, [Values(1, 2, 20)] int width)
    {
        ImageBuffer image = Patches.Random(3, height, width, 8);
        ImageBuffer result = new RainDegradation { Strength = 1000, Drops = 2 }.Apply(image, new DegradationContext(6));
        Assert.That(result.HasShapeOf(image), Is.True);
        Assert.That(result.Array, Is.All.InRange(0f, 1f));
    }

    [Test]
    public void No_rain_leaves_the_image()
    {
        ImageBuffer image = Patches.Random(3, 30, 30, 8);
        Assert.That(new RainDegradation { Strength = 0 }.Apply(image, new DegradationContext(6)).Array, Is.EqualTo(image.Array));
    }

    [Test]
    public void Expressions_carry_given_and_drawn_values()
    {
        var parsed = (RainDegradation)DegradationPipeline.Parse("rain(strength=50, width=7, length=30, angle=-12, blend=screen, drops=3)").Operators[0];
        Assert.That(parsed, Is.EqualTo(
            new RainDegradation { Strength = 50, Width = 7, Length = 30, Angle = -12, Blend = RainBlend.Screen, Drops = 3 }));
        Assert.That(DegradationPipeline.Parse("rain(width=0, length=0, angle=180)").Operators[0], Is.EqualTo(new RainDegradation()));
        Assert.That(new DegradationPipeline([new RainDegradation()]).ToExpression(), Is.EqualTo("rain"));
    }

    [TestCase("rain(width=4)", "odd")]
    [TestCase("rain(length=3)", "5..90")]
    [TestCase("rain(angle=120)", "-90..90")]
    [TestCase("rain(strength=-1)", "strength")]
    public void Values_out_of_range_are_refused(string expression, string hint) =>
        Assert.That(() => DegradationPipeline.Parse(expression), Throws.TypeOf<DegradationException>().With.Message.Contains(hint));

    [Test]
    public void The_random_operator_has_strength_50_to_100()
    {
        var random = new PhiloxRandom(2);
        double[] drawn = [.. Enumerable.Range(0, 3000).Select(_ => ((RainDegradation)RainDegradation.Descriptor.Sample(random)).Strength)];
        Assert.That(drawn.Distinct().Order(), Is.EqualTo(Enumerable.Range(50, 51).Select(v => (double)v)));
    }

    [Test]
    public void The_record_replays_every_pixel()
    {
        ImageBuffer image = Patches.Random(3, 40, 44, 3);
        DegradationResult result = DegradationPipeline.Parse("rain(drops=5) + noise").Apply(image, 77, "a.png");
        DegradationRecord record = DegradationRecord.FromJson(result.Record.ToJson());
        Assert.That(record.Replay(image, parallelism: new Parallelism(2)).Array, Is.EqualTo(result.Image.Array));
    }
}
