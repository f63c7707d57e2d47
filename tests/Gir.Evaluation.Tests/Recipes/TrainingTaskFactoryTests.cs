using Gir.Evaluation.Recipes;
using Gir.Imaging;
using Gir.Models.Training;

namespace Gir.Evaluation.Tests.Recipes;

public sealed class TrainingTaskFactoryTests
{
    private static readonly RecipeImage[] s_images =
    [
        .. Enumerable.Range(1, 3).Select(i => new RecipeImage($"image{i}", Pictures.Gradient(40, 48, (ulong)i).Quantized(), Ramp(40, 48))),
    ];

    [Test]
    public void Weather_is_applied_to_whole_images_and_the_rest_to_patches()
    {
        // 15: haze + noise; 1: resize; 8: rain alone.
        IReadOnlyList<TrainingTask> tasks = Create("15,1,8");

        Assert.That(tasks.Select(t => t.Name), Is.EqualTo(new[] { "15", "1", "8" }));
        Assert.That(tasks[0].Images, Has.All.Matches<TrainingImage>(i => i!.Prepared is not null && !i.Prepared.Samples.SequenceEqual(i.Clean.Samples)));
        Assert.That(tasks[0].Images, Has.Count.EqualTo(3), "haze draws nothing, so variants would be equal");
        Assert.That(tasks[0].Transform, Is.Not.Null);
        Assert.That(tasks[1].Images, Has.Count.EqualTo(3).And.All.Matches<TrainingImage>(i => i!.Prepared is null));
        Assert.That(tasks[2].Images, Has.Count.EqualTo(3 * 8).And.All.Matches<TrainingImage>(i => i!.Prepared is not null));
        Assert.That(tasks[2].Transform, Is.Null);
        Assert.That(tasks[2].Images.Select(i => i.Name), Is.Unique);
    }

    [Test]
    public void Fixed_tasks_have_equal_weight() => Assert.That(Create("representative").Select(t => t.Weight), Is.All.EqualTo(1.0).And.Exactly(50).Items);

    [Test]
    public void Tasks_have_the_weights_of_the_recipe([Values] bool wholePictures)
    {
        var recipe = new TrainingRecipe { Name = "a", WholePictures = wholePictures, TaskWeights = new Dictionary<string, double> { ["gir"] = 3, ["5"] = 0.5 } };
        IReadOnlyList<TrainingTask> tasks = Create(recipe, ["gir", "4-5"], 2);
        Assert.That(tasks.Where(t => t.Name.StartsWith("gir", StringComparison.Ordinal)).Sum(t => t.Weight), Is.EqualTo(3).Within(1e-12));
        Assert.That(tasks.Where(t => t.Name is "4" or "5").Select(t => t.Weight), Is.EqualTo(new[] { 1, 0.5 }));
    }

    [Test]
    public void Tasks_that_begin_with_the_same_weather_share_its_images()
    {
        // Both begin with haze.
        IReadOnlyList<TrainingTask> tasks = Create("15,25");

        Assert.That(tasks[0].Images, Is.SameAs(tasks[1].Images));
    }

    [Test]
    public void Random_tasks_begin_with_each_weather_in_a_tenth_of_all_cases()
    {
        IReadOnlyList<TrainingTask> tasks = Create("gir");

        Assert.That(tasks.Select(t => t.Name), Is.EqualTo(new[] { "gir", "gir after rain", "gir after haze", "gir after snow" }));
        Assert.That(tasks.Select(t => t.Weight), Is.EqualTo(new[] { 0.7, 0.1, 0.1, 0.1 }).Within(1e-12));
        Assert.That(tasks[0].Images, Has.All.Matches<TrainingImage>(i => i!.Prepared is null));
        Assert.That(tasks.Skip(1).SelectMany(t => t.Images), Has.All.Matches<TrainingImage>(i => i!.Prepared is not null));
    }

    [Test]
    public void After_weather_nothing_is_added_in_a_fifth_of_all_cases()
    {
        // k = 1 of 1..5, with 1/5 each; all other operators change this patch.
        TrainingTask rain = Create("gir")[1];
        const int Draws = 600;
        int unchanged = 0;
        for (ulong i = 0; i < Draws; i++)
        {
            ImageBuffer patch = Patch();
            unchanged += rain.Transform!(patch, new(i)).Samples.SequenceEqual(patch.Samples) ? 1 : 0;
        }

        // The standard deviation of the count is 9.8.
        Assert.That(unchanged, Is.EqualTo(Draws / 5).Within(40));
    }

    [Test]
    public void Patches_are_rounded_to_8_bits_and_keep_their_size()
    {
        foreach (TrainingTask task in Create("representative", "gir"))
        {
            ImageBuffer degraded = task.Transform?.Invoke(Patch(), new(5)) ?? task.Images[0].Prepared!;
            Assert.That(degraded.Samples.SequenceEqual(degraded.Quantized().Samples), Is.True, task.Name);
            if (task.Transform is not null)
                Assert.That((degraded.Height, degraded.Width), Is.EqualTo((24, 24)), task.Name);
        }
    }

    [Test]
    public void The_same_seed_gives_the_same_pairs_for_any_number_of_threads()
    {
        PatchBatch one = Source(seed: 3, threads: 1).Get(7);
        PatchBatch three = Source(seed: 3, threads: 3).Get(7);

        Assert.That(one.Degraded.SequenceEqual(three.Degraded), Is.True);
        Assert.That(one.Clean.SequenceEqual(three.Clean), Is.True);
        Assert.That(one.Degraded.SequenceEqual(Source(seed: 4, threads: 1).Get(7).Degraded), Is.False);
    }

    [Test]
    public void In_a_frame_damage_covers_no_more_of_a_patch_than_of_an_image()
    {
        // 5 is damage alone: ten lines, each crossing half the frame and 9 pixels wide.
        double Covered(int? frame)
        {
            ImageTransform damage = Create(new TrainingRecipe { Name = "a", DamageFrame = frame }, ["5"], 1)[0].Transform!;
            double changed = 0;
            for (ulong i = 0; i < 50; i++)
            {
                ImageBuffer patch = Patch();
                ReadOnlySpan<float> damaged = damage(patch, new(i)).Samples;
                for (int j = 0; j < damaged.Length; j++)
                    changed += damaged[j] != patch.Samples[j] ? 1.0 / damaged.Length / 50 : 0;
            }

            return changed;
        }

        Assert.That(Covered(224), Is.InRange(0.1, 0.3));
        Assert.That(Covered(null), Is.GreaterThan(0.7));
    }

    [Test]
    public void Where_memory_is_short_fewer_images_get_weather()
    {
        RecipeImage[] large = [.. Enumerable.Range(1, 4).Select(i => new RecipeImage($"large{i}", new ImageBuffer(3, 1024, 1024)))];
        var recipe = new TrainingRecipe { Name = "a", WeatherMemory = 30 };

        IReadOnlyList<TrainingTask> tasks = new TrainingTaskFactory(large, recipe).Create(RecipeTask.Parse("8"));

        Assert.That(tasks[0].Images, Has.Count.EqualTo(2), "12 MiB each");
    }

    private static IReadOnlyList<TrainingTask> Create(params string[] tasks) => Create(new TrainingRecipe { Name = "a", DamageFrame = 64 }, tasks, 2);

    private static IReadOnlyList<TrainingTask> Create(TrainingRecipe recipe, string[] tasks, int threads) =>
        new TrainingTaskFactory(s_images, recipe, new Parallelism(threads)).Create([.. tasks.SelectMany(RecipeTask.Parse)]);

    private static PatchPairSource Source(ulong seed, int threads) => new(
        Create(new TrainingRecipe { Name = "a", Seed = seed }, ["gir", "8"], threads), new PatchPairOptions { PatchSize = 24, BatchSize = 6, Seed = seed });

    private static ImageBuffer Patch() => Pictures.Gradient(24, 24, 9).Quantized();

    private static ImageBuffer Ramp(int height, int width)
    {
        var depth = new ImageBuffer(1, height, width);
        for (int y = 0; y < height; y++)
            depth.Row(0, y).Fill(1 - (0.9f * y / height));
        return depth;
    }
}
