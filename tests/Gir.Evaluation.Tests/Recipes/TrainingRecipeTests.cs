using Gir.Evaluation.Recipes;
using Gir.Imaging;
using Gir.Models.Nn;
using Gir.Models.Restoration;
using Gir.Models.Training;
using Gir.Models.Zoo;

namespace Gir.Evaluation.Tests.Recipes;

[OnePass]
public sealed class TrainingRecipeTests
{
    [Test]
    public void The_paper_settings_are_the_default()
    {
        TrainingRecipe gir = TrainingRecipes.Load("gir");

        Assert.That((gir.Iterations, gir.Batch, gir.Patch, gir.Loss), Is.EqualTo((500_000, 8, 128, TrainingLoss.L1)));
        Assert.That((gir.LearningRate, gir.MinimumLearningRate, gir.EmaDecay, gir.DamageFrame), Is.EqualTo((2e-4, 1e-7, (double?)null, (int?)null)));
        Assert.That(gir.Tasks, Is.EqualTo(new[] { "gir" }));
    }

    [Test]
    public void All_built_in_recipes_resolve_and_build_their_network()
    {
        string[] expected =
        [
            "acceptance", "acceptance-reduced", "cldm-scenes", "excellence", "excellence-reduced", "gir", "gir-reduced", "gir-v1", "mir-10", "mir-10-reduced", "mir-50", "mir-50-reduced",
            "ugpnet-deblur-reduced", "ugpnet-reduced", "ugpnet-super-resolution-reduced",
        ];
        Assert.That(TrainingRecipes.All.Select(r => r.Name), Is.EqualTo(expected));
        foreach (TrainingRecipe recipe in TrainingRecipes.All)
        {
            if (recipe.Generative is not null || recipe.LatentDiffusion is not null)
            {
                Assert.That(new GenerativeTraining(recipe).IsBegun, Is.False);
                continue;
            }

            var training = new RecipeTraining(recipe);
            bool isPapers = recipe.Name is not "gir-v1" && !recipe.Name.EndsWith("-reduced", StringComparison.Ordinal);
            Assert.That(training.Runs, Has.Count.EqualTo(recipe.Mode == RecipeMode.Mixed ? 1 : isPapers ? 50 : 10), recipe.Name);
            Assert.That(recipe.Description.Contains("paper's settings", StringComparison.Ordinal), Is.EqualTo(isPapers), recipe.Name);
            // Whoever has not the paper's photographs has to be told.
            Assert.That(recipe.Description.Contains("3,450 photographs", StringComparison.Ordinal), Is.EqualTo(isPapers), recipe.Name);
        }
    }

    [TestCase("acceptance", 69_251)]
    [TestCase("excellence", 1_222_147)]
    [TestCase("gir", 16_624_131)]
    [TestCase("mir-10", 16_624_131)]
    [TestCase("mir-50", 16_624_131)]
    public void The_networks_are_those_of_the_paper(string name, int parameters)
    {
        using IDisposable undrawn = Initializer.ForLoading(long.MaxValue);
        Assert.That(new RecipeTraining(TrainingRecipes.Load(name)).CreateNetwork().Module.ParameterCount(), Is.EqualTo(parameters));
    }

    [Test]
    public void The_reduced_acceptance_network_starts_by_copying()
    {
        ImageBuffer image = Pictures.Gradient(20, 24);
        var restorer = new NetworkRestorer(new RecipeTraining(TrainingRecipes.Load("acceptance-reduced")).CreateNetwork());

        Assert.That(restorer.Restore(image).Samples.ToArray(), Is.EqualTo(image.Samples.ToArray()).Within(1e-6));
        Assert.That(
            () => ModelZoo.CreateNetwork("SRCNN", HyperParameters.Parse("{\"identity_start\":true,\"features\":[4,2]}")),
            Throws.ArgumentException.With.Message.Contains("needs a feature"));
    }

    [Test]
    public void Json_reads_back_as_it_was_written()
    {
        var recipe = new TrainingRecipe
        {
            Name = "mine",
            Description = "\"quoted\" \u00e9",
            Architecture = "SRCNN",
            HyperParameters = HyperParameters.Parse("{\"kernels\":[5,1,3],\"channels\":1}"),
            Tasks = ["1-3", "cross:18446744073709551615"],
            Mode = RecipeMode.PerTask,
            Iterations = 3,
            Batch = 2,
            Patch = 16,
            Patches = [new RecipePatches { Size = 20, Batch = 4, Until = 1 }, new RecipePatches { Size = 24, Until = 2 }],
            Loss = TrainingLoss.MeanSquaredError,
            LearningRate = 0.1,
            MinimumLearningRate = 0.01,
            WeightDecay = 0.001,
            EmaDecay = 0.9,
            GradientClip = 2,
            Validation = new RecipeValidation { Every = 1, Images = 2, Size = 32, Tasks = 3 },
            SaveEvery = 4,
            LogEvery = 5,
            Seed = ulong.MaxValue,
            Initial = "start.safetensors",
            TrainedParts = ["tail"],
            Images = new RecipeImages { Folder = "photos", Scenes = 1, SceneHeight = 20, SceneWidth = 24, FirstScene = 7, Memory = 16, Fraction = 0.25 },
            DamageFrame = 64,
            WeatherMemory = 17,
        };

        TrainingRecipe back = TrainingRecipe.FromJson(recipe.ToJson());

        Assert.That(back.ToJson(), Is.EqualTo(recipe.ToJson()));
        Assert.That(back.Patches, Is.EqualTo(recipe.Patches));
        Assert.That(back.TrainedParts, Is.EqualTo(recipe.TrainedParts));
        Assert.That(back with { Tasks = recipe.Tasks, HyperParameters = recipe.HyperParameters, Patches = recipe.Patches, TrainedParts = recipe.TrainedParts }, Is.EqualTo(recipe));
        Assert.That(back.Tasks, Is.EqualTo(recipe.Tasks));
        Assert.That(back.HyperParameters.Ints("kernels"), Is.EqualTo(new[] { 5, 1, 3 }));
    }

    [Test]
    public void Weights_of_tasks_read_back_and_belong_to_tasks()
    {
        var recipe = new TrainingRecipe { Name = "a", Tasks = ["gir", "1-3"], TaskWeights = new Dictionary<string, double> { ["gir"] = 3, ["2"] = 0.5 } };
        Assert.That(TrainingRecipe.FromJson(recipe.ToJson()).TaskWeights, Is.EquivalentTo(recipe.TaskWeights));
        Assert.That(recipe.ResolveTasks(), Has.Count.EqualTo(4));
        Assert.That(
            () => (recipe with { Tasks = ["gir"] }).ResolveTasks(),
            Throws.TypeOf<EvaluationException>().With.Message.EqualTo("Recipe 'a': taskWeights: '2' is none of the tasks gir."));
    }

    [Test]
    public void What_is_not_said_is_the_default() =>
        Assert.That(TrainingRecipe.FromJson("{\"name\":\"a\",\"tasks\":\"single\",\"emaDecay\":null}").ToJson(), Is.EqualTo((new TrainingRecipe { Name = "a" } with { Tasks = ["single"] }).ToJson()));

    [TestCase("nonsense", "not a recipe")]
    [TestCase("[]", "$: not a recipe: found [], expected an object")]
    [TestCase("{}", "property 'name' is missing")]
    [TestCase("{\"name\":\"a\",\"name\":\"b\"}", "property 'name' stands twice")]
    [TestCase("{\"name\":\"../a\"}", "name = ../a: expected")]
    [TestCase("{\"name\":7}", "$.name: found 7, expected a string")]
    [TestCase("{\"name\":\"a\",\"iteration\":5}", "unknown property 'iteration', expected one of name, description")]
    [TestCase("{\"name\":\"a\",\"images\":{\"scene\":5}}", "$.images: unknown property 'scene'")]
    [TestCase("{\"name\":\"a\",\"images\":[]}", "$.images: found [], expected an object")]
    [TestCase("{\"name\":\"a\",\"architecture\":\"VGG\"}", "architecture = VGG: expected one of SRCNN")]
    [TestCase("{\"name\":\"a\",\"hyperParameters\":3}", "$.hyperParameters: found 3, expected an object")]
    [TestCase("{\"name\":\"a\",\"tasks\":[]}", "tasks = 0 names")]
    [TestCase("{\"name\":\"a\",\"tasks\":[1]}", "$.tasks[0]: found 1, expected a string")]
    [TestCase("{\"name\":\"a\",\"mode\":\"each\"}", "$.mode: found \"each\", expected one of mixed, per-task")]
    [TestCase("{\"name\":\"a\",\"taskWeights\":{\"gir\":0}}", "taskWeights.gir = 0: expected a number above 0")]
    [TestCase("{\"name\":\"a\",\"mode\":\"per-task\",\"taskWeights\":{\"gir\":2}}", "taskWeights = weights: expected none unless one network learns all tasks")]
    [TestCase("{\"name\":\"a\",\"images\":{\"fraction\":1.5}}", "images.fraction = 1.5: expected a number above 0 and at most 1")]
    [TestCase("{\"name\":\"a\",\"loss\":\"l2\"}", "$.loss: found \"l2\", expected one of l1, charbonnier, mean-squared-error")]
    [TestCase("{\"name\":\"a\",\"iterations\":0}", "iterations = 0: expected a whole number of 1..100000000")]
    [TestCase("{\"name\":\"a\",\"iterations\":1.5}", "$.iterations: found 1.5, expected an integer")]
    [TestCase("{\"name\":\"a\",\"iterations\":1e99}", "$.iterations: found 1e99, expected an integer")]
    [TestCase("{\"name\":\"a\",\"batch\":100000}", "batch = 100000")]
    [TestCase("{\"name\":\"a\",\"patch\":50}", "patch = 50: expected a multiple of 4")]
    [TestCase("{\"name\":\"a\",\"loss\":\"psnr\",\"psnrEpsilon\":0}", "psnrEpsilon = 0: expected a number in 1e-8..1")]
    [TestCase("{\"name\":\"a\",\"optimizer\":\"lion\"}", "optimizer")]
    [TestCase("{\"name\":\"a\",\"psnrEpsilon\":0.01}", "psnrEpsilon = 0.01: expected nothing unless the loss is \"psnr\"")]
    [TestCase("{\"name\":\"a\",\"patches\":[{\"size\":64}]}", "property 'until' is missing")]
    [TestCase("{\"name\":\"a\",\"patches\":[{\"size\":64,\"until\":5,\"step\":1}]}", "unknown property 'step'")]
    [TestCase("{\"name\":\"a\",\"patches\":[{\"size\":64,\"until\":500000}]}", "patches[0].until = 500000: expected more than 0")]
    [TestCase("{\"name\":\"a\",\"patches\":[{\"size\":64,\"until\":7},{\"size\":96,\"until\":7}]}", "patches[1].until = 7: expected more than 7")]
    [TestCase("{\"name\":\"a\",\"patches\":[{\"size\":50,\"until\":7}]}", "patches[0].size = 50: expected a multiple of 4")]
    [TestCase("{\"name\":\"a\",\"patches\":[{\"size\":64,\"batch\":0,\"until\":7}]}", "patches[0].batch = 0")]
    [TestCase("{\"name\":\"a\",\"architecture\":\"DASR\",\"encoderIterations\":5,\"patches\":[{\"size\":64,\"batch\":3,\"until\":7}]}", "patches[0].batch = 3: expected an even number")]
    [TestCase("{\"name\":\"a\",\"encoderIterations\":5}", "encoderIterations = 5: expected null unless the architecture is DASR")]
    [TestCase("{\"name\":\"a\",\"architecture\":\"DASR\",\"encoderIterations\":500000}", "encoderIterations = 500000: expected at least 0 and fewer")]
    [TestCase("{\"name\":\"a\",\"architecture\":\"DASR\",\"encoderIterations\":5,\"batch\":3}", "batch = 3: expected an even number")]
    [TestCase("{\"name\":\"a\",\"learningRate\":0}", "learningRate = 0")]
    [TestCase("{\"name\":\"a\",\"learningRate\":1e400}", "$.learningRate: found 1e400, expected a finite number")]
    [TestCase("{\"name\":\"a\",\"minimumLearningRate\":0.5}", "minimumLearningRate = 0.5")]
    [TestCase("{\"name\":\"a\",\"emaDecay\":1}", "emaDecay = 1")]
    [TestCase("{\"name\":\"a\",\"gradientClip\":0}", "gradientClip = 0")]
    [TestCase("{\"name\":\"a\",\"seed\":-1}", "$.seed: found -1, expected an integer in 0..")]
    [TestCase("{\"name\":\"a\",\"images\":{\"scenes\":0}}", "images.scenes = 0: expected at least 1 where there is no images.folder")]
    [TestCase("{\"name\":\"a\",\"images\":{\"scenes\":100000,\"sceneHeight\":4096,\"sceneWidth\":4096}}", "images.scenes = 100000: expected fewer or smaller scenes")]
    public void A_bad_file_is_refused_with_its_name_and_the_field(string json, string reason) =>
        Assert.That(() => TrainingRecipe.FromJson(json, "mine.json"), Throws.TypeOf<EvaluationException>().With.Message.StartsWith("mine.json: ").And.Message.Contains(reason));

    [TestCase("{\"name\":\"\\ud800\"}")]
    [TestCase("{\"\\ud800\":1}")]
    [TestCase("{\"name\":\"a\",\"hyperParameters\":{\"\\ud800\":1}}")]
    [TestCase("{\"name\":\"a\",\"tasks\":[\"\\udc00\"]}")]
    [TestCase("{\"name\":null}")]
    [TestCase("{\"name\":\"a\",\"tasks\":[null]}")]
    public void Half_a_surrogate_pair_or_a_null_is_refused_wherever_it_stands(string json) =>
        Assert.That(() => TrainingRecipe.FromJson(json, "mine.json"), Throws.TypeOf<EvaluationException>().With.Message.StartsWith("mine.json: $"));

    [Test]
    [Category(TestData.RealData)]
    public void The_file_that_an_audit_found_is_refused() =>
        Assert.That(() => TrainingRecipe.Load(TestData.Shared("faults", "hostile", "recipe-min.json")), Throws.TypeOf<EvaluationException>());

    // Not as a test case: runners cannot write its name down.
    [Test]
    public void Text_that_is_no_unicode_is_refused() =>
        Assert.That(() => TrainingRecipe.FromJson("{\"name\":\"\ud800\"}"), Throws.TypeOf<EvaluationException>());

    [Test]
    [Platform("Linux")]
    public void A_file_without_an_end_is_refused() =>
        Assert.That(() => TrainingRecipe.Load("/dev/zero"), Throws.TypeOf<EvaluationException>().With.Message.Contains("at most"));

    [TestCase("DnCNN", "{}", null)]
    [TestCase("SRResNet", "{\"upscale\":2}", "scales by 2")]
    [TestCase("SRResNet", "{\"num_feat\":\"many\"}", "num_feat")]
    [TestCase("FFDNet", "{}", "must be told the noise's strength")]
    public void A_network_must_restore_in_place_and_blindly(string architecture, string hyper, string? reason)
    {
        var recipe = new TrainingRecipe { Name = "a", Architecture = architecture, HyperParameters = HyperParameters.Parse(hyper) };
        if (reason is null)
            Assert.That(() => new RecipeTraining(recipe), Throws.Nothing);
        else
            Assert.That(() => new RecipeTraining(recipe), Throws.TypeOf<EvaluationException>().With.Message.Contains(reason));
    }
}
