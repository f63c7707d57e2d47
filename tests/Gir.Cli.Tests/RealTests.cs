using System.Text.Json;
using Gir.Imaging.Codecs;

namespace Gir.Cli.Tests;

public sealed class RealTests
{
    [Test]
    public void Restorers_stand_down_and_types_across()
    {
        using var folder = new TemporaryFolder();
        foreach ((string type, ulong seed) in new (string, ulong)[] { ("natural/rain", 1), ("natural/snow", 2), ("others/film", 3) })
        {
            Directory.CreateDirectory(Path.Combine(folder["real"], type));
            Directory.CreateDirectory(Path.Combine(folder["truth"], type));
            ImageFile.Save(Path.Combine(folder["real"], type, "a.png"), Images.Gradient(112, 112, seed));
            ImageFile.Save(Path.Combine(folder["truth"], type, "a.png"), Images.Gradient(112, 112, seed + 10));
        }

        ToolResult table = Tool.Run("real", "-i", folder["real"], "-r", "median,gaussian", "--output", folder["report.json"]);
        Assert.That(table.ExitCode, Is.Zero, table.Error);
        Assert.That(table.Output, Does.Contain("NIQE (low is good)").And.Contain("natural").And.Contain("film").And.Contain("mean of").And.Contain("(input)").And.Contain("median").And.Not.Contain("PSNR"));
        using JsonDocument json = JsonDocument.Parse(File.ReadAllText(folder["report.json"]));
        Assert.That(json.RootElement.GetProperty("types").EnumerateArray().Select(t => t.GetProperty("name").GetString()), Is.EqualTo(new[] { "natural/rain", "natural/snow", "others/film" }));
        Assert.That(Tool.Run("real", "-i", folder["real"], "--output", folder["report.json"]).ExitCode, Is.EqualTo(2));

        ToolResult paired = Tool.Run("real", "-i", folder["real"], "--references", folder["truth"], "-r", "median", "--json");
        using JsonDocument both = JsonDocument.Parse(paired.Output);
        Assert.That(both.RootElement.GetProperty("metrics").EnumerateArray().Select(m => m.GetProperty("name").GetString()), Is.EqualTo(new[] { "psnr", "ssim", "niqe" }));

        File.WriteAllText(Path.Combine(folder["real"], "others", "film", "b.png"), "no image");
        ToolResult partly = Tool.Run("real", "-i", folder["real"], "-r", "median");
        Assert.That(partly.ExitCode, Is.EqualTo(3));
        Assert.That(partly.Error, Does.Contain("b.png").And.Contain("1 of 4 images left out"));

        foreach ((string reason, string[] arguments) in new (string, string[])[]
        {
            ("--images nowhere: there is no such folder", ["-i", "nowhere"]),
            ("expected a folder with a folder of images for each type", ["-i", Path.Combine(folder["real"], "others", "film")]),
            ("--metrics psnr: needs --references", ["-i", folder["real"], "-m", "psnr"]),
            ("--limit 0: expected at least 1", ["-i", folder["real"], "--limit", "0"]),
        })
        {
            ToolResult mistake = Tool.Run(["real", .. arguments]);
            Assert.That(mistake.ExitCode, Is.EqualTo(2));
            Assert.That(mistake.Error, Does.Contain(reason));
        }
    }
}
