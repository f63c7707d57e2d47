using System.Text.Json;
using System.Xml.Linq;
using Gir.Imaging;
using Gir.Imaging.Codecs;

namespace Gir.Cli.Tests;

public sealed class ExplainTests
{
    private TemporaryFolder _folder = null!;

    [OneTimeSetUp]
    public void SetUp()
    {
        _folder = new TemporaryFolder();
        Directory.CreateDirectory(_folder["in"]);
        ImageFile.Save(Path.Combine(_folder["in"], "one.png"), Images.Gradient(40, 56));
        ImageFile.Save(Path.Combine(_folder["in"], "two.png"), Images.Gradient(48, 48, 1));
    }

    [OneTimeTearDown]
    public void TearDown() => _folder.Dispose();

    [Test]
    public void Maps_are_drawn_and_indices_printed()
    {
        ToolResult result = Run("-i", _folder["in"], "-o", _folder["out"], "--steps", "2", "--around", "32", "--json");
        Assert.That(result.ExitCode, Is.Zero, result.Error);
        using JsonDocument json = JsonDocument.Parse(result.Output);
        JsonElement model = json.RootElement[0];
        double[] images = [.. model.GetProperty("images").EnumerateObject().Select(p => p.Value.GetDouble())];
        Assert.That(model.GetProperty("model").GetString(), Is.EqualTo("gir-v1"));
        Assert.That(images, Has.Length.EqualTo(2).And.All.InRange(0.01, 99.9));
        Assert.That(model.GetProperty("diffusionIndex").GetDouble(), Is.EqualTo(images.Average()).Within(1e-12));
        ImageBuffer map = ImageFile.Load(Path.Combine(_folder["out"], "one.gir-v1.png"));
        Assert.That((map.Channels, map.Height, map.Width), Is.EqualTo((3, 32, 32)));
        Assert.That(Run("-i", _folder["in"], "-o", _folder["out"], "--steps", "2").ExitCode, Is.EqualTo(2), "existing pictures are not replaced");
    }

    [Test]
    public void A_table_has_an_average()
    {
        ToolResult result = Run("-i", _folder["in"], "--method", "input-gradients", "--whole");
        Assert.That(result.ExitCode, Is.Zero, result.Error);
        Assert.That(result.Output, Does.Contain("Diffusion index").And.Contain("one.png").And.Contain("average"));
    }

    [TestCase("--window 1,2: expected top,left,size", "--window", "1,2")]
    [TestCase("--window 30,0,16: reaches beyond the result of 40 x 56", "--window", "30,0,16")]
    [TestCase("--window 1,2,3: goes not with --whole", "--window", "1,2,3", "--whole")]
    [TestCase("--method lam: expected", "--method", "lam")]
    [TestCase("--steps 0: expected 1..1000", "--steps", "0")]
    [TestCase("--model median: is no network", "--model", "median")]
    public void Mistakes_are_told_in_a_line(string reason, params string[] arguments)
    {
        // No model named: the one that comes with the package.
        ToolResult result = Tool.Run(["explain", "lam", "-i", Path.Combine(_folder["in"], "one.png"), .. arguments]);
        Assert.That(result.ExitCode, Is.EqualTo(2));
        Assert.That(result.Error, Does.Contain(reason));
    }

    [Test]
    public void Representations_are_compared_and_drawn()
    {
        string[] arguments = ["explain", "ddr", "-i", _folder["in"], "-m", "gir-v1", "-l", "up0", "-l", "body", "--size", "32", "--crops", "2", "-o", _folder["ddr"]];
        ToolResult result = Tool.Run([.. arguments, "--json"]);
        Assert.That(result.ExitCode, Is.Zero, result.Error);
        using JsonDocument json = JsonDocument.Parse(result.Output);
        Assert.That(json.RootElement.EnumerateArray().Select(m => m.GetProperty("layer").GetString()), Is.EqualTo(new[] { "up0", "body" }));
        foreach (JsonElement model in json.RootElement.EnumerateArray())
        {
            Assert.That(model.GetProperty("points").GetInt32(), Is.EqualTo(12));
            Assert.That(model.GetProperty("calinskiHarabasz").GetDouble(), Is.Positive);
            Assert.That(model.GetProperty("srga").EnumerateObject().Select(p => p.Name), Is.EqualTo(new[] { "blur(sigma=2)", "noise(sigma=20)" }));
        }

        XDocument svg = XDocument.Load(Path.Combine(_folder["ddr"], "ddr.svg"));
        string[] texts = [.. svg.Descendants().Where(e => e.Name.LocalName == "text").Select(e => e.Value)];
        Assert.That(texts, Does.Contain("noise(sigma=20)"));
        Assert.That(texts[0], Does.StartWith("gir-v1 up0: CHI "));
        Assert.That(svg.Descendants().Count(e => e.Name.LocalName == "circle"), Is.EqualTo((2 * 12) + 3));
        ImageBuffer picture = ImageFile.Load(Path.Combine(_folder["ddr"], "ddr.png"));
        Assert.That((picture.Height, picture.Width).ToString(), Is.EqualTo($"({svg.Root!.Attribute("height")!.Value}, {svg.Root.Attribute("width")!.Value})"));
        Assert.That(picture.Samples.ToArray().Distinct().Count(), Is.GreaterThan(20));
        Assert.That(Tool.Run(arguments).ExitCode, Is.EqualTo(2), "existing figures are not replaced");
        Assert.That(Tool.Run([.. arguments, "--force"]).Output, Does.Contain("CHI").And.Contain("up0"));
    }

    [Test]
    public void Layers_are_listed()
    {
        ToolResult result = Tool.Run(["explain", "ddr", "-i", _folder["in"], "-m", "gir-v1", "--list-layers", "--size", "32"]);
        Assert.That(result.ExitCode, Is.Zero, result.Error);
        Assert.That(result.Output, Does.Match(@"gir-v1\tup0\t\d+ x 16 x 16\t\(default\)"));
    }

    [TestCase("--layer nose: ", "--layer", "nose")]
    [TestCase("--degradation fog", "-d", "clean", "-d", "fog")]
    [TestCase("--degradation: There are 1", "-d", "noise")]
    [TestCase("--size: Expected 8..1024", "--size", "4")]
    [TestCase("--crops: Expected 1..64", "--crops", "0")]
    [TestCase("expected at least 128 x 128")]
    public void Mistakes_in_ddr_are_told_in_a_line(string reason, params string[] arguments)
    {
        ToolResult result = Tool.Run(["explain", "ddr", "-i", Path.Combine(_folder["in"], "one.png"), "-m", "gir-v1", .. arguments]);
        Assert.That(result.ExitCode, Is.EqualTo(2));
        Assert.That(result.Error, Does.Contain(reason));
    }

    private static ToolResult Run(params string[] arguments) => Tool.Run(["explain", "lam", "-m", "gir-v1", .. arguments]);
}
