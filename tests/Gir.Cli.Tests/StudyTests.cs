using System.Xml.Linq;
using Gir.Evaluation.Recipes;
using Gir.Evaluation.Studies.Diffusion;
using Gir.Metrics.Analysis;
using Gir.Reports.Studies;

namespace Gir.Cli.Tests;

/// <summary>"study cldm": what it would do, what it refuses, and the figures of results. That the experiments run is tested where they live.</summary>
public sealed class StudyTests
{
    private TemporaryFolder? _folder;

    [SetUp]
    public void Prepare()
    {
        _folder = new TemporaryFolder();
        Directory.CreateDirectory(Path.Combine(_folder["training"], "control"));
        File.WriteAllText(Path.Combine(_folder["training"], "recipe.json"), TrainingRecipes.Load("cldm-scenes").ToJson());
        File.WriteAllText(Path.Combine(_folder["training"], "control", "weights.safetensors"), "");
    }

    [TearDown]
    public void Remove() => _folder!.Dispose();

    [Test]
    public void A_dry_run_tells_the_experiments_and_does_nothing()
    {
        ToolResult result = Tool.Run("study", "cldm", "--input", _folder!["training"], "--output", _folder["study"], "--dry-run");
        Assert.That(result.ExitCode, Is.Zero, result.Error);
        Assert.That(result.Output.TrimEnd().Split('\n'), Has.Length.EqualTo(DiffusionStudy.Experiments.Count));
        Assert.That(result.Output, Does.Contain("1-plane.json: perception against distortion").And.Contain("8-pixels.json"));
        Assert.That(Directory.Exists(_folder["study"]), Is.False);
        ToolResult one = Tool.Run("study", "cldm", "-i", _folder["training"], "-o", _folder["study"], "-n", "-e", "start");
        Assert.That(one.Output, Does.Contain("6-start.json").And.Not.Contain("1-plane.json"));
    }

    [TestCase("there is no such experiment; expected", "-e", "plain")]
    [TestCase("'x' is no number", "--blur", "0,x")]
    [TestCase("'1.5' is no number", "--step-counts", "1.5")]
    [TestCase("Expected 2..10000", "--images", "1")]
    [TestCase("ascending", "--blur", "1,0.5")]
    [TestCase("--threads 0", "--threads", "0")]
    public void Mistakes_are_told_in_a_line(string reason, params string[] arguments)
    {
        ToolResult result = Tool.Run(["study", "cldm", "-i", _folder!["training"], "-o", _folder["study"], .. arguments]);
        Assert.That(result.ExitCode, Is.EqualTo(2));
        Assert.That(result.Error, Does.Contain(reason));
        Assert.That(result.Error.TrimEnd(), Does.Not.Contain('\n'));
    }

    [Test]
    public void A_training_that_is_not_done_is_refused()
    {
        File.Delete(Path.Combine(_folder!["training"], "control", "weights.safetensors"));
        ToolResult result = Tool.Run("study", "cldm", "-i", _folder["training"], "-o", _folder["study"]);
        Assert.That(result.ExitCode, Is.EqualTo(2));
        Assert.That(result.Error, Does.Contain("not done"));
    }

    [Test]
    public void Results_become_figures_and_tables()
    {
        static Estimate At(double value) => new(value, value - 0.1, value + 0.1);
        var values = new Dictionary<string, Estimate>
        {
            ["psnr"] = At(20), ["ssim"] = At(0.5), ["deep"] = At(0.3), ["alignment"] = At(0.7), ["local"] = At(0.6), ["flips"] = At(0.2), ["spread"] = At(0.4), ["milliseconds"] = new(12), ["parameters"] = new(1e6),
            ["factor"] = new(4), ["channels"] = new(4), ["band1"] = At(1), ["band2"] = At(0.9), ["band3"] = At(0.8), ["band4"] = At(0.7),
        };
        string[] systems = ["input", "initial", "cldm-5", "cldm-20"];
        StudyResult[] results =
        [
            .. DiffusionStudy.Experiments.Select(e => new StudyResult(e, 8, 3, [$"a note of {e}"], [.. systems.SelectMany(s => new[] { "by step", "a & b" }.Select((t, i) => new StudyRow(s, t, i + 1, values)))])
            {
                Size = "8 scenes",
            }),
        ];
        IReadOnlyList<string> files = DiffusionStudyReport.Write(results, _folder!.Root);
        Assert.That(files.Select(Path.GetFileName), Is.EqualTo(DiffusionStudy.Experiments.Select(e => e + ".svg").Append("study.md")));
        foreach (string file in files.SkipLast(1))
        {
            string svg = File.ReadAllText(file);
            Assert.That(XDocument.Parse(svg).Root!.Name.LocalName, Is.EqualTo("svg"), file);
            Assert.That(svg, Does.Not.Contain("NaN").And.Not.Contain("∞"), file);
        }

        // The steps of latent diffusion are one curve with labels.
        string plane = File.ReadAllText(files[0]);
        Assert.That(plane, Does.Contain(">cldm, by steps</text>").And.Contain(">20</text>").And.Contain("a &amp; b"));
        string page = File.ReadAllText(files[^1]);
        Assert.That(page, Does.Contain("- a note of ceiling").And.Contain("20.00 (19.90 to 20.10)").And.Contain("![perception against distortion](plane.svg)"));
    }
}
