using System.Text.Json;
using Gir.Imaging.Codecs;

namespace Gir.Cli.Tests;

public sealed class SelectTasksTests
{
    [Test]
    public void The_tasks_file_is_one_that_evaluate_reads()
    {
        using var folder = new TemporaryFolder();
        string file = folder["tasks.txt"];
        ToolResult result = Tool.Run("select-tasks", "--orders", "1-2", "--limit", "2", "--size", "32", "--per-order", "3", "--output", file);
        Assert.That(result.ExitCode, Is.Zero, result.Error);
        Assert.That(result.Output, Does.Contain("k = 1: 10 candidates of 10 sequences").And.Contain("k = 2: 70 candidates of 70 sequences").And.Contain("k2-3").And.Contain($"Tasks: {file}"));
        Assert.That(File.ReadAllLines(file).Count(l => !l.StartsWith('#')), Is.EqualTo(6));

        ToolResult evaluated = Tool.Run("evaluate", "--tasks", file, "--limit", "1", "-r", "median", "-o", folder["results"], "--dry-run");
        Assert.That(evaluated.ExitCode, Is.Zero, evaluated.Error);
        Assert.That(evaluated.Output, Does.StartWith("6 tasks x 1 image x 1 restorer"));

        ToolResult again = Tool.Run("select-tasks", "--orders", "1", "--output", file);
        Assert.That((again.ExitCode, again.Error), Is.EqualTo((2, $"error: '{file}' exists already; --force replaces it.\n")));
    }

    [Test]
    public void Images_of_the_users_own_and_random_strength_give_json()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["clean"]);
        ImageFile.Save(Path.Combine(folder["clean"], "a.png"), Images.Gradient(50, 60, 1));
        ImageFile.Save(Path.Combine(folder["clean"], "b.png"), Images.Gradient(40, 40, 2));
        File.WriteAllText(Path.Combine(folder["clean"], "c.png"), "no image");
        string[] command = ["select-tasks", "-i", folder["clean"], "-k", "2", "-c", "40", "-n", "4", "--size", "40", "--strength", "random", "-o", folder["tasks.txt"], "--json", "-f"];
        ToolResult result = Tool.Run(command);
        Assert.That(result.ExitCode, Is.EqualTo(3));
        using JsonDocument json = JsonDocument.Parse(result.Output);
        JsonElement order = json.RootElement.GetProperty("orders")[0];
        Assert.That(json.RootElement.GetProperty("images").GetInt32(), Is.EqualTo(2));
        Assert.That(order.GetProperty("candidates").GetInt32(), Is.EqualTo(40));
        Assert.That(order.GetProperty("tasks").EnumerateArray().Sum(t => t.GetProperty("members").GetInt32()), Is.EqualTo(40));
        Assert.That(Tool.Run([.. command, "--threads", "3"]).Output, Is.EqualTo(result.Output));
    }

    [TestCase("--orders 0-2: expected numbers of 1..5", "--orders", "0-2")]
    [TestCase("--size 30: expected a multiple of 4", "--size", "30")]
    [TestCase("--strength strong: expected", "--strength", "strong")]
    [TestCase("candidates = 1", "--candidates", "1", "-k", "1")]
    [TestCase("--limit 0: expected at least 1", "--limit", "0")]
    public void Mistakes_are_told_in_a_line(string reason, params string[] arguments)
    {
        ToolResult result = Tool.Run(["select-tasks", .. arguments]);
        Assert.That(result.ExitCode, Is.EqualTo(2));
        Assert.That(result.Error, Does.Contain(reason));
        Assert.That(result.Error.Trim(), Does.Not.Contain('\n'));
    }
}
