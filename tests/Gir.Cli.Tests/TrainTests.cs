using Gir.Evaluation.Lines;
using Gir.Models.Restoration;
using Gir.Models.Training;
using Gir.Models.Zoo;

namespace Gir.Cli.Tests;

/// <summary>The command as a user runs it.</summary>
public sealed class TrainTests
{
    private const string Recipe = """
        {
          "name": "tiny", "architecture": "SRCNN", "hyperParameters": { "kernels": [3, 1, 3], "features": [4, 4] }, "tasks": "2,3",
          "iterations": 6, "batch": 2, "patch": 16, "saveEvery": 2, "logEvery": 1,
          "validation": { "every": 3, "images": 1, "size": 16 }, "images": { "scenes": 4, "sceneHeight": 20, "sceneWidth": 24 }
        }
        """;

    private TemporaryFolder _folder = null!;

    [OneTimeSetUp]
    public void SetUp()
    {
        _folder = new TemporaryFolder();
        File.WriteAllText(_folder["tiny.json"], Recipe);
    }

    [OneTimeTearDown]
    public void TearDown() => _folder.Dispose();

    [Test]
    public void A_recipe_is_trained_and_not_trained_over()
    {
        string[] arguments = ["--recipe", _folder["tiny.json"], "--seed", "7", "--threads", "1", "--output", _folder["trained"]];
        ToolResult trained = Tool.Run(["train", .. arguments, "--resume"]);

        Assert.That(trained.ExitCode, Is.Zero, trained.Error);
        Assert.That(trained.Error, Does.Contain("holds no checkpoint to go on from: --resume begins a new training"));
        Assert.That(trained.Output, Does.Contain("tiny: 6/6").And.Contain("loss").And.Contain("6 iterations done").And.Not.Contain("\u001b"));
        Assert.That(File.Exists(Trainer.BestCheckpointPath(_folder["trained"])), Is.True);
        ToolResult again = Tool.Run(["train", .. arguments]);
        Assert.That(again.ExitCode, Is.EqualTo(2));
        Assert.That(again.Error, Does.Contain("--resume goes on with it"));
        ToolResult resumed = Tool.Run(["train", .. arguments, "--resume"]);
        Assert.That(resumed.ExitCode, Is.Zero, resumed.Error);
        Assert.That(resumed.Error, Does.Not.Contain("begins a new training"));
        // The folder knows its recipe, and what the command line replaced in it.
        ToolResult alone = Tool.Run("train", "--resume", "--output", _folder["trained"]);
        Assert.That(alone.ExitCode, Is.Zero, alone.Error);
        Assert.That(alone.Output, Does.Contain("tiny: 6 iterations done"));
        Export(Trainer.BestCheckpointPath(_folder["trained"]));
    }

    [Test]
    public void Generative_stages_are_trained_and_go_on()
    {
        File.WriteAllText(_folder["stages.json"], """
            {
              "name": "stages", "architecture": "UNet", "hyperParameters": { "dim": 2 }, "tasks": "noise(sigma=50)", "batch": 1, "patch": 64, "saveEvery": 1, "logEvery": 1,
              "images": { "scenes": 1, "sceneHeight": 64, "sceneWidth": 64 },
              "generative": {
                "stages": { "regression": 2, "prior": 1, "synthesis": 1, "fusion": 1 },
                "narrow": 0.01, "styleFeatures": 4, "mappingLayers": 1, "encoderWidth": 2, "featureChannels": 4, "fusionBlocks": 1
              }
            }
            """);
        string[] arguments = ["train", "--recipe", _folder["stages.json"], "--threads", "1", "--output", _folder["stages"]];
        ToolResult stopped = Tool.Run([.. arguments, "--time-limit", "0.000001"]);
        Assert.That(stopped.ExitCode, Is.Zero, stopped.Error);
        Assert.That(stopped.Error, Does.Contain("the same command with --resume goes on"));
        ToolResult trained = Tool.Run([.. arguments, "--resume"]);
        Assert.That(trained.ExitCode, Is.Zero, trained.Error);
        Assert.That(trained.Output, Does.Contain("without the weights of LPIPS").And.Contain("regression: 2/2  psnr").And.Contain("fusion: 1/1").And.Contain("all stages done, weights in"));
        ToolResult again = Tool.Run(arguments);
        Assert.That(again.ExitCode, Is.EqualTo(2));
        Assert.That(again.Error, Does.Contain("--resume goes on with it"));
        string[] shared = ["train", "--recipe", _folder["stages.json"], "--threads", "1", "--tasks", "blur(sigma=2)", "--output"];
        ToolResult second = Tool.Run([.. shared, _folder["second"], "--prior", _folder["stages"]]);
        Assert.That(second.ExitCode, Is.Zero, second.Error);
        Assert.That(second.Output, Does.Contain($"the prior is that of {_folder["stages"]}").And.Contain("synthesis: 1/1").And.Not.Contain("prior: 1/1"));
        Assert.That(Tool.Run([.. shared, _folder["third"], "--prior", _folder["none"]]).Error, Does.Contain("none").And.Contain("finished prior stage"));
        Assert.That(Tool.Run("train", "--recipe", "gir-reduced", "--prior", _folder["stages"]).Error, Does.Contain("--prior").And.Contain("no UGPNet"));
        Assert.That(Tool.Run([.. arguments, "--resume", "--iterations", "3"]).Error, Does.Contain("iterations").And.Contain("generative stages"));
    }

    [Test]
    public void Latent_diffusion_that_was_killed_twice_comes_to_the_same_bits()
    {
        File.WriteAllText(_folder["latents.json"], """
            {
              "name": "latents", "architecture": "UNet", "hyperParameters": { "dim": 2 }, "tasks": "noise(sigma=50)", "batch": 1, "patch": 16, "saveEvery": 2, "logEvery": 1,
              "images": { "scenes": 2, "sceneHeight": 16, "sceneWidth": 16 },
              "latentDiffusion": { "stages": { "initial": 2, "autoencoder": 300, "prior": 2, "control": 300 }, "diffusionBatch": 1, "autoencoderChannels": 2, "latentChannels": 2, "channels": 2, "groups": 1, "heads": 1 }
            }
            """);
        string[] Arguments(string output) => ["train", "--recipe", _folder["latents.json"], "--threads", "1", "--output", _folder[output], "--resume"];
        ToolResult whole = Tool.Run(Arguments("latents"));
        Assert.That(whole.ExitCode, Is.Zero, whole.Error);
        foreach (string stage in new[] { "autoencoder", "control" })
        {
            string last = Path.Combine(_folder["killed"], stage, "last.safetensors");
            using ToolProcess killed = ToolProcess.Start(Arguments("killed"));
            SpinWait.SpinUntil(() => killed.HasExited || File.Exists(last), TimeSpan.FromMinutes(1));
            killed.Kill();
            killed.Wait();
            Assert.That(File.Exists(last), Is.True);
            Assert.That(File.Exists(Path.Combine(_folder["killed"], stage, "weights.safetensors")), Is.False, "killed in the middle");
        }

        ToolResult resumed = Tool.Run(Arguments("killed"));
        Assert.That(resumed.ExitCode, Is.Zero, resumed.Error);
        foreach (string file in new[] { "autoencoder/weights.safetensors", "autoencoder/log.csv", "prior/weights.safetensors", "control/weights.safetensors", "control/log.csv" })
            Assert.That(File.ReadAllBytes(Path.Combine(_folder["killed"], file)), Is.EqualTo(File.ReadAllBytes(Path.Combine(_folder["latents"], file))), file);
    }

    private void Export(string trained)
    {
        string file = _folder["small.safetensors"];
        ToolResult result = Tool.Run("train", "export", "--input", trained, "--output", file, "--half", "--license", "Apache-2.0", "--training", "six steps", "--name", "six");
        Assert.That(result.ExitCode, Is.Zero, result.Error);
        RestorerInfo info = ModelZoo.Load(file).Info;
        Assert.That((info.Name, info.License, info.Training), Is.EqualTo(("six", "Apache-2.0", "six steps")));
        Assert.That(new FileInfo(file).Length, Is.LessThan(new FileInfo(trained).Length));
        Assert.That(Tool.Run("train", "export", "--input", trained, "--output", "small.pth").Error, Does.Contain("small.pth").And.Contain(".safetensors").And.Contain(".onnx"));
    }

    [Test]
    public void A_network_is_exported_as_ONNX_by_the_name_of_the_file()
    {
        string trained = TestData.Golden("models", "files", "reference.safetensors");
        string file = _folder["model.onnx"];
        ToolResult result = Tool.Run("train", "export", "-i", trained, "-o", file, "--license", "MIT");
        Assert.That(result.ExitCode, Is.Zero, result.Error);
        Assert.That(result.Output + result.Error, Does.Contain("from 1 pixels"));
        Assert.That(File.ReadAllText(file), Does.Contain("gir.license").And.Contain("MIT"));
        ToolResult one = Tool.Run("train", "export", "-i", trained, "-o", file, "--size", "64x48");
        Assert.That(one.Output + one.Error, Does.Contain("images of 48 x 64"));
        Refused("--format onnx: 'x.safetensors' has another extension", "-o", "x.safetensors", "--format", "onnx");
        Refused("--format tflite: expected safetensors or onnx", "-o", "x.onnx", "--format", "tflite");
        Refused("--size 64: expected width and height", "-o", "x.onnx", "--size", "64");
        Refused("--size 64x64: goes with ONNX", "-o", "x.safetensors", "--size", "64x64");

        void Refused(string message, params string[] arguments)
        {
            ToolResult refused = Tool.Run(["train", "export", "-i", trained, .. arguments]);
            Assert.That(refused.ExitCode, Is.EqualTo(2));
            Assert.That(refused.Error, Does.Contain(message));
        }
    }

    [Test]
    [Platform(Exclude = "Win")]
    public void Interrupting_saves_and_says_how_to_go_on()
    {
        string[] arguments = ["--recipe", _folder["tiny.json"], "--iterations", "1000000", "--output", _folder["interrupted"]];
        using (ToolProcess interrupted = ToolProcess.Start(["train", .. arguments]))
        {
            SpinWait.SpinUntil(() => interrupted.HasExited || File.Exists(Trainer.LastCheckpointPath(_folder["interrupted"])), TimeSpan.FromMinutes(1));
            interrupted.SendInterrupt();
            ToolResult result = interrupted.Wait();
            Assert.That(result.ExitCode, Is.EqualTo(130), result.Error);
            Assert.That(result.Error, Does.Match("Stopped after [0-9]+ of 1000000 iterations of tiny; the same command with --resume goes on from there."));
        }

        ToolResult resumed = Tool.Run(["train", .. arguments, "--resume", "--time-limit", "0.02"]);
        Assert.That(resumed.ExitCode, Is.Zero, resumed.Error);
        Assert.That(resumed.Error, Does.Contain("Stopped"));
    }

    [Test]
    public void Lines_of_several_trainings_are_merged_into_one_file()
    {
        foreach (string task in (string[])["3", "12"])
            File.WriteAllText(_folder[$"lines-{task}.json"], $$"""{ "label": "mine", "lines": { "{{task}}": { "acceptance": 20, "excellence": 20.{{task}} } } }""");
        string[] arguments = ["train", "lines", "merge", "--input", _folder["lines-12.json"], _folder["lines-3.json"], "--output"];

        ToolResult merged = Tool.Run([.. arguments, _folder["all.json"]]);
        Assert.That(merged.ExitCode, Is.Zero, merged.Error);
        Assert.That(merged.Output, Does.Match("3 +20.00 +20.30 +0.30").And.Match("12 +20.00 +20.12 +0.12").And.Contain("At least 0.3 dB apart: 1 of 2 tasks."));
        Assert.That(merged.Error, Does.Contain("no line for 48 of the 50 representative tasks: 1, 2, 4, "));
        Assert.That(QualityLines.Load(_folder["all.json"]).TaskIds, Is.EqualTo(new[] { "3", "12" }));

        Assert.That(Tool.Run([.. arguments, _folder["all.json"]]).Error, Does.Contain("exists already"));
        Assert.That(Tool.Run([.. arguments, _folder["lines-3.json"], "--force"]).Error, Does.Contain("one of the files of --input"));
        Assert.That(Tool.Run("train", "lines", "merge", "--input", _folder["all.json"], "--output", _folder["one.json"]).Error, Does.Contain("at least two"));
    }

    [Test]
    public void Recipes_are_listed() => Assert.That(Tool.Run("train", "--list").Output, Does.Contain("gir-reduced").And.Contain("mir-10"));

    [TestCase("--recipe nonesuch", "There is no recipe 'nonesuch'")]
    [TestCase("--patch 50", "patch = 50: expected a multiple of 4")]
    [TestCase("--tasks 99", "99")]
    [TestCase("--images no/such/folder", "--images no/such/folder: expected a folder")]
    [TestCase("--initial no/such.pth", "initial 'no/such.pth'")]
    [TestCase("--architecture VGG", "architecture = VGG")]
    [TestCase("--hyper nonsense", "--hyper nonsense")]
    [TestCase("--threads 0", "--threads 0")]
    [TestCase("--time-limit 0", "--time-limit 0")]
    [TestCase("--nonsense", "--nonsense")]
    [TestCase("lines --tasks gir", "'gir' is drawn anew")]
    [TestCase("lines --recipe-acceptance nonesuch", "There is no recipe 'nonesuch'")]
    [TestCase("lines --test-set nonesuch", "There is no test set 'nonesuch'")]
    [TestCase("lines --shard 3/2", "--shard: '3/2' is no shard")]
    [TestCase("lines --shard 1/2 --tasks 3", "1 task to make lines of")]
    public void A_mistake_is_told_in_one_line_with_exit_code_2(string arguments, string told)
    {
        ToolResult result = Tool.Run(["train", .. arguments.Split(' '), "--output", _folder["mistake"]]);

        Assert.That(result.ExitCode, Is.EqualTo(2));
        Assert.That(result.Error, Does.StartWith("error: ").And.Contain(told));
        Assert.That(result.Error.TrimEnd().Split('\n'), Has.Length.EqualTo(1));
        Assert.That(Directory.Exists(_folder["mistake"]), Is.False);
    }
}
