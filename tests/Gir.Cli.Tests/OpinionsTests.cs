using System.Globalization;
using System.Text.Json;
using Gir.Imaging;
using Gir.Imaging.Codecs;
using Gir.Imaging.Random;

namespace Gir.Cli.Tests;

/// <summary>A small collection in the manner of the field's: three scenes, noise and darkening of rising strength, scores that fall with it.</summary>
public sealed class OpinionsTests
{
    private static readonly double[] s_strengths = [0.02, 0.05, 0.1, 0.2];

    private TemporaryFolder _folder = null!;

    [OneTimeSetUp]
    public void SetUp()
    {
        _folder = new TemporaryFolder();
        Directory.CreateDirectory(_folder["images"]);
        Directory.CreateDirectory(_folder["references"]);
        var tid = new List<string>();
        var kadid = new List<string> { "dist_img,ref_img,dmos,var" };
        for (int scene = 1; scene <= 3; scene++)
        {
            ImageBuffer clean = Images.Gradient(96, 112, (ulong)scene);
            ImageFile.Save(Path.Combine(_folder["references"], $"I0{scene}.BMP"), clean);
            for (int i = 0; i < s_strengths.Length; i++)
            {
                string name = $"i0{scene}_01_{i + 1}.bmp";
                ImageFile.Save(Path.Combine(_folder["images"], name), Noisy(clean, s_strengths[i], (ulong)(scene * 10)));
                string score = (8 - (2 * i) + (0.1 * scene)).ToString(CultureInfo.InvariantCulture);
                tid.Add($"{score} {name.ToUpperInvariant()}");
                kadid.Add($"{name},I0{scene}.bmp,{score},0.04");
            }
        }

        File.WriteAllLines(_folder["mos_with_names.txt"], tid);
        File.WriteAllLines(_folder["dmos.csv"], kadid);
    }

    [OneTimeTearDown]
    public void TearDown() => _folder.Dispose();

    [TestCase("tid2013", "mos_with_names.txt")]
    [TestCase("kadid10k", "dmos.csv")]
    public void Images_are_found_whatever_their_case_and_measured(string form, string file)
    {
        ToolResult result = Tool.Run(
            "opinions", "--data", _folder[file], "--form", form, "--images", _folder["images"], "--references", _folder["references"],
            "--metrics", "psnr,mae,detail", "--against", "mae", "--resamples", "100", "--json");
        Assert.That(result.ExitCode, Is.Zero, result.Error);
        using JsonDocument json = JsonDocument.Parse(result.Output);
        JsonElement report = json.RootElement[0];
        Assert.That((report.GetProperty("images").GetInt32(), report.GetProperty("scenes").GetInt32()), Is.EqualTo((12, 3)));
        JsonElement[] metrics = [.. report.GetProperty("metrics").EnumerateArray()];
        Assert.That(metrics.Select(m => m.GetProperty("metric").GetString()), Is.EqualTo(new[] { "psnr", "mae", "detail" }));
        // More noise is a lower score in every scene, and every metric says so, whatever its direction.
        Assert.That(metrics.Select(m => m.GetProperty("withinScenes").GetProperty("srcc").GetProperty("value").GetDouble()), Is.All.EqualTo(1).Within(1e-12));
        Assert.That(metrics[0].GetProperty("difference").GetProperty("against").GetString(), Is.EqualTo("mae"));
        Assert.That(metrics[1].TryGetProperty("difference", out _), Is.False);
        Assert.That(metrics[0].GetProperty("srcc").GetProperty("low").GetDouble(), Is.LessThanOrEqualTo(metrics[0].GetProperty("srcc").GetProperty("value").GetDouble()));
    }

    [Test]
    public void Scores_that_score_wrote_agree_with_those_measured_here()
    {
        ToolResult scores = Tool.Run("score", "--image", _folder["images"], "--metrics", "niqe,entropy", "--format", "csv");
        File.WriteAllText(_folder["scores.csv"], scores.Output);
        string[] common = ["opinions", "--data", _folder["mos_with_names.txt"], "--form", "tid2013", "--resamples", "20", "--json"];
        ToolResult read = Tool.Run([.. common, "--scores", _folder["scores.csv"]]);
        ToolResult measured = Tool.Run([.. common, "--images", _folder["images"], "--references", _folder["references"], "--metrics", "niqe,entropy"]);
        Assert.That(read.ExitCode, Is.Zero, read.Error);
        Assert.That(read.Output, Is.EqualTo(measured.Output));
    }

    [Test]
    public void Tables_say_what_they_show()
    {
        ToolResult result = Tool.Run("opinions", "--data", _folder["mos_with_names.txt"], "--form", "tid2013", "--images", _folder["images"], "-r", _folder["references"], "--resamples", "20");
        Assert.That(result.ExitCode, Is.Zero, result.Error);
        Assert.That(result.Output, Does.Contain("TID2013: 12 images, 3 scenes").And.Contain("SRCC").And.Contain("psnr").And.Contain("ssim").And.Contain("20 resamples of the scenes, seed 0"));
    }

    [Test]
    public void A_missing_image_is_told_and_the_rest_is_judged()
    {
        File.WriteAllText(_folder["more.txt"], File.ReadAllText(_folder["mos_with_names.txt"]) + "3 I09_01_1.bmp\n");
        string[] command = ["opinions", "--data", _folder["more.txt"], "--form", "tid2013", "--images", _folder["images"], "-r", _folder["references"], "-m", "psnr", "--resamples", "0"];
        ToolResult result = Tool.Run(command);
        Assert.That(result.ExitCode, Is.EqualTo(3));
        Assert.That(result.Error, Does.Contain("'I09_01_1.bmp'").And.Contain("1 of 13 images left out"));
        Assert.That(result.Output, Does.Contain("12 images"));
        Assert.That(Tool.Run([.. command, "--strict"]).ExitCode, Is.EqualTo(2));
    }

    [TestCase("expected --images", "--form", "tid2013")]
    [TestCase("--form tid: expected one of tid2013", "--form", "tid", "--images", "x")]
    [TestCase("--dimension overall: only --form generative", "--dimension", "overall", "--images", "x")]
    [TestCase("--scale best: expected", "--form", "csv", "--scale", "best", "--images", "x")]
    [TestCase("--columns image: 'image' is no NAME=COLUMN", "--form", "csv", "--columns", "image", "--images", "x")]
    [TestCase("there is no 'mos'; expected image=NAME", "--form", "csv", "--columns", "mos=a", "--images", "x")]
    [TestCase("--images nowhere: there is no such folder", "--form", "tid2013", "--images", "nowhere")]
    [TestCase("--resamples -1: expected 0..10000", "--form", "tid2013", "--images", "x", "--resamples", "-1")]
    public void Mistakes_are_told_in_a_line(string reason, params string[] arguments)
    {
        ToolResult result = Tool.Run(["opinions", "--data", _folder["mos_with_names.txt"], .. arguments]);
        Assert.That(result.ExitCode, Is.EqualTo(2));
        Assert.That(result.Error, Does.Contain(reason));
        Assert.That(result.Error.Trim(), Does.Not.Contain('\n'));
    }

    private static ImageBuffer Noisy(ImageBuffer clean, double strength, ulong seed)
    {
        ImageBuffer noisy = clean.Clone();
        var random = new PhiloxRandom(seed);
        foreach (ref float sample in noisy.Samples)
            sample = (float)Math.Clamp(sample + (strength * ((2 * random.NextDouble()) - 1)), 0, 1);
        return noisy;
    }
}
