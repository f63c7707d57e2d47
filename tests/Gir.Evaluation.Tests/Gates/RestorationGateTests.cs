using System.Text.Json;
using Gir.Degradations.Depth;
using Gir.Evaluation.Gates;
using Gir.Imaging;
using Gir.Models.Restoration;

namespace Gir.Evaluation.Tests.Gates;

public sealed class RestorationGateTests
{
    private static readonly BenchmarkOptions s_options = new() { DepthEstimator = new HeuristicDepthEstimator() };

    // Of 8 bits, so that what is saved is what was there.
    private static readonly BenchmarkImage[] s_images =
        [.. Enumerable.Range(1, 2).Select(i => BenchmarkImage.FromBuffer($"image{i}", Pictures.Gradient(16, 20, (ulong)i).Quantized()))];

    [Test]
    public void The_shipped_gate_measures_the_representative_tasks_a_JPEG_of_its_own_and_what_is_clean()
    {
        RestorationGate gate = RestorationGate.Load("gir-v1");

        Assert.That(RestorationGate.Names, Does.Contain("gir-v1"));
        Assert.That(gate.ResolveTasks().Select(t => t.Id), Is.EqualTo([.. Enumerable.Range(1, 50).Select(i => $"{i}"), "jpeg-30", "clean"]));
    }

    [Test]
    public async Task Doing_nothing_harms_nothing_and_helps_nothing()
    {
        RestorationGate gate = RestorationGate.FromJson(
            """
            {
              "format": "gir-gate", "version": 1, "name": "mine", "tasks": ["3,4"], "clean": 100, "worstGain": 0, "meanGain": 0.1,
              "lines": { "3": { "psnr": 1, "gain": 0.1 }, "mild": { "pipeline": "noise(sigma=2)", "psnr": 30 } }
            }
            """);

        GateReport report = await new Benchmark(s_options).JudgeAsync([new IdentityRestorer()], gate, s_images);

        GateVerdict verdict = report.Restorers[0];
        Assert.That(verdict.Checks.Select(c => c.IsMet), Is.EqualTo(new[] { true, true, false, true, false, true }));
        Assert.That(verdict.Checks[0].Found, Is.EqualTo(double.PositiveInfinity), "what is clean stays what it was");
        Assert.That(verdict.Checks.Skip(1).Select(c => c.Where), Is.EqualTo(new[] { "3 (noise)", "2 tasks", "3 (noise)", "3 (noise)", "mild (noise)" }));
        Assert.That((verdict.IsMet, report.IsMet), Is.EqualTo((false, false)));
        Assert.That(verdict.Tasks.Select(t => t.Gain), Is.All.Zero);
    }

    [Test]
    public async Task Harm_is_found_by_task_and_image()
    {
        RestorationGate gate = new() { Name = "mine", Tasks = ["3,7"], Clean = 40, WorstGain = -0.05 };

        GateReport report = await new Benchmark(s_options).JudgeAsync([FakeRestorer.Shift(0.1f)], gate, Pictures.Set(2));

        GateVerdict verdict = report.Restorers[0];
        Assert.That(verdict.Clean.Select(c => c.Psnr), Is.All.InRange(19.5, 20.5), "a shift of a tenth is 20 dB");
        Assert.That(verdict.Checks[0].Where, Does.EndWith("; 2 of 2 below"));
        Assert.That(verdict.Checks[1].Found, Is.EqualTo(verdict.Tasks.Min(t => t.Gain)).And.Negative);
        Assert.That(verdict.Checks.Select(c => c.IsMet), Is.All.False);
        using JsonDocument json = JsonDocument.Parse(report.ToJson());
        Assert.That(json.RootElement.GetProperty("restorers")[0].GetProperty("isMet").GetBoolean(), Is.False);
        Assert.That(json.RootElement.GetProperty("images").GetArrayLength(), Is.EqualTo(2));
    }

    [Test]
    public async Task An_interrupted_run_goes_on_from_its_file()
    {
        using var folder = new TemporaryFolder();
        BenchmarkOptions options = s_options with { ResultsPath = folder["results.jsonl"] };
        RestorationGate gate = new() { Name = "mine", Tasks = ["3,7"], Clean = 40, WorstGain = 0 };
        var first = new FakeRestorer("one", i => i.Clone());
        string report = (await new Benchmark(options).JudgeAsync([first], gate, Pictures.Set(2))).ToJson();
        string[] lines = File.ReadAllLines(folder["results.jsonl"]);
        File.WriteAllLines(folder["results.jsonl"], lines[..^3]);

        var second = new FakeRestorer("one", i => i.Clone());
        string resumed = (await new Benchmark(options).JudgeAsync([second], gate, Pictures.Set(2))).ToJson();

        Assert.That((first.Calls, second.Calls), Is.EqualTo((6, 3)));
        Assert.That(resumed, Is.EqualTo(report));
    }

    [Test]
    public void Restorers_that_are_told_the_task_are_refused()
    {
        var told = new SingleTaskModels(new Dictionary<string, IRestorer> { ["noise"] = FakeRestorer.Identity() });

        Assert.That(
            async () => await new Benchmark(s_options).JudgeAsync([told], RestorationGate.Load("gir-v1"), Pictures.Set(1)),
            Throws.ArgumentException.With.Message.Contains("is told the task"));
    }

    [TestCase("""{ "format": "gir-lines", "version": 1, "name": "x", "clean": 1 }""", "\"format\": \"gir-gate\"")]
    [TestCase("""{ "format": "gir-gate", "version": 2, "name": "x", "clean": 1 }""", "format version 2")]
    [TestCase("""{ "format": "gir-gate", "version": 1, "clean": 1 }""", "name")]
    [TestCase("""{ "format": "gir-gate", "version": 1, "name": "x" }""", "asks for nothing")]
    [TestCase("""{ "format": "gir-gate", "version": 1, "name": "x", "cleen": 1 }""", "cleen")]
    [TestCase("""{ "format": "gir-gate", "version": 1, "name": "x", "clean": "40" }""", "clean")]
    [TestCase("""{ "format": "gir-gate", "version": 1, "name": "x", "tasks": ["1-51"], "clean": 1 }""", "1-51")]
    [TestCase("""{ "format": "gir-gate", "version": 1, "name": "x", "tasks": [], "clean": 1 }""", "tasks")]
    [TestCase("""{ "format": "gir-gate", "version": 1, "name": "x", "lines": { "3": {} } }""", "expected \"psnr\" or \"gain\"")]
    [TestCase("""{ "format": "gir-gate", "version": 1, "name": "x", "lines": { "3": { "pipeline": "blur", "gain": 1 } } }""", "has a pipeline already")]
    [TestCase("""{ "format": "gir-gate", "version": 1, "name": "x", "lines": { "mine": { "gain": 1 } } }""", "expected a \"pipeline\"")]
    [TestCase("""{ "format": "gir-gate", "version": 1, "name": "x", "lines": { "mine": { "pipeline": "fog", "gain": 1 } } }""", "fog")]
    [TestCase("""{ "format": "gir-gate", "version": 1, "name": "x", "lines": { "clean": { "pipeline": "blur", "gain": 1 } } }""", "'clean'")]
    public void What_is_no_gate_is_refused_with_its_place(string json, string expected) =>
        Assert.That(() => RestorationGate.FromJson(json, "gate.json"), Throws.TypeOf<EvaluationException>().With.Message.StartsWith("gate.json").And.Message.Contains(expected));

    [Test]
    public void An_unknown_name_tells_the_known_ones() =>
        Assert.That(() => RestorationGate.Load("gir-v9"), Throws.TypeOf<EvaluationException>().With.Message.Contains("gir-v1"));
}
