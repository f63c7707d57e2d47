using Gir.Degradations.Tasks;
using Gir.Evaluation.Recipes;
using Gir.Imaging;
using Gir.Imaging.Random;
using Gir.Models.Training;

namespace Gir.Evaluation.Tests.Recipes;

public sealed class PictureSamplerTests
{
    private const int Draws = 400;

    private static readonly TrainingImage s_picture = new("a", Pictures.Gradient(40, 48).Quantized(), Depth: Ramp());

    [Test]
    public void The_clean_share_is_the_picture_itself()
    {
        var sampler = new PictureSampler(new RecipeSampling { Clean = 0.25 });
        int clean = Enumerable.Range(0, Draws).Count(i => ReferenceEquals(sampler.Degrade(s_picture, new((ulong)i)), s_picture.Clean));
        // The standard deviation of the count is 8.7.
        Assert.That(clean, Is.EqualTo(Draws / 4).Within(35));
    }

    [Test]
    public void Weather_and_operators_come_as_often_as_asked_for()
    {
        // Haze alone first, then damage alone: where nothing but haze was drawn, the picture is veiled and whole.
        var sampler = new PictureSampler(new RecipeSampling
        {
            Weather = 1,
            Operators = new Dictionary<string, double> { ["rain"] = 0, ["snow"] = 0, ["resize"] = 0, ["blur"] = 0, ["noise"] = 0, ["compression"] = 0, ["ringing"] = 0, ["algorithm-artifact"] = 0 },
        });
        int veiled = Enumerable.Range(0, Draws).Count(i => sampler.Degrade(s_picture, new((ulong)i)).Plane(0).ToArray().Min() > 0.05f);
        // k = 1 in a fifth of the draws; white lines leave the veil as bright as it is, black ones do not.
        Assert.That(veiled, Is.GreaterThan(Draws / 6));
        Assert.That(veiled, Is.LessThan(Draws));
    }

    [Test]
    public void Orders_come_as_often_as_asked_for()
    {
        // Lines of damage alone: each operator draws ten, so that three times as many samples are touched by three operators.
        var damage = new Dictionary<string, double> { ["resize"] = 0, ["blur"] = 0, ["noise"] = 0, ["compression"] = 0, ["ringing"] = 0, ["algorithm-artifact"] = 0 };
        double Touched(params double[] orders)
        {
            var sampler = new PictureSampler(new RecipeSampling { Weather = 0, Operators = damage, Orders = orders });
            return Enumerable.Range(0, 50).Average(i => sampler.Degrade(s_picture, new((ulong)i)).Samples.ToArray().Zip(s_picture.Clean.Samples.ToArray()).Count(p => p.First != p.Second));
        }

        double one = Touched(1, 0, 0, 0, 0);
        double five = Touched(0, 0, 0, 0, 1);
        Assert.That(five, Is.GreaterThan(one));
        Assert.That(Touched(1, 0, 0, 0, 1), Is.InRange(one + ((five - one) * 0.25), one + ((five - one) * 0.75)));
    }

    [Test]
    public void Samples_are_of_eight_bits_and_a_function_of_the_stream()
    {
        var sampler = new PictureSampler(new RecipeSampling());
        for (ulong i = 0; i < 40; i++)
        {
            ImageBuffer degraded = sampler.Degrade(s_picture, new(i));
            Assert.That(degraded.HasShapeOf(s_picture.Clean), Is.True);
            Assert.That(degraded.Samples.SequenceEqual(degraded.Quantized().Samples), Is.True);
            Assert.That(sampler.Degrade(s_picture, new(i)).Samples.SequenceEqual(degraded.Samples), Is.True);
        }
    }

    [Test]
    public void Fixed_tasks_keep_their_degradations()
    {
        TrainingRecipe recipe = new() { Name = "t", Tasks = ["9"], WholePictures = true, Patch = 16 };
        TrainingTask task = new TrainingTaskFactory([new RecipeImage("a", s_picture.Clean, s_picture.Depth)], recipe).Create(recipe.ResolveTasks())[0];
        DegradationTask haze = recipe.ResolveTasks()[0].Task!;
        ImageBuffer expected = haze.Pipeline.Degrade(s_picture.Clean, 0, depth: s_picture.Depth);
        Assert.That(task.PictureTransform!(task.Images[0], new(5)).Samples.ToArray(), Is.EqualTo(expected.Samples.ToArray()));
    }

    [Test]
    public void Tones_are_drawn_for_the_share_that_is_asked_for_and_keep_what_is_in_the_picture()
    {
        var sampler = new ToneSampler(0.5);
        ImageBuffer[] drawn = [.. Enumerable.Range(0, Draws).Select(i => sampler.Apply(s_picture, new((ulong)i)))];
        ImageBuffer[] redrawn = [.. drawn.Where(d => !ReferenceEquals(d, s_picture.Clean))];
        Assert.That(redrawn, Has.Length.EqualTo(Draws / 2).Within(40));
        Assert.That(redrawn.Select(d => d.Samples.ToArray().Average()).Max() - redrawn.Select(d => d.Samples.ToArray().Average()).Min(), Is.GreaterThan(0.3f));
        for (int i = 0; i < 40; i++)
        {
            ImageBuffer picture = drawn[i];
            Assert.That(sampler.Apply(s_picture, new((ulong)i)).Samples.SequenceEqual(picture.Samples), Is.True);
            Assert.That(picture.Samples.SequenceEqual(picture.Quantized().Samples), Is.True, "eight bits in [0, 1], as photographs have");
        }

        // What is brighter stays brighter: gray pictures know no saturation, so that the order of their samples shows it.
        ImageBuffer gray = new TrainingImage("g", s_picture.Depth!).Clean;
        ImageBuffer toned = new ToneSampler(1).Apply(new("g", gray), new(3));
        float[] byBrightness = [.. gray.Samples.ToArray().Zip(toned.Samples.ToArray()).OrderBy(p => p.First).Select(p => p.Second)];
        Assert.That(byBrightness, Is.Ordered);
    }

    [Test]
    public void Frames_are_lines_of_one_tone_at_the_edges_and_leave_the_rest()
    {
        var sampler = new FrameSampler(0.5);
        ImageBuffer clean = s_picture.Clean;
        ImageBuffer[] drawn = [.. Enumerable.Range(0, Draws).Select(i => sampler.Apply(s_picture, new((ulong)i)))];
        ImageBuffer[] framed = [.. drawn.Where(d => !ReferenceEquals(d, clean))];
        Assert.That(framed, Has.Length.EqualTo(Draws / 2).Within(40));
        Assert.That(sampler.Apply(s_picture, new(3)).Samples.SequenceEqual(drawn[3].Samples), Is.True);
        foreach (ImageBuffer picture in framed)
        {
            Assert.That(picture.Crop(5, 5, clean.Height - 10, clean.Width - 10).Samples.SequenceEqual(clean.Crop(5, 5, clean.Height - 10, clean.Width - 10).Samples), Is.True);
            float[][] sides = [.. Enumerable.Range(0, 3).Select(c => Inner(picture.Row(c, 0))), .. Enumerable.Range(0, 3).Select(c => Inner(picture.Row(c, clean.Height - 1)))];
            float[][] columns = [.. ((int[])[0, clean.Width - 1]).Select(x => Inner([.. Enumerable.Range(0, clean.Height).Select(y => picture.Row(0, y)[x])]))];
            Assert.That(sides.Concat(columns).Any(s => s.Distinct().Count() == 1), Is.True, "one side at least is of one tone");
        }

        // The corners may belong to another side.
        static float[] Inner(ReadOnlySpan<float> line) => line[5..^5].ToArray();
    }

    [Test]
    public void What_is_exposed_too_long_is_brighter_and_burns_out()
    {
        var sampler = new ExposureSampler(0.5);
        ImageBuffer clean = s_picture.Clean;
        ImageBuffer[] drawn = [.. Enumerable.Range(0, Draws).Select(i => sampler.Apply(s_picture, new((ulong)i)))];
        ImageBuffer[] exposed = [.. drawn.Where(d => !ReferenceEquals(d, clean))];
        Assert.That(exposed, Has.Length.EqualTo(Draws / 2).Within(40));
        foreach (ImageBuffer picture in exposed)
        {
            Assert.That(picture.Samples.SequenceEqual(picture.Quantized().Samples), Is.True, "eight bits in [0, 1], as photographs have");
            Assert.That(picture.Samples.ToArray().Zip(clean.Samples.ToArray()), Is.All.Matches<(float Exposed, float Clean)>(p => p.Exposed >= Math.Min(1.1f * p.Clean, 1) - 0.002f && p.Exposed <= (2 * p.Clean) + 0.002f));
        }
    }

    [Test]
    public void What_is_degraded_is_the_picture_exposed_in_its_new_tone_and_frame()
    {
        TrainingRecipe recipe = new() { Name = "t", Tasks = ["9"], WholePictures = true, Patch = 40, Sampling = new() { Overexposed = 1, Tones = 1, Frames = 1 } };
        TrainingTask task = new TrainingTaskFactory([new RecipeImage("a", s_picture.Clean, s_picture.Depth)], recipe).Create(recipe.ResolveTasks())[0];
        var random = new PhiloxRandom(7);
        ImageBuffer exposed = new ExposureSampler(1).Apply(s_picture, random);
        ImageBuffer toned = new ToneSampler(1).Apply(s_picture with { Clean = exposed }, random);
        ImageBuffer expected = new FrameSampler(1).Apply(s_picture with { Clean = toned }, random);
        Assert.That(task.PictureAugmentation!(s_picture, new(7)).Samples.SequenceEqual(expected.Samples), Is.True);
    }

    [Test]
    public void What_is_degraded_is_the_picture_in_its_new_tone()
    {
        TrainingRecipe recipe = new() { Name = "t", Tasks = ["9"], WholePictures = true, Patch = 40, Sampling = new() { Tones = 1 } };
        IReadOnlyList<TrainingTask> tasks = new TrainingTaskFactory([new RecipeImage("a", s_picture.Clean, s_picture.Depth)], recipe).Create(recipe.ResolveTasks());
        var source = new PatchPairSource(tasks, new PatchPairOptions { PatchSize = 40, BatchSize = 1, Augment = false });
        for (long step = 0; step < 5; step++)
        {
            PatchBatch batch = source.Get(step);
            float[] clean = batch.Clean.ToArray();
            // Haze goes toward its airlight, 1 - t of the way: with the old tone below, no single t would fit each row.
            Assert.That(clean, Is.Not.EqualTo(s_picture.Clean.Crop(0, 0, 40, 40).Samples.ToArray()));
            Assert.That(batch.Degraded.ToArray().Zip(clean), Is.All.Matches<(float Degraded, float Clean)>(p => p.Degraded >= p.Clean - 0.11f), "brighter than what it veils, up to the airlight");
        }
    }

    [Test]
    public void Recipes_say_it_in_json_and_refuse_what_cannot_be()
    {
        TrainingRecipe recipe = TrainingRecipe.FromJson("""{"name":"a","wholePictures":true,"sampling":{"clean":0.1,"weather":0.5,"tones":0.3,"overexposed":0.1,"frames":0.2,"windows":0.6,"turned":0.4,"orders":[3,2,1,1,0.5],"operators":{"rain":2}}}""");
        Assert.That((recipe.WholePictures, recipe.Sampling.Clean, recipe.Sampling.Weather, recipe.Sampling.Tones, recipe.Sampling.Operators["rain"]), Is.EqualTo((true, 0.1, 0.5, 0.3, 2.0)));
        Assert.That((recipe.Sampling.Overexposed, recipe.Sampling.Frames, recipe.Sampling.Windows, recipe.Sampling.Turned), Is.EqualTo((0.1, 0.2, 0.6, 0.4)));
        Assert.That(recipe.Sampling.Orders, Is.EqualTo((double[])[3, 2, 1, 1, 0.5]));
        Assert.That(TrainingRecipe.FromJson(recipe.ToJson()).ToJson(), Is.EqualTo(recipe.ToJson()));
        Assert.Multiple(() =>
        {
            Refused("""{"name":"a","sampling":{"clean":0.1}}""", "wholePictures");
            Refused("""{"name":"a","wholePictures":true,"sampling":{"clean":1}}""", "sampling.clean");
            Refused("""{"name":"a","wholePictures":true,"sampling":{"tones":1.5}}""", "sampling.tones");
            Refused("""{"name":"a","wholePictures":true,"sampling":{"overexposed":2}}""", "sampling.overexposed");
            Refused("""{"name":"a","wholePictures":true,"sampling":{"frames":-1}}""", "sampling.frames");
            Refused("""{"name":"a","wholePictures":true,"sampling":{"windows":-0.1}}""", "sampling.windows");
            Refused("""{"name":"a","wholePictures":true,"sampling":{"turned":1.1}}""", "sampling.turned");
            Refused("""{"name":"a","wholePictures":true,"sampling":{"orders":[1,1]}}""", "sampling.orders");
            Refused("""{"name":"a","wholePictures":true,"sampling":{"orders":[0,0,0,0,0]}}""", "sampling.orders");
            Refused("""{"name":"a","wholePictures":true,"sampling":{"orders":[1,1,1,1,-1]}}""", "sampling.orders");
            Refused("""{"name":"a","wholePictures":true,"sampling":{"operators":{"fog":1}}}""", "fog");
            Refused("""{"name":"a","wholePictures":true,"sampling":{"operators":{"rain":0,"snow":0,"haze":0}}}""", "weather");
            Refused("""{"name":"a","wholePictures":1}""", "wholePictures");
        });
    }

    private static void Refused(string json, string word) =>
        Assert.That(() => TrainingRecipe.FromJson(json), Throws.TypeOf<EvaluationException>().With.Message.Contains(word), json);

    private static ImageBuffer Ramp()
    {
        var depth = new ImageBuffer(1, 40, 48);
        for (int i = 0; i < depth.Array.Length; i++)
            depth.Array[i] = 1 - (i / 48 / 50f);
        return depth;
    }
}
