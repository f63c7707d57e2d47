using Gir.Cli.Shell;
using Gir.Imaging;
using Gir.Imaging.Codecs;
using Gir.Imaging.Files;

namespace Gir.Cli.Tests;

/// <summary>Folders as they are: a file that cannot be read does not stop the others.</summary>
public sealed class FolderTests
{
    private static readonly string[][] s_commands =
    [
        ["degrade", "--input", "in", "--output", "out", "--pipeline", "noise"],
        ["restore", "--input", "in", "--output", "out", "--model", "median"],
        ["score", "--image", "in", "--metrics", "entropy"],
        ["score", "--image", "in", "--reference", "in", "--metrics", "psnr"],
        ["evaluate", "--images", "in", "--output", "out", "--tasks", "2", "--restorer", "identity"],
    ];

    private TemporaryFolder _folder = null!;

    [SetUp]
    public void SetUp()
    {
        _folder = new TemporaryFolder();
        Directory.CreateDirectory(_folder["in"]);
        ImageFile.Save(In("a.png"), Images.Gradient(24, 32));
        ImageFile.Save(In("z.png"), Images.Gradient(24, 32, 1));
    }

    [TearDown]
    public void TearDown() => _folder.Dispose();

    [TestCaseSource(nameof(s_commands))]
    public void What_cannot_be_read_is_told_left_out_and_listed(string[] command)
    {
        File.WriteAllBytes(In("cut.png"), File.ReadAllBytes(In("a.png"))[..20]);
        File.WriteAllBytes(In("torn.png"), File.ReadAllBytes(In("a.png"))[..200]);
        File.WriteAllBytes(In("empty.jpg"), []);

        ToolResult result = Run(command);

        Assert.That(result.ExitCode, Is.EqualTo(ExitCode.Partly), result.Error);
        string[] lines = result.Error.TrimEnd().Split('\n');
        Assert.That(lines, Has.Length.EqualTo(4));
        Assert.That(lines[..3], Has.All.StartWith("left out: "));
        Assert.That(lines[3], Is.EqualTo("3 of 5 images left out: cut.png, empty.jpg, torn.png"));
        if (Directory.Exists(_folder["out"]) && command[0] != "evaluate")
            Assert.That(Directory.GetFiles(_folder["out"], "*.png").Select(Path.GetFileName).Order(), Is.EqualTo(new[] { "a.png", "z.png" }));
    }

    [TestCase("degrade", "--input", "in", "--output", "out", "--pipeline", "noise", "a.png")]
    [TestCase("restore", "--input", "in", "--output", "out", "--model", "median", "a.png")]
    [TestCase("evaluate", "--images", "in", "--output", "out", "--tasks", "2", "--restorer", "identity", "report.csv")]
    public void What_a_killed_run_was_writing_is_gone_after_the_next(params string[] commandAndFile)
    {
        string file = commandAndFile[^1];
        Directory.CreateDirectory(_folder["out"]);
        // No process has a number beyond the kernel's limit of 2^22.
        File.WriteAllText(Path.Combine(_folder["out"], $".{file}.2000000000-1-{AtomicFile.Machine}.partial"), "half");
        string running = Path.Combine(_folder["out"], $".{file}.{Environment.ProcessId}-0-{AtomicFile.Machine}.partial");
        File.WriteAllText(running, "half");

        ToolResult result = Run(commandAndFile[..^1]);

        Assert.That(result.ExitCode, Is.Zero, result.Error);
        Assert.That(Directory.GetFiles(_folder["out"], ".*.partial"), Is.EqualTo(new[] { running }));
    }

    [Test]
    public void Files_beside_others_lose_only_what_was_left_of_themselves()
    {
        File.WriteAllText(In($".own.png.2000000000-1-{AtomicFile.Machine}.partial"), "half");
        File.WriteAllText(In($".other.png.2000000000-1-{AtomicFile.Machine}.partial"), "half");

        ToolResult result = Run(["restore", "--input", In("a.png"), "--output", In("own.png"), "--model", "median"]);

        Assert.That(result.ExitCode, Is.Zero, result.Error);
        Assert.That(Directory.GetFiles(_folder["in"], ".*.partial").Select(Path.GetFileName), Is.EqualTo(new[] { $".other.png.2000000000-1-{AtomicFile.Machine}.partial" }));
    }

    [TestCaseSource(nameof(s_commands))]
    public void Strict_stops_at_the_first(string[] command)
    {
        File.WriteAllBytes(In("cut.png"), File.ReadAllBytes(In("a.png"))[..20]);

        ToolResult result = Run([.. command, "--strict"]);

        Assert.That(result.ExitCode, Is.EqualTo(ExitCode.Usage));
        Assert.That(result.Error, Does.StartWith("error: ").And.Contain("cut.png"));
        Assert.That(result.Error.TrimEnd().Split('\n'), Has.Length.EqualTo(1));
    }

    [TestCaseSource(nameof(s_commands))]
    public void Nothing_that_can_be_read_is_no_partial_success(string[] command)
    {
        foreach (string name in new[] { "a.png", "z.png" })
            File.WriteAllText(In(name), "no picture");

        ToolResult result = Run(command);

        Assert.That(result.ExitCode, Is.EqualTo(ExitCode.Usage));
        Assert.That(result.Error, Does.Contain("a.png").And.Contain("z.png"));
    }

    [TestCaseSource(nameof(s_commands))]
    [Platform(Exclude = "Win")]
    public void What_is_no_regular_file_is_skipped_with_a_word(string[] command)
    {
        using (var made = System.Diagnostics.Process.Start("mkfifo", [In("pipe.png")]))
            made.WaitForExit();
        File.CreateSymbolicLink(In("nowhere.png"), In("nonesuch.png"));
        Directory.CreateDirectory(In("folder.png"));
        File.WriteAllBytes(In("._a.png"), [0, 5, 22, 7]);
        File.WriteAllText(In("notes.txt"), "");

        ToolResult result = Run(command);

        Assert.That(result.ExitCode, Is.Zero, result.Error);
        string[] notes = [.. result.Error.TrimEnd().Split('\n').Distinct()];
        Assert.That(notes, Has.Length.EqualTo(4).And.All.StartWith("note: ").And.All.Contain(" is skipped: "));
        foreach (string name in new[] { "._a.png", "nowhere.png", "pipe.png", "folder.png" })
            Assert.That(notes, Has.One.Contain(name));
    }

    [Test]
    [Platform(Exclude = "Win")]
    public void A_name_that_is_no_UTF_8_is_skipped_with_a_word()
    {
        using (var made = System.Diagnostics.Process.Start("bash", ["-c", $"cp '{In("a.png")}' \"$(printf '{In("caf\\xe9.png")}')\""]))
            made.WaitForExit();

        ToolResult result = Run("score", "--image", "in", "--metrics", "entropy");
        // No path of .NET leads to it.
        using (var removed = System.Diagnostics.Process.Start("bash", ["-c", $"rm '{_folder["in"]}'/caf*"]))
            removed.WaitForExit();

        Assert.That(result.ExitCode, Is.Zero, result.Error);
        Assert.That(result.Error, Does.Contain("no valid UTF-8"));
    }

    [TestCase("degrade", "--pipeline", "noise")]
    [TestCase("restore", "--model", "median")]
    public void Resuming_makes_what_is_missing_and_nothing_twice(string command, params string[] how)
    {
        string[] arguments = [command, "--input", "in", "--output", "out", .. how];
        Assert.That(Run(arguments).ExitCode, Is.Zero);
        byte[] whole = File.ReadAllBytes(Out("z.png"));
        File.Delete(Out("z.png"));
        DateTime kept = File.GetLastWriteTimeUtc(Out("a.png"));

        Assert.That(Run(arguments).Error, Does.Contain("exists already"));
        ToolResult resumed = Run([.. arguments, "--resume"]);

        Assert.That(resumed.ExitCode, Is.Zero, resumed.Error);
        Assert.That(File.ReadAllBytes(Out("z.png")), Is.EqualTo(whole));
        Assert.That(File.GetLastWriteTimeUtc(Out("a.png")), Is.EqualTo(kept));
        Assert.That(Run([.. arguments, "--resume", "--force"]).Error, Does.Contain("--force and --resume"));
    }

    [TestCaseSource(nameof(s_commands))]
    public void A_dry_run_tells_and_does_nothing(string[] command)
    {
        ToolResult result = Run([.. command, "--dry-run"]);

        Assert.That(result.ExitCode, Is.Zero, result.Error);
        Assert.That(result.Output, Does.Contain(command[0] == "evaluate" ? "1 task x 2 images x 1 restorer (identity)" : "a.png"));
        Assert.That(Directory.Exists(_folder["out"]), Is.False);
    }

    [Test]
    public void Where_no_model_is_named_the_one_of_the_package_restores()
    {
        ToolResult result = Run(["restore", "--input", "in", "--output", "out", "--dry-run"]);

        Assert.That(result.ExitCode, Is.Zero, result.Error);
        Assert.That(result.Output, Does.Contain("a.png: gir-v1"));
    }

    [TestCaseSource(nameof(s_commands))]
    public void Quiet_leaves_results_alone(string[] command)
    {
        ToolResult result = Run([.. command, "-q"]);

        Assert.That(result.ExitCode, Is.Zero, result.Error);
        Assert.That(result.Error, Is.Empty);
        Assert.That(result.Output.Length > 0, Is.EqualTo(command[0] is "score" or "evaluate"));
    }

    [TestCase("degrade", "--pipeline", "noise")]
    [TestCase("restore", "--model", "median")]
    public void A_name_as_long_as_the_file_system_allows_is_written(string command, params string[] how)
    {
        string name = new string('n', 245) + ".png";
        File.Move(In("a.png"), In(name));

        Assert.That(Run([command, "--input", "in", "--output", "out", .. how]).ExitCode, Is.Zero);
        Assert.That(File.Exists(Out(name)), Is.True);
    }

    // faults/export-long-name
    [Test]
    public void A_network_may_have_a_name_as_long_too()
    {
        string name = new string('n', 235) + ".safetensors";

        ToolResult result = Tool.Run("train", "export", "--input", TestData.Golden("models", "files", "reference.safetensors"), "--output", _folder[name]);

        Assert.That(result.ExitCode, Is.Zero, result.Error);
        Assert.That(File.Exists(_folder[name]), Is.True);
    }

    // faults/depth-for-jfif: whatever extension a codec reads, the map of its image has the name without it.
    [TestCase(".jfif")]
    [TestCase(".jpe")]
    [TestCase(".jpeg")]
    [TestCase(".dib")]
    [TestCase(".PNG")]
    public void The_depth_of_an_image_is_found_whatever_its_extension(string extension)
    {
        ImageBuffer image = Images.Gradient(24, 32);
        ImageFile.Save(_folder["p" + extension], image);
        ImageFile.Save(_folder["p.npy"], new ImageBuffer(1, 24, 32, [.. Enumerable.Repeat(0.5f, 24 * 32)]));

        ToolResult result = Tool.Run("degrade", "--input", _folder["p" + extension], "--output", _folder["hazy"], "--pipeline", "haze", "--depth", _folder.Root);

        Assert.That(result.ExitCode, Is.Zero, result.Error);
        Assert.That(File.Exists(Path.Combine(_folder["hazy"], "p.png")), Is.True);
    }

    private ToolResult Run(params string[] arguments) => Tool.Run([.. arguments.Select(a => a is "in" or "out" ? _folder[a] : a)]);

    private string In(string name) => Path.Combine(_folder["in"], name);

    private string Out(string name) => Path.Combine(_folder["out"], name);
}
