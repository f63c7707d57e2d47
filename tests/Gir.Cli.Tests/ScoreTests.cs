using System.Text.Json;
using Gir.Imaging;
using Gir.Imaging.Codecs;
using Gir.Metrics;
using Gir.Metrics.FullReference;

namespace Gir.Cli.Tests;

/// <summary>The command as a user runs it.</summary>
public sealed class ScoreTests
{
    private TemporaryFolder _folder = null!;

    [OneTimeSetUp]
    public void SetUp()
    {
        _folder = new TemporaryFolder();
        Directory.CreateDirectory(_folder["clean"]);
        Directory.CreateDirectory(_folder["made"]);
        Directory.CreateDirectory(_folder["odd"]);
        ImageFile.Save(Clean("one.png"), Images.Gradient(100, 120));
        ImageFile.Save(Clean("two.png"), Images.Gradient(100, 120, 1));
        ImageFile.Save(Path.Combine(_folder["made"], "one.bmp"), Images.Gradient(100, 120, 2));
        ImageFile.Save(Path.Combine(_folder["made"], "two.png"), Images.Gradient(100, 120, 3));
        ImageFile.Save(Path.Combine(_folder["odd"], "three.png"), Images.Gradient(100, 120, 3));
        ImageFile.Save(_folder["wide.png"], Images.Gradient(100, 121));
        ImageFile.Save(_folder["small.png"], Images.Gradient(20, 20));
        ImageFile.Save(_folder["gray.png"], new ImageBuffer(1, 100, 120));
        File.WriteAllText(_folder["torn.png"], "no picture");
        File.WriteAllText(_folder["model.mat"], "no model");
        File.WriteAllText(_folder["brisque.model"], "svm_type epsilon_svr\nkernel_type rbf\ngamma 0.05\ntotal_sv 1\nrho -50\nSV\n10 1:0.5\n");
        File.WriteAllText(_folder["brisque.range"], "x\n-1 1\n" + string.Concat(Enumerable.Range(1, 36).Select(i => $"{i} 0 1\n")));
    }

    [OneTimeTearDown]
    public void TearDown() => _folder.Dispose();

    [Test]
    public void The_metrics_are_listed_with_what_each_computes()
    {
        string table = Tool.Run("score", "--list").Output;
        using JsonDocument json = JsonDocument.Parse(Tool.Run("score", "--list", "--profile", "sr", "--scale", "4", "--json").Output);
        var catalog = new MetricCatalog();
        string[] listed = [.. json.RootElement.EnumerateArray().Select(m => m.GetProperty("name").GetString()!)];
        Assert.That(listed, Is.SupersetOf(catalog.FullReference.Select(m => m.Name).Concat(catalog.NoReference.Select(m => m.Name)).Concat(["lpips", "dists", "alignment", "fid", "kid", "brisque"])));
        foreach (string name in listed)
            Assert.That(table, Does.Contain(name));
        JsonElement psnr = json.RootElement.EnumerateArray().Single(m => m.GetProperty("name").GetString() == "psnr");
        Assert.That(psnr.GetProperty("convention").GetString(), Does.Contain("crop 4"));
        Assert.That((psnr.GetProperty("needsReference").GetBoolean(), psnr.GetProperty("best").GetString()), Is.EqualTo((true, "higher")));
    }

    [Test]
    public void Folders_are_matched_by_name_and_JSON_has_a_score_by_image_and_metric_with_averages_last()
    {
        ToolResult result = Run("--image", _folder["made"], "--reference", _folder["clean"], "--metrics", "psnr,niqe,PSNR", "--format", "json");

        Assert.That(result.ExitCode, Is.Zero, result.Error);
        Assert.That(result.Error, Is.Empty, "progress is not for files and pipes");
        using JsonDocument json = JsonDocument.Parse(result.Output);
        JsonElement[] scores = [.. json.RootElement.EnumerateArray()];
        Assert.That(scores.Select(s => s.EnumerateObject().Select(p => p.Name)), Is.All.EqualTo(new[] { "image", "metric", "value", "convention" }));
        Assert.That(
            scores.Select(s => $"{s.GetProperty("image")} {s.GetProperty("metric")}"),
            Is.EqualTo(new[] { "one.bmp psnr", "one.bmp niqe", "two.png psnr", "two.png niqe", "average psnr", "average niqe" }));
        double[] values = [.. scores.Select(s => s.GetProperty("value").GetDouble())];
        Assert.That(values[0], Is.EqualTo(new Psnr().Measure(ImageFile.Load(Clean("one.png")), ImageFile.Load(Path.Combine(_folder["made"], "one.bmp"))).Value));
        Assert.That(values[4], Is.EqualTo((values[0] + values[2]) / 2).Within(1e-12));
        Assert.That(scores[0].GetProperty("convention").GetString(), Is.EqualTo("RGB, no crop, range 1"));
        Assert.That(scores[1].GetProperty("convention").GetString(), Does.Contain("gir-kodak24-v1"));
    }

    [Test]
    public void Identical_images_are_infinitely_alike_in_valid_JSON()
    {
        ToolResult result = Run("--image", Clean("one.png"), "--reference", Clean("one.png"), "--metrics", "psnr", "--format", "json");

        Assert.That(result.ExitCode, Is.Zero, result.Error);
        using JsonDocument json = JsonDocument.Parse(result.Output);
        Assert.That(json.RootElement[0].GetProperty("value").GetString(), Is.EqualTo("Infinity"));
        Assert.That(json.RootElement.GetArrayLength(), Is.EqualTo(1), "one image has no average");
    }

    [Test]
    public void A_redirected_table_is_plain_text_and_csv_quotes_conventions()
    {
        ToolResult table = Run("--image", _folder["made"], "--reference", _folder["clean"], "--profile", "sr", "--scale", "4");
        Assert.That(table.ExitCode, Is.Zero, table.Error);
        Assert.That(table.Output, Does.Not.Contain("\u001b").And.Contain("average").And.Contain("psnr: Y of BT.601 (16..235), crop 4"));

        ToolResult csv = Run("--image", _folder["made"], "--metrics", "entropy", "--format", "csv");
        Assert.That(csv.ExitCode, Is.Zero, csv.Error);
        string[] lines = csv.Output.TrimEnd().Split('\n');
        Assert.That(lines, Has.Length.EqualTo(4));
        Assert.That(lines[0], Is.EqualTo("image,metric,value,convention"));
        Assert.That(lines[1], Does.Match("^one\\.bmp,entropy,[0-9.]+,\"gray .*\"$"));
    }

    [Test]
    public void BRISQUE_is_there_when_its_model_is_given()
    {
        ToolResult result = Run(
            "--image", Clean("one.png"), "--metrics", "brisque", "--brisque-model", _folder["brisque.model"], "--brisque-range", _folder["brisque.range"], "--format", "csv");

        Assert.That(result.ExitCode, Is.Zero, result.Error);
        Assert.That(result.Output, Does.Match("one\\.png,brisque,[0-9.]+,\".*brisque\\.model.*\""));
    }

    [Test]
    public void All_metrics_are_those_that_the_image_allows()
    {
        ToolResult small = Run("--image", _folder["small.png"], "--reference", _folder["small.png"], "--metrics", "all", "--format", "csv");
        Assert.That(small.ExitCode, Is.Zero, small.Error);
        Assert.That(small.Output, Does.Contain("small.png,psnr,").And.Not.Contain("niqe"));
        Assert.That(small.Error, Does.Contain("note: small.png: niqe is left out: niqe needs at least 96 x 96 pixels"));

        Assert.That(Run("--image", _folder["small.png"], "--reference", _folder["small.png"], "--metrics", "ms_ssim").Error, Does.Contain("ms-ssim needs at least"));
        ToolResult tiny = Run("--image", TestData.Shared("faults", "all-metrics-small-image", "small.png"), "--metrics", "all", "--json");
        Assert.That(tiny.ExitCode, Is.Zero, tiny.Error);
        Assert.That(Run("--image", _folder["small.png"], "--metrics", "all", "--quiet").Error, Is.Empty);
    }

    [Test]
    public void Failure_signs_have_two_ends_in_the_table()
    {
        ToolResult result = Run("--image", Clean("one.png"), "--reference", Clean("one.png"), "--metrics", "under,over,detail,sharpness", "--gate", "detail>=-0.5");
        Assert.That(result.ExitCode, Is.Zero, result.Error);
        Assert.That(result.Output, Does.Match(@"image +under ↓ +over ↓ +detail →0 +sharpness →0").And.Match(@"one\.png +0\.0000 +0\.0000 +0\.0000 +0\.0000"));
        Assert.That(result.Output, Does.Contain("detail: Gir's measured proxy"));
    }

    [Test]
    public void A_gate_that_is_not_met_is_exit_code_1()
    {
        string[] arguments = ["--image", _folder["made"], "--reference", _folder["clean"], "--metrics", "psnr,gmsd"];
        Assert.That(Run([.. arguments, "--gate", "psnr>=5", "--gate", "gmsd<=1"]).ExitCode, Is.Zero);

        ToolResult missed = Run([.. arguments, "--gate", "PSNR>=99", "--gate", "gmsd<=0"]);
        Assert.That(missed.ExitCode, Is.EqualTo(1));
        Assert.That(missed.Error, Does.Match(@"^gate not met: psnr is [0-9.]+, expected at least 99\ngate not met: gmsd is [0-9.]+, expected at most 0\n$"));
        Assert.That(missed.Output, Does.Contain("average"));
    }

    [TestCase("--image|clean|--gate|psnr>=3", "'psnr' is not measured; expected 'niqe'")]
    [TestCase("--image|clean|--gate|niqe=3", "--gate niqe=3: expected NAME>=NUMBER or NAME<=NUMBER")]
    [TestCase("--image|clean|--gate|niqe<=NaN", "expected NAME>=NUMBER")]
    [TestCase("--image|nonesuch", "nonesuch' does not exist")]
    [TestCase("--image|torn.png", "torn.png")]
    [TestCase("--image|odd|--reference|clean|--strict", "no reference for 'three.png'")]
    [TestCase("--image|clean|--reference|wide.png", "holds 2 images")]
    [TestCase("--image|clean/one.png|--reference|wide.png", "3 x 100 x 121")]
    [TestCase("--image|gray.png|--reference|clean/one.png", "1 x 100 x 120")]
    [TestCase("--image|small.png", "niqe needs at least 96 x 96 pixels")]
    [TestCase("--image|clean|--metrics|psmr", "psmr")]
    [TestCase("--image|clean|--metrics|psnr", "needs --reference")]
    [TestCase("--image|clean|--metrics|,", "at least one name")]
    [TestCase("--image|clean|--metrics|brisque", "--brisque-model")]
    [TestCase("--image|clean|--brisque-model|brisque.model", "--brisque-range")]
    [TestCase("--image|clean|--brisque-model|torn.png|--brisque-range|brisque.range", "--brisque-model")]
    [TestCase("--image|clean|--niqe-model|missing.mat", "--niqe-model missing.mat")]
    [TestCase("--image|clean|--niqe-model|model.mat", "model.mat: not a usable NIQE model")]
    [TestCase("--image|clean|--profile|best", "--profile best: There is no metric profile 'best'")]
    [TestCase("--image|clean|--profile|sr", "needs a scale")]
    [TestCase("--image|clean|--scale|4", "only --profile sr has a scale")]
    [TestCase("--image|clean|--profile|sr|--scale|0", "--scale 0")]
    [TestCase("--image|clean|--format|xml", "--format xml")]
    [TestCase("--image|clean|--threads|0", "--threads 0")]
    [TestCase("--metrics|psnr", "--image")]
    public void A_mistake_is_told_in_one_line_with_exit_code_2(string arguments, string told)
    {
        ToolResult result = Run([.. arguments.Split('|').Select(a => Path.Exists(_folder[a]) ? _folder[a] : a)]);

        Assert.That(result.ExitCode, Is.EqualTo(2));
        Assert.That(result.Output, Is.Empty);
        Assert.That(result.Error, Does.StartWith("error: ").And.Contain(told));
        Assert.That(result.Error.TrimEnd().Split('\n'), Has.Length.EqualTo(1));
    }

    private static ToolResult Run(params string[] arguments) => Tool.Run(["score", .. arguments]);

    private string Clean(string name) => Path.Combine(_folder["clean"], name);
}
