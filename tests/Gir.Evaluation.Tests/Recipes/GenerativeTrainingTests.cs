using Gir.Evaluation.Recipes;
using Gir.Imaging;
using Gir.Imaging.Codecs;
using Gir.Imaging.Scenes;
using Gir.Models.Generative;
using Gir.Models.Generative.Diffusion;
using Gir.Models.Generative.UgpNet;
using Gir.Models.Zoo;

namespace Gir.Evaluation.Tests.Recipes;

/// <summary>UGPNet's stages as a recipe.</summary>
[OnePass]
public sealed class GenerativeTrainingTests
{
    private static readonly string[] s_stages = ["regression", "prior", "synthesis", "fusion"];

    private static readonly TrainingRecipe s_tiny = new()
    {
        Name = "tiny",
        Architecture = "UNet",
        HyperParameters = HyperParameters.Parse("""{ "dim": 2 }"""),
        Tasks = ["noise(sigma=50)", "2"],
        Batch = 2,
        Patch = 64,
        SaveEvery = 1,
        LogEvery = 1,
        Images = new RecipeImages { Scenes = 1, SceneHeight = 64, SceneWidth = 130, Layout = SceneLayout.Pebbles },
        Generative = new RecipeGenerative
        {
            Stages = new RecipeStages { Regression = 2, Prior = 3, Synthesis = 2, Fusion = 2 }, Narrow = 1 / 128.0, StyleFeatures = 4, MappingLayers = 1, EncoderWidth = 2, FeatureChannels = 4, FusionBlocks = 1,
        },
    };

    private TemporaryFolder _folder = null!;

    [SetUp]
    public void SetUp() => _folder = new TemporaryFolder();

    [TearDown]
    public void TearDown() => _folder.Dispose();

    [Test]
    public void A_recipe_trains_all_stages_and_goes_on_after_interruptions_as_if_there_had_been_none()
    {
        GenerativeTraining whole = Training("whole");
        Assert.That(whole.LoadImages(), Is.EqualTo(2), "squares of 64 in 64 x 130");
        var told = new List<string>();
        Assert.That(whole.Train(new Told<GenerativeTrainingProgress>(p => told.Add(p.Stage))), Is.True);
        Assert.That(told.Distinct(), Is.EqualTo(s_stages));

        int runs = 0;
        for (bool isDone = false; !isDone; runs++)
        {
            using var stop = new CancellationTokenSource();
            isDone = Training("cut").Train(new Told<GenerativeTrainingProgress>(p => stop.Cancel()), stop.Token);
        }

        Assert.That(runs, Is.GreaterThan(5));
        foreach (string file in s_stages.SelectMany(s => new[] { Path.Combine(s, "weights.safetensors"), Path.Combine(s, "log.csv") }).Append("recipe.json"))
            Assert.That(File.ReadAllBytes(Path.Combine(_folder["cut"], file)), Is.EqualTo(File.ReadAllBytes(Path.Combine(_folder["whole"], file))), file);
        var restorer = UgpNetRestorer.Load(whole.NetworkPath);
        Assert.That(restorer.Restore(Pictures.Gradient(64, 64)).Samples.ToArray(), Has.All.Matches<float>(float.IsFinite));
    }

    [Test]
    public void A_prior_serves_other_tasks()
    {
        GenerativeTraining first = Training("first");
        Assert.That(first.Train(), Is.True);
        TrainingRecipe second = s_tiny with { Tasks = ["blur(sigma=2)"], Generative = s_tiny.Generative! with { Prior = _folder["first"] } };
        Assert.That(TrainingRecipe.FromJson(second.ToJson()).Generative, Is.EqualTo(second.Generative));
        var training = new GenerativeTraining(second, new RecipeTrainingOptions { Output = _folder["second"] });
        var told = new List<string>();
        Assert.That(training.Train(new Told<GenerativeTrainingProgress>(p => told.Add(p.Stage))), Is.True);
        Assert.That(told.Distinct(), Is.EqualTo(s_stages.Where(s => s != "prior")));
        Assert.That(File.ReadAllBytes(Path.Combine(_folder["second"], "prior", "weights.safetensors")), Is.EqualTo(File.ReadAllBytes(Path.Combine(_folder["first"], "prior", "weights.safetensors"))));
        TrainingRecipe none = second with { Generative = second.Generative! with { Prior = _folder["none"] } };
        Assert.That(() => new GenerativeTraining(none, new RecipeTrainingOptions { Output = _folder["third"] }), Throws.TypeOf<FileNotFoundException>().With.Message.Contains("none"));
    }

    [TestCase("ugpnet-reduced", "noise")]
    [TestCase("ugpnet-deblur-reduced", "blur")]
    [TestCase("ugpnet-super-resolution-reduced", "resize")]
    public void Built_in_recipes_train_at_their_full_width(string name, string degradation)
    {
        TrainingRecipe recipe = TrainingRecipes.Load(name);
        Assert.That(recipe.Tasks, Has.Exactly(1).Items.And.All.StartsWith(degradation));
        recipe = recipe with { Batch = 2, LogEvery = 1, Images = recipe.Images with { Scenes = 2 }, Generative = recipe.Generative! with { Stages = new RecipeStages { Regression = 2, Prior = 2, Synthesis = 2, Fusion = 2 } } };
        var told = new List<GenerativeTrainingProgress>();
        var training = new GenerativeTraining(recipe, new RecipeTrainingOptions { Output = _folder[name] });
        Assert.That(training.Train(new Told<GenerativeTrainingProgress>(told.Add)), Is.True);
        Assert.That(told.Select(p => (p.Stage, p.Step)), Is.SupersetOf(s_stages.Select(s => (s, 2L))));
        Assert.That(told.SelectMany(p => p.Numbers.Values), Has.All.Matches<double>(double.IsFinite));
        var restorer = UgpNetRestorer.Load(training.NetworkPath);
        Assert.That((restorer.Size, restorer.Info.ParameterCount), Is.EqualTo((64, (long)(473_646 + 116_328 + 57_504 + 181_952 + 45_795))));
    }

    [Test]
    public void A_recipe_trains_latent_diffusion()
    {
        TrainingRecipe recipe = s_tiny with
        {
            Name = "diffusion", Generative = null, Patch = 32, Tasks = ["noise(sigma=50)", "blur(sigma=2)"], Images = new RecipeImages { Scenes = 2, SceneHeight = 32, SceneWidth = 32 },
            LatentDiffusion = new RecipeLatentDiffusion
            {
                Stages = new RecipeDiffusionStages { Initial = 1, Autoencoder = 2, Prior = 2, Control = 1 }, DiffusionBatch = 2, AutoencoderChannels = 4, Channels = 4, Groups = 2,
                Prediction = DiffusionPrediction.Noise, NoiseAugmentation = 100,
            },
        };
        Assert.That(TrainingRecipe.FromJson(recipe.ToJson()).LatentDiffusion, Is.EqualTo(recipe.LatentDiffusion));
        var training = new GenerativeTraining(recipe, new RecipeTrainingOptions { Output = _folder["diffusion"] });
        var told = new List<string>();
        Assert.That(training.Train(new Told<GenerativeTrainingProgress>(p => told.Add(p.Stage))), Is.True);
        Assert.That(told.Distinct(), Is.EqualTo(LatentDiffusionTraining.Stages));
        Assert.That(training.IsBegun, Is.True);
        var restorer = LatentDiffusionRestorer.Load([training.NetworkPath], ModelZoo.Load(Path.Combine(_folder["diffusion"], "initial", "weights.safetensors")), new LatentDiffusionOptions { Steps = 1 });
        Assert.That(restorer.Restore(Pictures.Gradient(32, 32)).Samples.ToArray(), Has.All.InRange(0, 1));
    }

    [Test]
    public void Another_recipe_does_not_go_on_with_what_a_folder_holds()
    {
        using var stop = new CancellationTokenSource();
        Training("begun").Train(new Told<GenerativeTrainingProgress>(_ => stop.Cancel()), stop.Token);
        Assert.That(Training("begun").IsBegun, Is.True);
        // Stages know neither the tasks nor one another's steps.
        foreach ((TrainingRecipe other, string named) in new[]
        {
            (s_tiny with { Tasks = ["noise(sigma=25)"] }, "tasks"),
            (s_tiny with { Generative = s_tiny.Generative! with { Stages = s_tiny.Generative.Stages with { Fusion = 9 } } }, "generative"),
        })
        {
            Assert.That(
                () => new GenerativeTraining(other, new RecipeTrainingOptions { Output = _folder["begun"] }).Train(),
                Throws.TypeOf<EvaluationException>().With.Message.Contains("another recipe").And.Message.Contains(named));
        }
    }

    [Test]
    public void Photographs_are_cut_into_squares()
    {
        Directory.CreateDirectory(_folder["photos"]);
        ImageFile.Save(Path.Combine(_folder["photos"], "a.png"), Pictures.Gradient(70, 200));
        TrainingRecipe recipe = s_tiny with { Images = new RecipeImages { Folder = _folder["photos"], Scenes = 0 } };
        Assert.That(new GenerativeTraining(recipe).LoadImages(), Is.EqualTo(3));
    }

    [Test]
    public void Json_reads_back_as_it_was_written()
    {
        TrainingRecipe recipe = s_tiny with { Generative = s_tiny.Generative! with { Adversarial = 0.5, Contextual = 0.25 } };
        TrainingRecipe back = TrainingRecipe.FromJson(recipe.ToJson());
        Assert.That(back.ToJson(), Is.EqualTo(recipe.ToJson()));
        Assert.That(back.Generative, Is.EqualTo(recipe.Generative));
        Assert.That(back.Images, Is.EqualTo(recipe.Images));
        TrainingRecipe seen = s_tiny with { Generative = s_tiny.Generative! with { Perceptual = new UgpNetPerceptualOptions { Weights = ["vgg16.pth", "lin.pth"], Side = 128, Weight = 3 } } };
        UgpNetPerceptualOptions perceptual = TrainingRecipe.FromJson(seen.ToJson()).Generative!.Perceptual!;
        Assert.That((string.Join(',', perceptual.Weights), perceptual.Side, perceptual.Weight), Is.EqualTo(("vgg16.pth,lin.pth", 128, 3.0)));
        TrainingRecipe contextual = s_tiny with { Generative = s_tiny.Generative! with { ContextualWeights = ["vgg19.pth"] } };
        Assert.That(TrainingRecipe.FromJson(contextual.ToJson()).Generative!.ContextualWeights, Is.EqualTo(new[] { "vgg19.pth" }));
        Assert.That(recipe.ToJson(), Does.Not.Contain("perceptual").And.Not.Contain("contextualWeights").And.Not.Contain("\"prior\": null"), "a training that was begun before goes on");
        Assert.That(new TrainingRecipe { Name = "a" }.ToJson(), Does.Not.Contain("generative").And.Not.Contain("layout"), "recipes of other networks are what they were");
    }

    [TestCase("""{"name":"a","patch":64,"generative":{"stage":{}}}""", "$.generative: unknown property 'stage'")]
    [TestCase("""{"name":"a","patch":64,"generative":{"stages":{"prior":0}}}""", "generative.stages.prior = 0: expected a whole number")]
    [TestCase("""{"name":"a","patch":96,"generative":{}}""", "patch = 96: expected 64, 128, 256 or 512")]
    [TestCase("""{"name":"a","patch":64,"batch":6,"generative":{}}""", "batch = 6: expected 1..4 or a multiple of 8")]
    [TestCase("""{"name":"a","patch":64,"generative":{"prior":""}}""", "generative.prior")]
    [TestCase("""{"name":"a","patch":64,"generative":{"narrow":2}}""", "generative.narrow = 2")]
    [TestCase("""{"name":"a","patch":64,"generative":{"perceptual":{}}}""", "generative.perceptual.weights = 0: expected at least one file")]
    [TestCase("""{"name":"a","patch":64,"generative":{"perceptual":{"weights":"a.pth","side":8}}}""", "generative.perceptual.side = 8")]
    [TestCase("""{"name":"a","patch":64,"generative":{"perceptual":{"weights":"a.pth","weight":-1}}}""", "generative.perceptual.weight = -1")]
    [TestCase("""{"name":"a","patch":64,"iterations":5,"generative":{}}""", "iterations = another than the default: expected nothing beside generative stages")]
    [TestCase("""{"name":"a","patch":64,"emaDecay":0.9,"generative":{}}""", "emaDecay")]
    [TestCase("""{"name":"a","patch":64,"optimizer":"muon","generative":{}}""", "optimizer")]
    [TestCase("""{"name":"a","patch":64,"latentDiffusion":{"step":1}}""", "$.latentDiffusion: unknown property 'step'")]
    [TestCase("""{"name":"a","patch":72,"latentDiffusion":{}}""", "patch = 72: expected a multiple of 16")]
    [TestCase("""{"name":"a","patch":64,"latentDiffusion":{"stages":{"control":0}}}""", "latentDiffusion.stages.control = 0")]
    [TestCase("""{"name":"a","patch":64,"latentDiffusion":{"channels":20}}""", "latentDiffusion.channels = 20: expected a multiple of the groups, 8")]
    [TestCase("""{"name":"a","patch":64,"latentDiffusion":{"prediction":"score"}}""", "expected one of noise, velocity, image")]
    [TestCase("""{"name":"a","patch":64,"generative":{},"latentDiffusion":{}}""", "latentDiffusion = beside generative")]
    [TestCase("""{"name":"a","patch":64,"iterations":5,"latentDiffusion":{}}""", "iterations = another than the default")]
    [TestCase("""{"name":"a","images":{"layout":"moon"}}""", "$.images.layout: found \"moon\", expected one of any, landscape")]
    public void What_does_not_fit_is_refused_by_its_field(string json, string message) =>
        Assert.That(() => TrainingRecipe.FromJson(json), Throws.TypeOf<EvaluationException>().With.Message.Contains(message));

    [Test]
    public void Tasks_and_networks_that_do_not_fit_are_refused()
    {
        Assert.That(() => new GenerativeTraining(s_tiny with { Tasks = ["8"] }), Throws.TypeOf<EvaluationException>().With.Message.Contains("'8' has weather"));
        Assert.That(() => new GenerativeTraining(s_tiny with { Tasks = ["gir"] }), Throws.TypeOf<EvaluationException>().With.Message.Contains("'gir'"));
        Assert.That(() => new GenerativeTraining(s_tiny with { Generative = null }), Throws.TypeOf<EvaluationException>().With.Message.Contains("no generative stages"));
        Assert.That(() => new RecipeTraining(s_tiny), Throws.TypeOf<EvaluationException>().With.Message.Contains("generative stages"));
        TrainingRecipe gray = s_tiny with { Architecture = "SRCNN", HyperParameters = HyperParameters.Parse("""{ "channels": 1 }""") };
        Assert.That(() => new GenerativeTraining(gray, new RecipeTrainingOptions { Output = _folder["gray"] }).Train(), Throws.TypeOf<EvaluationException>().With.Message.Contains("'tiny'"));
    }

    private GenerativeTraining Training(string output) => new(s_tiny, new RecipeTrainingOptions { Output = _folder[output] });
}
