using Gir.Evaluation.Lines;
using Gir.Evaluation.Recipes;
using Gir.Evaluation.Shards;
using Gir.Evaluation.TestSets;
using Gir.Models.Serialization;
using Gir.Models.Tensors;
using Gir.Models.Training;
using Gir.Models.Zoo;

namespace Gir.Evaluation.Tests.Recipes;

[OnePass]
public sealed class RecipeTrainingTests
{
    private static readonly TrainingRecipe s_tiny = new()
    {
        Name = "tiny",
        Architecture = "SRCNN",
        HyperParameters = HyperParameters.Parse("{\"kernels\":[3,1,3],\"features\":[4,4]}"),
        Tasks = ["2,9"],
        Iterations = 3,
        Batch = 2,
        Patch = 16,
        LearningRate = 1e-3,
        Validation = new RecipeValidation { Every = 2, Images = 1, Size = 16 },
        SaveEvery = 1,
        LogEvery = 1,
        Images = new RecipeImages { Scenes = 4, SceneHeight = 20, SceneWidth = 24 },
    };

    private TemporaryFolder _folder = null!;

    [SetUp]
    public void SetUp() => _folder = new TemporaryFolder();

    [TearDown]
    public void TearDown() => _folder.Dispose();

    [TestCase(false)]
    [TestCase(true)]
    public void A_recipe_trains_and_goes_on_after_an_interruption_as_if_there_had_been_none(bool inStages)
    {
        TrainingRecipe recipe = inStages ? s_tiny with { Patches = [new RecipePatches { Size = 20, Batch = 1, Until = 1 }, new RecipePatches { Size = 16, Until = 2 }] } : s_tiny;
        RecipeTraining Training(string output) => new(recipe, new RecipeTrainingOptions { Output = _folder[output] });
        RecipeTraining whole = Training("whole");
        TrainingResult result = whole.Train(whole.Runs[0]);
        Assert.That(result.IsComplete, Is.True);
        Assert.That(result.Validation, Is.Not.Null.And.GreaterThan(0));

        using var stop = new CancellationTokenSource();
        RecipeTraining cut = Training("cut");
        TrainingResult stopped = cut.Train(cut.Runs[0], new Told<TrainingProgress>(p => StopAt(p, stop)), stop.Token);
        Assert.That(stopped.IsComplete, Is.False);
        RecipeTraining again = Training("cut");
        Assert.That(again.Train(again.Runs[0]).FirstStep, Is.EqualTo(stopped.Step));

        Assert.That(File.ReadAllBytes(Trainer.BestCheckpointPath(_folder["cut"])), Is.EqualTo(File.ReadAllBytes(Trainer.BestCheckpointPath(_folder["whole"]))));
        Assert.That(TrainingRecipe.Load(Path.Combine(_folder["cut"], "recipe.json")).ToJson(), Is.EqualTo(recipe.ToJson()));
    }

    [Test]
    public void A_part_that_the_initial_checkpoint_does_not_know_starts_fresh_and_learns_alone()
    {
        string start = _folder["whole.safetensors"];
        RestorationNetwork known = ModelZoo.CreateNetwork("GirNet", HyperParameters.Parse("""{"features":[4,4,4,4],"blocks":1,"code":8,"thumbnail":8,"trust":0}"""));
        ModelZoo.Save(start, known);
        TrainingRecipe recipe = s_tiny with
        {
            Architecture = "GirNet",
            HyperParameters = HyperParameters.Parse("""{"features":[4,4,4,4],"blocks":1,"code":8,"thumbnail":8,"trust":4}"""),
            WholePictures = true,
            Initial = start,
            TrainedParts = ["trust"],
        };
        var training = new RecipeTraining(recipe, new RecipeTrainingOptions { Output = _folder["trust"] });
        training.Train(training.Runs[0]);
        RestorationNetwork trained = ModelZoo.LoadNetwork(Trainer.BestCheckpointPath(_folder["trust"]));
        var weights = trained.Module.StateDictionary().ToDictionary(e => e.Key, e => e.Value.ToArray());
        Assert.That(known.Module.StateDictionary(), Is.All.Matches<KeyValuePair<string, Tensor>>(e => weights[e.Key].SequenceEqual(e.Value.ToArray())));
        Assert.That(weights["trust.0.weight"].Max(), Is.GreaterThan(0), "drawn");
        Assert.That(TrainingRecipe.FromJson(recipe.ToJson()).TrainedParts, Is.EqualTo(recipe.TrainedParts));
        Assert.That(
            () => new RecipeTraining(recipe with { TrainedParts = ["tail"] }), Throws.TypeOf<EvaluationException>().With.Message.Contains("has no 'trust.0.weight'"));
        Assert.That(
            () => new RecipeTraining(recipe with { HyperParameters = HyperParameters.Parse("""{"features":[4,4,4,8],"blocks":1,"code":8,"thumbnail":8,"trust":4}""") }),
            Throws.TypeOf<EvaluationException>().With.Message.Contains("as hyperParameters say"));
        Assert.That(() => TrainingRecipe.FromJson("""{"name":"a","trainedParts":[""]}"""), Throws.TypeOf<EvaluationException>().With.Message.Contains("trainedParts"));
    }

    [Test]
    public void Dasr_learns_by_contrast_first()
    {
        TrainingRecipe recipe = s_tiny with
        {
            Architecture = "DASR",
            HyperParameters = HyperParameters.Parse(
                """{"scale": 1, "n_groups": 1, "n_blocks": 1, "n_feats": 8, "encoder_widths": [8, 8, 8], "queue": 16, "shifts_mean": false}"""),
            EncoderIterations = 2,
            Images = s_tiny.Images with { SceneWidth = 40, SceneHeight = 32 },
        };
        Assert.That(TrainingRecipe.FromJson(recipe.ToJson()).EncoderIterations, Is.EqualTo(2));
        var training = new RecipeTraining(recipe, new RecipeTrainingOptions { Output = _folder["dasr"] });
        var narrow = new RecipeTraining(recipe with { Images = s_tiny.Images }, new RecipeTrainingOptions { Output = _folder["narrow"] });

        Assert.That(training.Train(training.Runs[0]).IsComplete, Is.True);
        Assert.That(() => narrow.Train(narrow.Runs[0]), Throws.TypeOf<EvaluationException>().With.Message.Contains("16 x 32 for one patch"));
    }

    [Test]
    public void A_network_for_each_task_has_a_folder_for_each()
    {
        var training = new RecipeTraining(s_tiny with { Mode = RecipeMode.PerTask }, new RecipeTrainingOptions { Output = _folder["each"] });

        Assert.That(training.Runs.Select(r => r.Name), Is.EqualTo(new[] { "2", "9" }));
        foreach (RecipeRun run in training.Runs)
            Assert.That(training.Train(run).IsComplete, Is.True);
        Assert.That(TrainingRecipe.Load(Path.Combine(_folder["each"], "task-09", "recipe.json")).Tasks, Is.EqualTo(new[] { "9" }));
        Assert.That(Directory.GetDirectories(_folder["each"]).Select(Path.GetFileName).Order(), Is.EqualTo(new[] { "task-02", "task-09" }));
    }

    [Test]
    public void Another_recipe_in_the_same_folder_is_refused()
    {
        RecipeTraining first = Training("same");
        first.Train(first.Runs[0]);
        var other = new RecipeTraining(s_tiny with { DamageFrame = 32 }, new RecipeTrainingOptions { Output = _folder["same"] });
        var renamed = new RecipeTraining(s_tiny with { Name = "renamed", SaveEvery = 2 }, new RecipeTrainingOptions { Output = _folder["same"] });

        Assert.That(() => other.Train(other.Runs[0]), Throws.TypeOf<EvaluationException>().With.Message.Contains("damageFrame null there, 32 here"));
        Assert.That(() => renamed.Train(renamed.Runs[0]), Throws.Nothing);
    }

    [Test]
    public void A_training_may_start_from_a_checkpoint_of_its_architecture()
    {
        RecipeTraining first = Training("start");
        string start = first.Train(first.Runs[0]).BestCheckpoint!;

        var training = new RecipeTraining(s_tiny with { Initial = start }, new RecipeTrainingOptions { Output = _folder["tuned"] });
        float[] initial = training.CreateNetwork().Module.StateDictionary().First().Value.ToArray();

        Assert.That(initial, Is.EqualTo(ModelZoo.LoadNetwork(start).Module.StateDictionary().First().Value.ToArray()));
        File.Move(start, start + ".away");
        Assert.That(training.Train(training.Runs[0]).IsComplete, Is.True, "the checkpoint is read once");
        File.Move(start + ".away", start);
        Assert.That(
            () => new RecipeTraining(s_tiny with { Initial = start, Architecture = "SRResNet", HyperParameters = HyperParameters.None }),
            Throws.TypeOf<EvaluationException>().With.Message.Contains("is of SRCNN, expected SRResNet"));
        File.WriteAllText(_folder["bad.safetensors"], "nonsense");
        Assert.That(() => new RecipeTraining(s_tiny with { Initial = _folder["bad.safetensors"] }), Throws.TypeOf<CheckpointFormatException>());
    }

    [Test]
    public void A_recipe_that_was_deleted_meanwhile_is_there_again_at_the_end()
    {
        RecipeTraining training = Training("emptied");
        RecipeRun run = training.Runs[0];
        string recipe = Path.Combine(run.Output, "recipe.json");

        training.Train(run, new Told<TrainingProgress>(_ => File.Delete(recipe)));

        Assert.That(TrainingRecipe.Load(recipe).ToJson(), Is.EqualTo(training.Recipe.ToJson()));
    }

    [Test]
    public void A_training_whose_checkpoint_is_gone_is_no_success()
    {
        RecipeTraining training = Training("removed");
        TrainingResult result = training.Train(training.Runs[0]);
        Directory.Delete(_folder["removed"], recursive: true);

        Assert.That(
            () => RecipeFile.Keep(_folder["removed"], training.Recipe, result),
            Throws.TypeOf<EvaluationException>().With.Message.Contains(result.LastCheckpoint).And.Message.Contains("is gone"));
    }

    [Test]
    public async Task Lines_are_made_task_by_task_and_not_twice()
    {
        var testSet = TestSet.Create(new TestSetDefinition("tiny-set", [1, 2]) { Height = 24, Width = 32 });
        TrainingRecipe larger = s_tiny with { Name = "larger", Architecture = "SRResNet", HyperParameters = HyperParameters.Parse("{\"num_feat\":4,\"num_block\":1}") };
        LineTraining Lines(string tasks) => new(s_tiny, larger, [tasks], testSet, new RecipeTrainingOptions { Output = _folder["lines"] });

        using var stop = new CancellationTokenSource();
        var cut = new Told<LineTrainingProgress>(p =>
        {
            if (p is { Kind: LineKind.Excellence, Training: not null })
                stop.Cancel();
        });
        LineTrainingResult stopped = await Lines("2").RunAsync(cut, stop.Token);
        Assert.That((stopped.Done, stopped.Total, stopped.IsComplete), Is.EqualTo((0, 1, false)));

        Assert.That((await Lines("2").RunAsync()).IsComplete, Is.True);
        int steps = 0;
        LineTrainingResult both = await Lines("2,4").RunAsync(new Told<LineTrainingProgress>(p => steps += p is { Task: "2", Training: not null } ? 1 : 0));

        Assert.That(both.IsComplete, Is.True);
        Assert.That(steps, Is.Zero, "task 2 was done before");
        Assert.That(both.Lines.TaskIds.Concat(both.Refused).Order(), Is.EqualTo(new[] { "2", "4" }));
        if (both.Lines.TaskIds.Count > 0)
        {
            QualityLines written = QualityLines.Load(Lines("2").LinesPath);
            Assert.That(written.ToJson(), Is.EqualTo(both.Lines.ToJson()));
            Assert.That(written.Origin.TestSet, Is.EqualTo(new LinesTestSet("tiny-set", testSet.Hash)));
            Assert.That(written.Origin.IsReduced, Is.True);
            Assert.That(written.Origin.Settings["excellence"], Does.Contain("SRResNet").And.Contain("3 iterations of 2 patches of 16 x 16"));
        }
    }

    [Test]
    public async Task Lines_of_shards_are_merged_to_those_of_one_run()
    {
        var testSet = TestSet.Create(new TestSetDefinition("tiny-set", [1, 2]) { Height = 24, Width = 32 });
        // Equal networks: the excellence line is never behind.
        LineTraining Lines(string output, Shard? shard) => new(s_tiny, s_tiny, ["2,4,5"], testSet, new RecipeTrainingOptions { Output = _folder[output] }, shard);
        LineTraining[] shards = [Lines("a", new Shard(1, 2)), Lines("b", new Shard(2, 2))];

        LineTrainingResult whole = await Lines("whole", null).RunAsync();
        LineTrainingResult[] results = [await shards[0].RunAsync(), await shards[1].RunAsync()];

        Assert.That(results.Select(r => (r.Done, r.Total)), Is.EqualTo(new[] { (1, 1), (2, 2) }));
        Assert.That(whole.Lines.TaskIds, Is.EqualTo(new[] { "2", "4", "5" }));
        Assert.That(QualityLines.Merge([.. shards.Select(s => QualityLines.Load(s.LinesPath))]).ToJson(), Is.EqualTo(File.ReadAllText(Lines("whole", null).LinesPath)));
        Assert.That(() => Lines("c", new Shard(1, 4)), Throws.TypeOf<EvaluationException>().With.Message.Contains("3 tasks to make lines of"));
    }

    [Test]
    public void Random_tasks_have_no_lines() =>
        Assert.That(
            () => new LineTraining(s_tiny, s_tiny, ["gir"], TestSet.Load(TestSet.Standard)),
            Throws.TypeOf<EvaluationException>().With.Message.Contains("'gir'"));

    private RecipeTraining Training(string output) => new(s_tiny, new RecipeTrainingOptions { Output = _folder[output] });

    private static void StopAt(TrainingProgress progress, CancellationTokenSource stop)
    {
        if (progress.Step == 1)
            stop.Cancel();
    }
}
