using Gir.Evaluation.Generality;
using Gir.Imaging.Codecs;

namespace Gir.Cli.Tests;

/// <summary>Evaluations that are shared out.</summary>
public sealed class ShardTests
{
    private TemporaryFolder _folder = null!;

    [OneTimeSetUp]
    public void SetUp()
    {
        _folder = new TemporaryFolder();
        Directory.CreateDirectory(_folder["images"]);
        for (int i = 0; i < 3; i++)
            ImageFile.Save(Path.Combine(_folder["images"], $"picture{i}.png"), Images.Gradient(40, 48, (ulong)i));
    }

    [OneTimeTearDown]
    public void TearDown() => _folder.Dispose();

    [Test]
    public void Merged_shards_are_the_single_run_byte_for_byte_though_one_was_killed()
    {
        Run("whole", "--threads", "2");
        using (ToolProcess killed = ToolProcess.Start(["evaluate", .. Arguments("a", "--shard", "1/2")]))
        {
            var file = new FileInfo(Results("a"));
            SpinWait.SpinUntil(() => { file.Refresh(); return killed.HasExited || (file.Exists && file.Length > 12_000); }, TimeSpan.FromMinutes(1));
            killed.Kill();
            killed.Wait();
        }

        Run("b", "--shard", "2/2", "--threads", "3");
        ToolResult early = Merge("early", "a", "b");
        Assert.That(early.ExitCode, Is.EqualTo(2));
        Assert.That(early.Error, Does.Contain("Shard 1/2").And.Contain("is not complete").And.Contain("run it again"));
        Assert.That(Directory.Exists(_folder["early"]), Is.False);
        Run("a", "--shard", "1/2");

        ToolResult merged = Merge("merged", "b", "a");
        Assert.That(merged.ExitCode, Is.Zero, merged.Error);
        Assert.That(merged.Output, Does.Contain("identity"));
        foreach (string file in (string[])["results.jsonl", "report.json", "report.md", "report.csv"])
            Assert.That(File.ReadAllBytes(Path.Combine(_folder["merged"], file)), Is.EqualTo(File.ReadAllBytes(Path.Combine(_folder["whole"], file))), file);
        Assert.That(File.Exists(Path.Combine(_folder["merged"], "report.html")), Is.True);

        ToolResult again = Merge("merged", "b", "a");
        Assert.That((again.ExitCode, again.Error.Contains("exists already")), Is.EqualTo((2, true)), again.Error);
        Assert.That(GeneralityReport.FromJson(Tool.Run("evaluate", "merge", _folder["a"], _folder["b"], "-o", _folder["merged"], "--force", "--json").Output).Restorers, Has.Count.EqualTo(4));
        ToolResult over = Tool.Run("evaluate", "merge", _folder["a"], _folder["b"], "-o", _folder["a"], "--force");
        Assert.That(over.Error, Does.Contain("of a shard; choose another --output"));

        // The whole evaluation goes on from the merged results: nothing is left to do but pictures and gates.
        ToolResult gate = Tool.Run(["evaluate", .. Arguments("merged", "--gate", "psnr>=1")]);
        Assert.That(gate.ExitCode, Is.Zero, gate.Error);
        Assert.That(File.ReadAllBytes(Results("merged")), Is.EqualTo(File.ReadAllBytes(Results("whole"))));
    }

    [Test]
    public void What_does_not_belong_together_is_told_in_one_line()
    {
        Run("x", "--shard", "1/3", "--limit", "1");
        Run("y", "--shard", "2/3", "--limit", "1", "--seed", "9");

        Told(Merge("z", "x"), "2 of 3 shards missing: 2/3, 3/3");
        Told(Merge("z", "x", "x"), "Shard 1/3 is there twice");
        Told(Merge("z", "x", "nowhere"), "holds no shard");
        Told(Tool.Run(["evaluate", .. Arguments("x", "--shard", "2/3", "--limit", "1")]), "the folder holds shard 1/3, not 2/3");
        Run("x", "--shard", "3/3", "--limit", "1", "--force");
        Run("w", "--shard", "1/3", "--limit", "1");
        Told(Merge("z", "w", "x", "y"), "seed 4 there, 9 here");
    }

    [TestCase("--shard 0/2", "--shard: '0/2' is no shard")]
    [TestCase("--shard 1/2 --gate psnr>=1", "--shard and --gate")]
    [TestCase("--shard 1/2 --gate gir-v1", "--shard and --gate")]
    [TestCase("--shard 1/2 --cost", "--shard and --cost")]
    [TestCase("--shard 1/2 --json", "--shard and --json")]
    [TestCase("merge", "DIR")]
    public void A_mistake_is_told_in_one_line_with_exit_code_2(string arguments, string told)
    {
        Told(Tool.Run(["evaluate", .. arguments.Split(' '), "--output", _folder["mistake"]]), told);
        Assert.That(Directory.Exists(_folder["mistake"]), Is.False);
    }

    private static void Told(ToolResult result, string told)
    {
        Assert.That(result.ExitCode, Is.EqualTo(2), result.Error);
        Assert.That(result.Error, Does.StartWith("error: ").And.Contain(told));
        Assert.That(result.Error.TrimEnd().Split('\n'), Has.Length.EqualTo(1));
    }

    private ToolResult Merge(string output, params string[] shards) =>
        Tool.Run(["evaluate", "merge", .. shards.Select(s => _folder[s]), "--output", _folder[output]]);

    private void Run(string output, params string[] more)
    {
        ToolResult result = Tool.Run(["evaluate", .. Arguments(output, more)]);
        Assert.That(result.ExitCode, Is.Zero, result.Error);
    }

    private string[] Arguments(string output, params string[] more) =>
        [
            "--images", _folder["images"], "--tasks", "single", "--pictures", "0", "--output", _folder[output],
            "--restorer", "identity,gaussian,richardson-lucy,non-local-means", .. more.Contains("--seed") ? more : [.. more, "--seed", "4"],
        ];

    private string Results(string output) => Path.Combine(_folder[output], "results.jsonl");
}
