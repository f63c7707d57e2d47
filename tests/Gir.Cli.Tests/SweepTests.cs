using System.Text.Json;
using System.Xml.Linq;

namespace Gir.Cli.Tests;

public sealed class SweepTests
{
    private static readonly string[] s_command = ["sweep", "noise.sigma=0..40:20", "-r", "median,gaussian", "--limit", "1"];

    [Test]
    public void More_noise_is_a_lower_psnr_and_the_table_says_so()
    {
        ToolResult table = Tool.Run(s_command);
        Assert.That(table.ExitCode, Is.Zero, table.Error);
        Assert.That(table.Output, Does.Contain("psnr (high is good), 1 image").And.Contain("noise.sigma").And.Contain("(input)").And.Contain("median"));

        ToolResult result = Tool.Run([.. s_command, "--format", "json", "--threads", "2"]);
        using JsonDocument json = JsonDocument.Parse(result.Output);
        Assert.That(json.RootElement.GetProperty("values").EnumerateArray().Select(v => v.GetDouble()), Is.EqualTo(new[] { 0.0, 20, 40 }));
        JsonElement[] restorers = [.. json.RootElement.GetProperty("restorers").EnumerateArray()];
        Assert.That(restorers.Select(r => r.GetProperty("restorer").GetString()!.Split('(')[0]), Is.EqualTo(new[] { "", "median", "gaussian" }));
        JsonElement[] input = [.. restorers[0].GetProperty("psnr").EnumerateArray()];
        Assert.That(input[0].GetString(), Is.EqualTo("Infinity"));
        Assert.That(input[1].GetDouble(), Is.InRange(21, 24).And.GreaterThan(input[2].GetDouble()));

        string[] csv = Tool.Run([.. s_command, "--format", "csv"]).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.That(csv[0], Is.EqualTo("value,restorer,metric,mean"));
        Assert.That(csv, Has.Length.EqualTo(1 + (3 * 3)));
        Assert.That(csv[1], Does.StartWith("0,(input),psnr,"));
    }

    [Test]
    public void The_chart_draws_a_curve_for_each_restorer_and_a_panel_for_each_metric()
    {
        using var folder = new TemporaryFolder();
        string file = folder["noise.svg"];
        ToolResult result = Tool.Run([.. s_command, "-m", "ssim", "--chart", file]);
        Assert.That(result.ExitCode, Is.Zero, result.Error);
        XElement svg = XDocument.Load(file).Root!;
        XNamespace ns = svg.Name.Namespace;
        string[] texts = [.. svg.Elements(ns + "text").Select(t => t.Value)];
        Assert.That(texts, Does.Contain("psnr (high is good)").And.Contain("ssim (high is good)").And.Contain("(input)"));
        Assert.That(texts.Count(t => t == "noise.sigma (levels)"), Is.EqualTo(2));
        // The input's PSNR without noise is infinite, and has no place.
        Assert.That(svg.Elements(ns + "circle").Count(), Is.EqualTo((3 * 3 * 2) - 1));
        Assert.That(Tool.Run([.. s_command, "--chart", file]).ExitCode, Is.EqualTo(2));
    }

    [TestCase("sigma = -5: expected", "noise.sigma=-5..5:5")]
    [TestCase("expected OPERATOR.PARAMETER=FIRST..LAST:STEP", "noise")]
    [TestCase("--format xml: expected table, json or csv", "noise.sigma=5", "--format", "xml")]
    public void Mistakes_are_told_in_a_line(string reason, params string[] arguments)
    {
        ToolResult result = Tool.Run(["sweep", .. arguments]);
        Assert.That(result.ExitCode, Is.EqualTo(2));
        Assert.That(result.Error, Does.Contain(reason));
        Assert.That(result.Error.Trim(), Does.Not.Contain('\n'));
    }
}
