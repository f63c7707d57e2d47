using Gir.Evaluation.Execution;
using Gir.Evaluation.Orleans.Messages;
using Gir.Evaluation.Orleans.Silo;
using Gir.Evaluation.Recipes;
using Gir.Evaluation.TestSets;
using Gir.Models.Training;
using Gir.Models.Zoo;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Gir.Evaluation.Orleans.Tests;

/// <summary>Lines whose networks the silos train: the bytes of one machine, whoever is lost meanwhile.</summary>
[NonParallelizable]
public sealed class LinesOnClusterTests
{
    private static readonly string[] s_tasks = ["2", "4", "5"];

    private TemporaryFolder _folder = null!;
    private string _set = null!;

    [OneTimeSetUp]
    public void SetUp()
    {
        _folder = new TemporaryFolder();
        _set = _folder["set.json"];
        File.WriteAllText(_set, TestSet.Create(new TestSetDefinition("tiny", [1, 2]) { Height = 24, Width = 32 }).ToJson());
    }

    [OneTimeTearDown]
    public void TearDown() => _folder.Dispose();

    [TearDown]
    public void TellWhatWasSaid()
    {
        string said = GirProcess.AllSaid();
        if (TestContext.CurrentContext.Result.FailCount > 0)
            TestContext.Out.WriteLine(said);
    }

    [Test]
    public async Task Lines_are_those_of_one_machine_byte_for_byte_and_a_second_run_makes_nothing()
    {
        TrainingRecipe small = Recipe("small", 3), large = Recipe("large", 6);
        await Training(small, large, "local").RunAsync();
        var address = ClusterAddress.Parse($"localhost:{ClusterExecutorTests.FreePort()}");
        HostApplicationBuilder builder = new(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Services.AddGirCluster(address, o => o.Cores = 2);
        using IHost silo = builder.Build();
        await silo.StartAsync();
        await using IBenchmarkClusterConnection cluster = await new OrleansCluster().ConnectAsync(address.ToString(), _ => { }, default);
        var made = new List<LineTrainingProgress>();
        LineTerms terms = LineTerms.Of(small, large, s_tasks, _set, _folder["there"]);

        await cluster.TrainLinesAsync(terms, new Told(made), default);

        Assert.That(made.Where(p => p.Psnr is not null).Select(p => (p.Task, p.Kind)), Is.EquivalentTo(s_tasks.SelectMany(t => new[] { (t, LineKind.Acceptance), (t, LineKind.Excellence) })));
        Assert.That(Directory.GetFiles(_folder["there"]), Is.Empty, "nothing is left of the run");
        LineTrainingResult result = await Training(small, large, "there").RunAsync();
        Assert.That(result.IsComplete, Is.True);
        RequireBytesOfOneMachine("there", "local");
        made.Clear();
        await cluster.TrainLinesAsync(terms, new Told(made), default);
        Assert.That(made, Is.Empty);
        await silo.StopAsync();
    }

    [Test]
    public async Task A_network_that_cannot_be_trained_ends_the_run_and_a_folder_that_is_not_shared_is_told()
    {
        LineTerms terms = LineTerms.Of(Recipe("small", 3), Recipe("large", 3), s_tasks, _set, _folder["elsewhere"]);
        using var workshop = new LineWorkshop(1);
        Assert.That(workshop.Open("run", LineOffer.Of(terms, "token")).Unfit, Does.Contain("one that all machines share"));
        Directory.CreateDirectory(_folder["elsewhere"]);
        File.WriteAllText(Path.Combine(_folder["elsewhere"], "token"), "");
        Assert.That(workshop.Open("run", LineOffer.Of(terms with { Version = "0.0" }, "token")).Unfit, Does.Contain("expected 0.0"));
        Assert.That(workshop.Open("run", LineOffer.Of(terms with { TestSetHash = "0" }, "token")).Unfit, Does.Contain("has the hash"));
        Assert.That(workshop.Open("run", LineOffer.Of(terms, "token")).Unfit, Is.Null);
        LineOrder wrong = new(1, 0, "3", 0);
        LineState state = workshop.Exchange("run", [wrong])[0];
        while (state.Fault is null)
        {
            await Task.Delay(10);
            state = workshop.Exchange("run", [wrong])[0];
        }

        Assert.That(state.Fault, Does.Contain("none of this training's networks"));
        Assert.That(() => LineTerms.Of(Recipe("small", 3) with { Initial = "there.safetensors" }, Recipe("large", 3), s_tasks, _set, "out"), Throws.TypeOf<EvaluationException>().With.Message.Contains("full path"));
    }

    [Test]
    public async Task A_silo_that_is_killed_in_the_middle_of_a_network_changes_no_byte()
    {
        TrainingRecipe small = Recipe("small", 60), large = Recipe("large", 400);
        await Training(small, large, "whole").RunAsync();
        foreach (TrainingRecipe recipe in new[] { small, large })
            File.WriteAllText(_folder[$"{recipe.Name}.json"], recipe.ToJson());
        using RedisServer redis = RedisServer.Start(_folder.Root);
        string cluster = $"redis:127.0.0.1:{redis.Port}/lines";
        using GirProcess killed = Worker(cluster);
        using GirProcess steady = Worker(cluster);
        using GirProcess coordinator = GirProcess.Start(
            "train", "lines", "--cluster", cluster, "--recipe-acceptance", _folder["small.json"], "--recipe-excellence", _folder["large.json"], "--tasks", string.Join(',', s_tasks),
            "--test-set", _set, "--output", _folder["fire"]);
        bool begun = SpinWait.SpinUntil(() => GirProcess.Rest() && (coordinator.HasExited || Directory.Exists(Path.Combine(_folder["fire"], "excellence"))), TimeSpan.FromMinutes(3));
        Assert.That(begun, Is.True, coordinator.Said);
        killed.Kill();

        Assert.That(coordinator.Wait(), Is.Zero, coordinator.Said);
        Assert.That(coordinator.Said, Does.Contain("is lost"));
        RequireBytesOfOneMachine("fire", "whole");
    }

    private static GirProcess Worker(string cluster)
    {
        GirProcess worker = GirProcess.Start("worker", "--cluster", cluster, "--restorer", "identity", "--threads", "1");
        worker.WaitFor("works for the cluster");
        return worker;
    }

    private static TrainingRecipe Recipe(string name, int iterations) => new()
    {
        Name = name, Architecture = "SRCNN", HyperParameters = HyperParameters.Parse("""{ "features": [8, 4], "identity_start": true }"""), Tasks = ["1"], Iterations = iterations, Batch = 2, Patch = 16,
        LearningRate = 1e-4, MinimumLearningRate = 1e-4, SaveEvery = 20, LogEvery = 1, Validation = new() { Every = 100, Images = 1, Size = 16 }, Images = new() { Scenes = 4, SceneHeight = 32, SceneWidth = 32 },
    };

    private LineTraining Training(TrainingRecipe small, TrainingRecipe large, string output) =>
        new(small, large, s_tasks, TestSet.Load(_set), new RecipeTrainingOptions { Output = _folder[output] });

    private void RequireBytesOfOneMachine(string output, string expected)
    {
        string[] files = [.. Directory.GetFiles(_folder[expected], "*", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(_folder[expected], f)).Where(f => Path.GetFileName(f) is "lines.json" or "line.json" or "best.safetensors")];
        Assert.That(files, Has.Length.EqualTo(1 + (2 * 2 * s_tasks.Length)));
        foreach (string file in files)
            Assert.That(File.ReadAllBytes(Path.Combine(_folder[output], file)), Is.EqualTo(File.ReadAllBytes(Path.Combine(_folder[expected], file))), file);
    }

    private sealed class Told(List<LineTrainingProgress> list) : IProgress<LineTrainingProgress>
    {
        public void Report(LineTrainingProgress value)
        {
            lock (list)
                list.Add(value);
        }
    }
}
