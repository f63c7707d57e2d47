using System.Text.Json;
using Gir.Evaluation.Generality;
using Gir.Evaluation.Lines;
using Gir.Evaluation.Results;
using Gir.Evaluation.TestSets;
using Gir.Imaging.Codecs;
using Gir.Models.Restoration;
using Gir.Models.Zoo;

namespace Gir.Cli.Tests;

/// <summary>The command as a user runs it.</summary>
public sealed class EvaluateTests
{
    private const int ImageCount = 5;

    private TemporaryFolder _folder = null!;

    [OneTimeSetUp]
    public void SetUp()
    {
        _folder = new TemporaryFolder();
        Directory.CreateDirectory(_folder["images"]);
        for (int i = 0; i < ImageCount; i++)
            ImageFile.Save(Path.Combine(_folder["images"], $"picture{i}.png"), Images.Gradient(48, 64, (ulong)i));
    }

    [OneTimeTearDown]
    public void TearDown() => _folder.Dispose();

    [Test]
    public void A_killed_run_goes_on_and_ends_with_the_report_of_an_uninterrupted_one()
    {
        ToolResult whole = Tool.Run(["evaluate", .. Arguments("whole")]);
        Assert.That(whole.ExitCode, Is.Zero, whole.Error);
        int total = File.ReadAllLines(Results("whole")).Length;

        using (ToolProcess killed = ToolProcess.Start(["evaluate", .. Arguments("killed")]))
        {
            WaitForResults(killed, "killed");
            killed.Kill();
            killed.Wait();
        }

        int survived = File.ReadAllLines(Results("killed")).Length;
        Assert.That(survived, Is.GreaterThan(1).And.LessThan(total), "killed in the middle");
        Assert.That(Path.Exists(Path.Combine(_folder["killed"], "report.json")), Is.False);

        ToolResult resumed = Tool.Run(["evaluate", .. Arguments("killed")]);
        Assert.That(resumed.ExitCode, Is.Zero, resumed.Error);
        Assert.That(Report("killed"), Is.EqualTo(Report("whole")));
        Assert.That(File.ReadAllBytes(Results("killed")), Is.EqualTo(File.ReadAllBytes(Results("whole"))));
    }

    [Test]
    [Platform(Exclude = "Win")]
    public void Interrupting_stops_with_exit_code_130_and_the_next_run_goes_on()
    {
        using (ToolProcess interrupted = ToolProcess.Start(["evaluate", .. Arguments("interrupted")]))
        {
            WaitForResults(interrupted, "interrupted");
            interrupted.SendInterrupt();
            ToolResult result = interrupted.Wait();
            Assert.That(result.ExitCode, Is.EqualTo(130), result.Error);
            Assert.That(result.Error.Trim(), Is.EqualTo("Stopped."));
        }

        Assert.That(Tool.Run(["evaluate", .. Arguments("interrupted")]).ExitCode, Is.Zero);
        Assert.That(Path.Exists(Path.Combine(_folder["interrupted"], "report.json")), Is.True);
    }

    [Test]
    public void All_metrics_are_taken_as_far_as_images_allow_and_everything_is_described_in_words()
    {
        string[] restorers = [.. Restorers.All.Where(r => !r.IsTrained).Select(r => r.Name)];
        ToolResult result = Tool.Run(
            "evaluate", "--images", _folder["images"], "--limit", "1", "--tasks", "2", "--restorer", string.Join(',', restorers), "--metrics", "all", "--output", _folder["all"]);

        Assert.That(result.ExitCode, Is.Zero, result.Error);
        using var report = JsonDocument.Parse(Report("all"));
        string[] metrics = [.. report.RootElement.GetProperty("configuration").GetProperty("metrics").EnumerateArray().Select(m => m.GetProperty("name").GetString()!)];
        Assert.That(metrics, Is.SupersetOf(new[] { "psnr", "ssim", "ms-ssim", "fsim", "niqe", "sharpness" }));
        // A type's name is what .NET says of an array: of no use to a reader, and the same for all arrays.
        Assert.That(Texts(report.RootElement).ToArray(), Has.Length.GreaterThan(50).And.None.Match(@"System\.|\[\]|`\d"));

        static IEnumerable<string> Texts(JsonElement value) => value.ValueKind switch
        {
            JsonValueKind.Object => value.EnumerateObject().SelectMany(p => Texts(p.Value).Prepend(p.Name)),
            JsonValueKind.Array => value.EnumerateArray().SelectMany(Texts),
            JsonValueKind.String => [value.GetString()!],
            _ => [],
        };
    }

    [Test]
    public void Redirected_output_is_plain_text_with_every_restorer_and_task()
    {
        ToolResult result = Tool.Run("evaluate", "--images", _folder["images"], "--limit", "2", "--tasks", "2,3", "--restorer", "identity", "--output", _folder["plain"]);

        Assert.That(result.ExitCode, Is.Zero, result.Error);
        Assert.That(result.Output, Does.Not.Contain("\u001b").And.Contain("identity").And.Contain("blur").And.Contain("noise").And.Contain("lines: input"));
        Assert.That(result.Error, Is.Empty);
    }

    [Test]
    public void A_table_tells_how_many_tasks_a_restorer_harms()
    {
        ToolResult result = Tool.Run("evaluate", "--images", _folder["images"], "--limit", "1", "--tasks", "2,4", "--restorer", "identity,gaussian(sigma=5)", "--output", _folder["harmed"]);

        Assert.That(result.ExitCode, Is.Zero, result.Error);
        Assert.That(result.Output, Does.Match(@"identity .* 0/2 *\n").And.Match(@"gaussian .* [12]/2 *\n"));
    }

    [Test]
    public void Categories_preferences_and_costs_have_tables_of_their_own()
    {
        foreach (string category in new[] { "sea", "city" })
        {
            Directory.CreateDirectory(Path.Combine(_folder["scenes-by-category"], category));
            ImageFile.Save(Path.Combine(_folder["scenes-by-category"], category, "1.png"), Images.Gradient(96, 96, (ulong)category.Length));
        }

        ToolResult result = Tool.Run(
            "evaluate", "--images", _folder["scenes-by-category"], "--categories", "--tasks", "2,3", "--restorer", "median,gir-v1", "-m", "niqe", "--cost", "--output", _folder["studies"]);

        Assert.That(result.ExitCode, Is.Zero, result.Error);
        Assert.That(result.Output, Does.Contain("By category").And.Contain("city").And.Contain("sea").And.Contain("Task preference").And.Contain("Distortion and perception").And.Contain("multiply-adds"));
        GeneralityReport report = GeneralityReport.FromJson(Report("studies"));
        Assert.That(report.Configuration.Images.Select(i => i.Name), Is.EqualTo(new[] { "city/1.png", "sea/1.png" }));
        Assert.That(report.Input.ByCategory!.Select(c => c.Name), Is.EqualTo(new[] { "city", "sea" }));
        using JsonDocument costs = JsonDocument.Parse(File.ReadAllText(Path.Combine(_folder["studies"], "cost.json")));
        Assert.That(costs.RootElement[0].GetProperty("multiplyAdds").GetInt64(), Is.Zero);
        Assert.That(costs.RootElement[1].GetProperty("multiplyAdds").GetInt64(), Is.GreaterThan(costs.RootElement[1].GetProperty("parameterCount").GetInt64()));

        foreach (string[] mistake in new string[][] { ["--images", _folder["images"]], ["--images", Path.Combine(_folder["images"], "picture0.png")], [], ["--images", _folder["scenes-by-category"], "--depth", _folder["images"]] })
            Assert.That(Tool.Run(["evaluate", "--categories", "--output", _folder["no"], .. mistake]) is { ExitCode: 2 } told && told.Error.Contains("--categories", StringComparison.Ordinal), string.Join(' ', mistake));
    }

    [Test]
    public void Without_restorers_all_that_come_with_the_packages_take_part()
    {
        Directory.CreateDirectory(_folder["small"]);
        ImageFile.Save(Path.Combine(_folder["small"], "small.png"), Images.Gradient(24, 24, 1));

        ToolResult result = Tool.Run("evaluate", "--images", _folder["small"], "--tasks", "2", "--output", _folder["all-restorers"]);

        Assert.That(result.ExitCode, Is.Zero, result.Error);
        Assert.That(
            GeneralityReport.FromJson(Report("all-restorers")).Restorers.Select(r => r.Name.Split('(')[0]),
            Is.EqualTo(Restorers.All.Where(r => !r.IsTrained).Select(r => r.Name.Split('(')[0]).Concat(ModelZoo.Shipped)));
    }

    [Test]
    public void An_image_that_fails_in_the_middle_is_told_and_what_cannot_be_measured_is_counted()
    {
        Directory.CreateDirectory(_folder["mixed"]);
        ImageFile.Save(Path.Combine(_folder["mixed"], "a.png"), Images.Gradient(24, 24, 1));
        ImageFile.Save(Path.Combine(_folder["mixed"], "dot.png"), Images.Gradient(2, 2, 1));
        ImageFile.Save(Path.Combine(_folder["mixed"], "small.png"), Images.Gradient(8, 8, 1));
        string[] arguments = ["evaluate", "--images", _folder["mixed"], "--tasks", "2", "--restorer", "identity", "--metrics", "psnr,ssim", "--output"];

        ToolResult result = Tool.Run([.. arguments, _folder["mixed-out"]]);

        Assert.That(result.ExitCode, Is.EqualTo(3), result.Error);
        Assert.That(result.Error, Does.Contain("left out: Task '2', image 'dot.png': ").And.Contain("too small to be cropped").And.Contain("1 of 3 images left out: dot.png"));
        Assert.That(result.Error + result.Output, Does.Contain("ssim could not measure 1 result of identity"));
        GeneralityReport report = GeneralityReport.FromJson(Report("mixed-out"));
        Assert.That(report.Configuration.Images.Select(i => i.Name), Is.EqualTo(new[] { "a.png", "small.png" }));
        ToolResult strict = Tool.Run([.. arguments, _folder["strict-out"], "--strict"]);
        Assert.That(strict.ExitCode, Is.EqualTo(2), strict.Error);
        Assert.That(strict.Error, Does.Contain("too small to be cropped"));
    }

    [Test]
    public void Without_images_the_standard_test_set_is_evaluated_with_its_exact_depth()
    {
        ToolResult result = Tool.Run("evaluate", "--limit", "1", "--tasks", "9", "--restorer", "dark-channel,median(size=5)", "--output", _folder["scenes"]);

        Assert.That(result.ExitCode, Is.Zero, result.Error);
        Assert.That(result.Output, Does.Contain("1 task x 1 image,").And.Contain("dark-channel").And.Not.Contain("note:"));
        GeneralityReport report = GeneralityReport.FromJson(Report("scenes"));
        Assert.That(report.Configuration.DepthEstimator, Is.Null);
        Assert.That(report.Configuration.Images[0], Is.EqualTo(new EvaluatedImage("scene-1", TestSet.Load(TestSet.Standard).Images[0].Hash)));
        Assert.That(report.Restorers.Select(r => r.Name.Split('(')[0]), Is.EqualTo(new[] { "dark-channel", "median" }));
        Assert.That(report.Restorers[0].Tasks[0].AcceptanceMargin, Is.GreaterThan(1), "the dark channel prior removes haze");
    }

    [Test]
    public void A_set_of_ones_own_a_checkpoint_and_lines_for_some_tasks_make_a_report()
    {
        TestSet set = TestSet.Create(new TestSetDefinition("mine", [1, 2]) { Height = 32, Width = 40, Seed = 5 });
        File.WriteAllText(_folder["set.json"], set.ToJson());
        File.WriteAllText(_folder["lines.json"], Lines(set.Hash));
        File.WriteAllText(_folder["others.json"], Lines("0123"));
        Directory.CreateDirectory(_folder["a"]);
        string checkpoint = TestData.Golden("models", "files", "reference.safetensors");
        File.Copy(checkpoint, Path.Combine(_folder["a"], "reference.safetensors"));
        string[] arguments =
        [
            "--test-set", _folder["set.json"], "--tasks", "2,3", "--tasks", "cross", "--output", _folder["mine"], "--metrics", "psnr",
            "--restorer", $"{checkpoint},{Path.Combine(_folder["a"], "reference.safetensors")},identity",
        ];

        ToolResult result = Tool.Run(["evaluate", .. arguments, "--lines", _folder["lines.json"]]);

        Assert.That(result.ExitCode, Is.Zero, result.Error);
        GeneralityReport report = GeneralityReport.FromJson(Report("mine"));
        Assert.That(report.Configuration.Seed, Is.EqualTo(5));
        Assert.That(report.Configuration.Tasks, Has.Count.EqualTo(52));
        Assert.That(report.Lines.Tasks.Select(t => t.Task), Is.EqualTo(new[] { "3" }));
        Assert.That(report.Restorers, Has.Count.EqualTo(3));
        Assert.That(report.Restorers[0].Identity, Has.Length.EqualTo(64).And.EqualTo(report.Restorers[1].Identity));
        Assert.That(result.Output, Does.Contain("over 1 of 52 tasks; there is no line for 2, cross:").And.Contain("less than the paper's settings").And.Contain("SRCNN, 3 steps"));
        Assert.That(result.Output, Does.Contain("Representative and cross-validation tasks").And.Contain("By operator: mean margin"));

        ToolResult refused = Tool.Run(["evaluate", .. arguments, "--lines", _folder["others.json"]]);
        Assert.That(refused.ExitCode, Is.EqualTo(2));
        Assert.That(refused.Error, Does.Contain("made on all images of 'mine'").And.Contain("choose other lines"));
    }

    [Test]
    public void Another_configuration_needs_force()
    {
        string[] first = ["--images", _folder["images"], "--limit", "1", "--tasks", "2", "--restorer", "identity", "--output", _folder["forced"]];

        Assert.That(Tool.Run(["evaluate", .. first]).ExitCode, Is.Zero);
        ToolResult refused = Tool.Run(["evaluate", .. first, "--seed", "1"]);
        Assert.That(refused.ExitCode, Is.EqualTo(2));
        Assert.That(refused.Error, Does.Contain("seed 0 there, 1 here"));
        Assert.That(Tool.Run(["evaluate", .. first, "--seed", "1", "--force"]).ExitCode, Is.Zero);
    }

    [Test]
    public void Published_results_are_printed_without_a_run()
    {
        ToolResult result = Tool.Run("evaluate", "--published");

        Assert.That(result.ExitCode, Is.Zero);
        Assert.That(result.Output, Does.Match(@"Restormer\s+25\.61\s+0\.47\s+0\.00"));
        Assert.That(result.Output, Does.Match(@"MIR-10: The columns MIR-10 and\s+MIR-50 are\s+exchanged"));
    }

    [Test]
    public void A_metric_with_a_sign_is_best_at_zero_and_judged_at_the_gate_s_side()
    {
        string[] arguments = ["evaluate", "--images", _folder["images"], "--limit", "1", "--tasks", "2", "--restorer", "identity", "--metrics", "detail", "--output", _folder["signed"]];
        // A blurred picture lacks detail: below 0.
        ToolResult result = Tool.Run([.. arguments, "--gate", "detail<=0"]);
        Assert.That(result.ExitCode, Is.Zero, result.Error);
        Assert.That(result.Output, Does.Contain("(0 is best)"));
        Assert.That(Tool.Run([.. arguments, "--gate", "detail>=0"]).ExitCode, Is.EqualTo(1));
    }

    [Test]
    public void The_report_can_be_printed_as_JSON_and_must_reach_its_gates()
    {
        string[] arguments = ["evaluate", "--images", _folder["images"], "--limit", "1", "--tasks", "2", "--restorer", "identity", "--output", _folder["gates"], "--json"];
        ToolResult met = Tool.Run([.. arguments, "--gate", "psnr>=5", "--gate", "ar>=0"]);
        Assert.That(met.ExitCode, Is.Zero, met.Error);
        Assert.That(GeneralityReport.FromJson(met.Output).Restorers[0].Name, Is.EqualTo("identity"));

        ToolResult missed = Tool.Run([.. arguments, "--gate", "psnr>=99"]);
        Assert.That(missed.ExitCode, Is.EqualTo(1));
        Assert.That(missed.Error, Does.StartWith("gate not met: psnr is "));
        Assert.That(Tool.Run("evaluate", "--published", "--json").Output, Does.Contain("\"model\": \"Restormer\""));
    }

    [Test]
    public void A_whole_gate_says_itself_what_is_measured_and_shows_line_by_line_what_was_found()
    {
        File.WriteAllText(
            _folder["gate.json"],
            """
            { "format": "gir-gate", "version": 1, "name": "mine", "tasks": ["2,3"], "clean": 40, "worstGain": -0.05, "lines": { "3": { "gain": 1 }, "jpeg-30": { "pipeline": "compression(quality=30)", "psnr": 1 } } }
            """);
        string[] arguments = ["evaluate", "--images", _folder["images"], "--limit", "2", "--gate", _folder["gate.json"], "--output", _folder["whole-gate"], "--restorer"];

        ToolResult missed = Tool.Run([.. arguments, "identity,median(size=5)"]);
        Assert.That(missed.ExitCode, Is.EqualTo(1), missed.Error);
        Assert.That(missed.Output, Does.Contain("identity against the gate 'mine', 2 images").And.Contain("3 (noise)").And.Contain("jpeg-30 (compression)").And.Match("NO"));
        Assert.That(missed.Error, Does.StartWith("gate not met: identity: 1 of 4 lines of 'mine'"));
        Assert.That(File.Exists(Path.Combine(_folder["whole-gate"], "gate.json")), Is.True);

        File.WriteAllText(_folder["met.json"], """{ "format": "gir-gate", "version": 1, "name": "mine", "tasks": ["2,3"], "clean": 40, "worstGain": 0 }""");
        ToolResult met = Tool.Run("evaluate", "--images", _folder["images"], "--limit", "1", "--gate", _folder["met.json"], "--output", _folder["met-gate"], "--restorer", "identity", "--json");
        Assert.That(met.ExitCode, Is.Zero, met.Error);
        Assert.That(met.Output, Does.StartWith("{").And.Contain("\"gir-gate-report\"").And.Contain("\"isMet\": true"));
    }

    [Test]
    public void A_gates_own_tasks_are_planned_for_the_trained_models()
    {
        ToolResult planned = Tool.Run("evaluate", "--gate", "gir-v1", "--limit", "1", "--output", _folder["planned"], "--dry-run");

        Assert.That(planned.ExitCode, Is.Zero, planned.Error);
        Assert.That(planned.Output, Does.StartWith($"52 tasks x 1 image x 1 restorer ({ModelZoo.Shipped[0]}), gate: gir-v1"));
    }

    [Test]
    public void Step_by_step_and_super_resolution_networks_are_judged_too()
    {
        string checkpoint = _folder["x4.safetensors"];
        ModelZoo.Save(checkpoint, ModelZoo.CreateNetwork("SRVGGNetCompact", HyperParameters.Parse("""{ "num_feat": 8, "num_conv": 1, "upscale": 4 }""")));
        string steps = "step-by-step(noise=median(size=3),blur=richardson-lucy,else=identity)";
        string[] arguments = ["evaluate", "--images", _folder["images"], "--limit", "1", "--tasks", "1-10", "--output", _folder["steps"], "--json"];

        ToolResult result = Tool.Run([.. arguments, "--restorer", $"{steps},{checkpoint},identity"]);

        Assert.That(result.ExitCode, Is.Zero, result.Error);
        GeneralityReport report = GeneralityReport.FromJson(result.Output);
        Assert.That(report.Restorers.Select(r => r.Name), Is.EqualTo(new[] { steps, "x4(input/4)", "identity" }));
        Assert.That(report.Restorers[0].Tasks[0].Means["psnr"], Is.EqualTo(report.Restorers[2].Tasks[0].Means["psnr"]), "resize is left to identity");
        Assert.That(report.Restorers[0].Tasks[2].Means["psnr"], Is.GreaterThan(report.Restorers[2].Tasks[2].Means["psnr"]), "noise is not");
    }

    [Test]
    public void Of_several_networks_in_one_file_the_wrapper_chooses()
    {
        string checkpoint = TestData.Shared("faults", "checkpoint-wrapper-unreachable", "gen_disc.pth");
        string[] arguments = ["evaluate", "--images", _folder["images"], "--limit", "1", "--tasks", "2", "--output", _folder["gan"], "--restorer", checkpoint];

        Assert.That(Tool.Run([.. arguments, "--wrapper", "nonesuch"]).ExitCode, Is.EqualTo(2));
        Assert.That(Tool.Run([.. arguments, "--wrapper", "generator"]).ExitCode, Is.Zero);
        Assert.That(Tool.Run("restore", "-i", Path.Combine(_folder["images"], "picture0.png"), "-o", _folder["gan.png"], "-m", checkpoint, "--wrapper", "generator").ExitCode, Is.Zero);
    }

    [TestCase("--restorer step-by-step", "expected a model for each degradation")]
    [TestCase("--restorer step-by-step(nose=median)", "did you mean 'noise'?")]
    [TestCase("--restorer step-by-step(noise=medain)", "did you mean 'median'?")]
    [TestCase("--restorer step-by-step(noise=median,noise=identity)", "two models for 'noise'")]
    [TestCase("--restorer step-by-step()", "at least one model")]
    [TestCase("--restorer nonesuch", "nonesuch")]
    [TestCase("--restorer median(size=3),medain", "did you mean 'median'?")]
    [TestCase("--gate beauty>=1", "'beauty' is not measured")]
    [TestCase("--gate gir-v9", "--gate gir-v9: expected NAME>=NUMBER, NAME<=NUMBER, gir-v1")]
    [TestCase("--gate gir-v1 --tasks 3", "--gate gir-v1 and --tasks")]
    [TestCase("--gate gir-v1 --lines input", "--gate gir-v1 and --lines")]
    [TestCase("--gate gir-v1 --gate psnr>=1", "goes with no other")]
    [TestCase("--gate gir-v1 --restorer step-by-step(noise=median,else=identity)", "told the task")]
    [TestCase("--tasks 99", "99")]
    [TestCase("--metrics beauty", "'beauty'")]
    [TestCase("--lines missing.json", "--lines missing.json: expected input, gir, published or a JSON file")]
    [TestCase("--restorer nets/missing.pth", "--restorer nets/missing.pth: there is no such file")]
    [TestCase("--test-set nonesuch", "no test set 'nonesuch'")]
    [TestCase("--test-set gir-scenes-v1 --images somewhere", "expected one of them")]
    [TestCase("--images no/such/folder", "no/such/folder")]
    [TestCase("--threads 0", "--threads 0")]
    [TestCase("--nonsense", "--nonsense")]
    public void A_mistake_is_told_in_one_line_with_exit_code_2(string arguments, string told)
    {
        ToolResult result = Tool.Run(["evaluate", .. arguments.Split(' '), "--output", _folder["mistake"]]);

        Assert.That(result.ExitCode, Is.EqualTo(2));
        Assert.That(result.Error, Does.StartWith("error: ").And.Contain(told));
        Assert.That(result.Error.TrimEnd().Split('\n'), Has.Length.EqualTo(1));
        Assert.That(Directory.Exists(_folder["mistake"]), Is.False);
    }

    private static string Lines(string hash) => QualityLines.Fixed("mine", new Dictionary<string, QualityLine> { ["3"] = new(20, 30) }, new LinesOrigin
    {
        TestSet = new LinesTestSet("mine", hash),
        IsReduced = true,
        Settings = new Dictionary<string, string> { ["acceptance"] = "SRCNN, 3 steps" },
    }).ToJson();

    private string[] Arguments(string output) =>
        // Restorers that are quick without vector instructions, too: what is tested is stopping and going on.
        [
            "--images", _folder["images"], "--tasks", "single", "--threads", "1", "--seed", "4", "--output", _folder[output],
            "--restorer", "identity,gaussian,median,unsharp,richardson-lucy,non-local-means",
        ];

    private string Results(string output) => Path.Combine(_folder[output], "results.jsonl");

    private string Report(string output) => File.ReadAllText(Path.Combine(_folder[output], "report.json"));

    /// <summary>Waits until the file holds more than its header; only its length is looked at, since the writer's lock keeps readers out.</summary>
    private void WaitForResults(ToolProcess process, string output)
    {
        const int SomeLines = 1500;
        var file = new FileInfo(Results(output));
        long header = 0;
        SpinWait.SpinUntil(
            () =>
            {
                file.Refresh();
                long length = file.Exists ? file.Length : 0;
                header = header == 0 ? length : header;
                return process.HasExited || (header > 0 && length > header + SomeLines);
            },
            TimeSpan.FromMinutes(1));
        Assert.That(process.HasExited, Is.False, "the run ended before it could be stopped");
    }
}
