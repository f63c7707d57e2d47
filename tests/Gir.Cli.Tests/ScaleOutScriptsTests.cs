using System.Diagnostics;

namespace Gir.Cli.Tests;

/// <summary>The scripts of docs/scale-out, with the schedulers' variables and a "gir" that tells how it was called.</summary>
[Platform(Exclude = "Win")]
public sealed class ScaleOutScriptsTests
{
    private TemporaryFolder _folder = null!;

    [SetUp]
    public void SetUp() => _folder = new TemporaryFolder();

    [TearDown]
    public void TearDown() => _folder.Dispose();

    [Test]
    public void A_task_of_a_Slurm_array_makes_the_shard_of_its_number()
    {
        string[] script = [Docs("evaluate.sbatch"), "OUT", "evaluate", "--images", "two words"];
        (string, string)[] task = [("SLURM_ARRAY_TASK_ID", "3"), ("SLURM_ARRAY_TASK_COUNT", "8"), ("SLURM_CPUS_PER_TASK", "4")];

        Assert.That(Run("bash", script, 0, task), Is.EqualTo((0, "[evaluate][--images][two words][--shard][3/8][--threads][4][--output][OUT/shard-3]")));
        Assert.That(Run("bash", script, 3, task).Code, Is.Zero, "images that nobody can read are no reason to begin again");
        Assert.That(Run("bash", script, 130, task).Code, Is.EqualTo(130));
        Assert.That(Run("bash", script, 0, [("SLURM_ARRAY_TASK_ID", "3"), ("SLURM_ARRAY_TASK_COUNT", "1"), ("SHARDS", "8")]).Output, Does.Contain("[3/8][--threads][1]"));
    }

    [Test]
    public void A_pod_of_an_indexed_job_makes_the_shard_of_its_index()
    {
        string[] lines = File.ReadAllLines(Docs("evaluate-job.yaml"));
        int first = Array.FindIndex(lines, l => l.Trim() == "- |") + 1;
        string script = string.Join('\n', lines.Skip(first).TakeWhile(l => l.StartsWith("              ", StringComparison.Ordinal)));
        (string, string)[] pod = [("JOB_COMPLETION_INDEX", "7"), ("SHARDS", "8")];

        Assert.That(Run("sh", ["-c", script], 0, pod), Is.EqualTo(
            (0, "[evaluate][--images][/work/photos][--restorer][gir-v1,median][--threads][2][--shard][8/8][--output][/work/out/shard-8]")));
        Assert.That(Run("sh", ["-c", script], 3, pod).Code, Is.Zero);
        Assert.That(Run("sh", ["-c", script], 2, pod).Code, Is.EqualTo(2));
        Assert.That(lines.Select(l => l.Trim()), Does.Contain("completions: 8").And.Contain("parallelism: 8").And.Contain("value: \"8\""));
    }

    private static string Docs(string file) => Path.Combine(TestData.Root, "docs", "scale-out", file);

    private (int Code, string Output) Run(string shell, string[] arguments, int code, (string Name, string Value)[] variables)
    {
        string tool = _folder["gir"];
        File.WriteAllText(tool, $"#!/bin/sh\nprintf '[%s]' \"$@\"\nexit {code}\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(tool, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var start = new ProcessStartInfo(shell, arguments) { RedirectStandardOutput = true };
        start.Environment["PATH"] = $"{_folder.Root}:{Environment.GetEnvironmentVariable("PATH")}";
        foreach ((string name, string value) in variables)
            start.Environment[name] = value;
        using Process process = Process.Start(start)!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output);
    }
}
