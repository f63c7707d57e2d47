using System.Text.Json;
using Gir.Imaging;
using Gir.Imaging.Codecs;
using Gir.Imaging.Random;
using Gir.Metrics.Learned;
using Gir.Models.Features;
using Gir.Models.Serialization;
using Gir.Models.Tensors;

namespace Gir.Cli.Tests;

/// <summary>Learned metrics with weights that a user brings, here small and made by formula.</summary>
public sealed class LearnedScoreTests
{
    private static readonly int[] s_indices = [0, 2, 5, 7, 10, 12, 14, 17, 19, 21, 24, 26, 28];

    private TemporaryFolder _folder = null!;

    [OneTimeSetUp]
    public void SetUp()
    {
        _folder = new TemporaryFolder();
        ImageFile.Save(_folder["a.png"], Images.Gradient(40, 56));
        ImageBuffer other = Images.Gradient(40, 56).Clone();
        foreach (ref float sample in other.Samples)
            sample *= 0.5f;
        ImageFile.Save(_folder["b.png"], other);
        var random = new PhiloxRandom(9);
        float[] Draw(int count) => [.. Enumerable.Range(0, count).Select(_ => (float)random.NextUniform(-0.4, 0.6))];
        var trunk = new Dictionary<string, Tensor>();
        foreach (int index in s_indices)
        {
            trunk[$"features.{index}.weight"] = Tensor.From(Draw(index == 0 ? 108 : 144), [4, index == 0 ? 3 : 4, 3, 3]);
            trunk[$"features.{index}.bias"] = Tensor.From(Draw(4), [4]);
        }

        SafeTensorsFile.Write(_folder["vgg.safetensors"], trunk);
        SafeTensorsFile.Write(_folder["lin.safetensors"], Enumerable.Range(0, 5).Select(i => KeyValuePair.Create($"lin{i}.model.1.weight", Tensor.Full([1, 4, 1, 1], 1 + i))));
        SafeTensorsFile.Write(_folder["dists.safetensors"], [KeyValuePair.Create("alpha", Tensor.Ones([1, 23, 1, 1])), KeyValuePair.Create("beta", Tensor.Ones([1, 23, 1, 1]))]);
    }

    [OneTimeTearDown]
    public void TearDown() => _folder.Dispose();

    [Test]
    public void Scores_are_those_of_the_library()
    {
        (ImageBuffer a, ImageBuffer b) = (ImageFile.Load(_folder["a.png"]), ImageFile.Load(_folder["b.png"]));
        PerceptualNetwork plain = PerceptualNetwork.Load([_folder["vgg.safetensors"], _folder["lin.safetensors"]]);
        PerceptualNetwork smooth = PerceptualNetwork.Load([_folder["vgg.safetensors"], _folder["dists.safetensors"]], isSmooth: true);
        double lpips = new Lpips(plain, plain.Layers, [.. Enumerable.Range(0, 5).Select(i => plain.Heads[$"lin{i}"])]).Measure(a, b).Value;
        double dists = new Dists(smooth, smooth.Layers, smooth.Heads["alpha"], smooth.Heads["beta"]).Measure(a, b).Value;
        Assert.That(new[] { lpips, dists }, Is.All.Positive);
        Assert.That(Score("lpips", "lin"), Is.EqualTo(lpips));
        Assert.That(Score("dists", "dists"), Is.EqualTo(dists));
    }

    [Test]
    public void Semantics_is_calibrated_by_unrelated_pictures_and_then_scored()
    {
        string pictures = Directory.CreateDirectory(_folder["unrelated"]).FullName;
        for (int i = 0; i < 3; i++)
        {
            // One in red, one in green, one in blue: a network of random weights tells nothing finer apart.
            var picture = new ImageBuffer(3, 20 + i, 24);
            picture.Plane(i).Fill(1);
            ImageFile.Save(Path.Combine(pictures, $"{i}.png"), picture);
        }

        string[] calibrate = ["score", "calibrate", "-i", pictures, "--weights", _folder["vgg.safetensors"], "-o", _folder["zero.json"]];
        ToolResult calibrated = Tool.Run(calibrate);
        Assert.That(calibrated.ExitCode, Is.Zero, calibrated.Error);
        Assert.That(calibrated.Output, Does.Contain("vgg16 relu5: mean cosine of 3 unrelated pictures"));
        Assert.That(Tool.Run(calibrate).Error, Does.Contain("exists already"));

        PerceptualNetwork network = PerceptualNetwork.Load([_folder["vgg.safetensors"]]);
        (ImageBuffer a, ImageBuffer b) = (ImageFile.Load(_folder["a.png"]), ImageFile.Load(_folder["b.png"]));
        double expected = new Semantics(network, SemanticsCalibration.Load(_folder["zero.json"])).Measure(a, b).Value;
        string[] score = ["score", "-i", _folder["b.png"], "-r", _folder["a.png"], "-m", "semantics", "--weights", _folder["vgg.safetensors"]];
        ToolResult scored = Tool.Run([.. score, "--calibration", _folder["zero.json"], "--json"]);
        Assert.That(scored.ExitCode, Is.Zero, scored.Error);
        using JsonDocument json = JsonDocument.Parse(scored.Output);
        Assert.That(json.RootElement[0].GetProperty("value").GetDouble(), Is.EqualTo(expected));

        Assert.That(Tool.Run(score).Error, Does.Contain("needs --calibration").And.Contain("gir score calibrate"));
        Assert.That(Tool.Run([.. score, "--calibration", _folder["a.png"]]).Error, Does.Contain("--calibration: ").And.Contain("a.png"));
        Assert.That(Tool.Run([.. calibrate, "--force", "--layer", "relu9"]).Error, Does.Contain("relu9: expected relu1, relu2"));
        Assert.That(Tool.Run([.. calibrate, "--force", "--limit", "1"]).Error, Does.Contain("at least two"));
    }

    [TestCase("--metrics lpips: needs --weights", "lpips")]
    [TestCase("hold no 'lin0'", "lpips", "--weights", "vgg.safetensors")]
    [TestCase("hold no 'alpha'", "dists", "--weights", "vgg.safetensors", "--weights", "lin.safetensors")]
    [TestCase("VGG-16's or AlexNet's", "lpips", "--weights", "lin.safetensors")]
    [TestCase("--weights: ", "lpips", "--weights", "a.png")]
    [TestCase("--weights: ", "lpips", "--weights", "nowhere.pth")]
    public void Mistakes_are_told_in_a_line(string reason, string metric, params string[] weights)
    {
        ToolResult result = Tool.Run(["score", "-i", _folder["b.png"], "-r", _folder["a.png"], "-m", metric, .. weights.Select(w => w == "--weights" ? w : _folder[w])]);
        Assert.That(result.ExitCode, Is.EqualTo(2));
        Assert.That(result.Error, Does.Contain(reason));
        Assert.That(result.Error.TrimEnd(), Does.Not.Contain('\n'));
    }

    private double Score(string metric, string head)
    {
        ToolResult result = Tool.Run(
            ["score", "-i", _folder["b.png"], "-r", _folder["a.png"], "-m", metric, "--weights", _folder["vgg.safetensors"], "--weights", _folder[head + ".safetensors"], "--json"]);
        Assert.That(result.ExitCode, Is.Zero, result.Error);
        using JsonDocument json = JsonDocument.Parse(result.Output);
        return json.RootElement[0].GetProperty("value").GetDouble();
    }
}
