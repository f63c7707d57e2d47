using Gir.Cli.Shell;
using Gir.Imaging.Codecs;

namespace Gir.Cli.Tests;

/// <summary>Nothing that a command reads is ever written over, and no result by another, whatever the paths are called.</summary>
[Platform(Exclude = "Win")]
public sealed class OriginalsTests
{
    private TemporaryFolder _folder = null!;
    private byte[] _original = null!;

    [SetUp]
    public void SetUp()
    {
        _folder = new TemporaryFolder();
        Directory.CreateDirectory(_folder["in"]);
        ImageFile.Save(At("in", "a.png"), Images.Gradient(24, 32));
        ImageFile.Save(At("in", "b.png"), Images.Gradient(24, 32, 1));
        _original = File.ReadAllBytes(At("in", "a.png"));
    }

    [TearDown]
    public void TearDown()
    {
        Assert.That(File.ReadAllBytes(At("in", "a.png")), Is.EqualTo(_original), "the original");
        _folder.Dispose();
    }

    // faults/output-is-input-by-link
    [TestCase("degrade", "--pipeline", "noise")]
    [TestCase("restore", "--model", "median")]
    public void A_linked_output_folder_is_the_folder_itself(string command, params string[] how)
    {
        Directory.CreateSymbolicLink(_folder["link"], _folder["in"]);
        Directory.CreateDirectory(_folder["deep"]);
        Directory.CreateSymbolicLink(At("deep", "again"), _folder["link"]);

        foreach (string output in new[] { _folder["in"], _folder["link"], At("deep", "again"), At("in", "..", "in") })
            Refused("is one of the inputs", [command, "--input", _folder["in"], "--output", output, .. how, "--force"]);
    }

    [Test]
    public void A_link_to_an_original_is_the_original()
    {
        Directory.CreateDirectory(_folder["out"]);
        File.CreateSymbolicLink(At("out", "a.png"), At("in", "a.png"));
        HardLink(At("in", "b.png"), At("out", "b.png"));

        Refused("is one of the inputs", "degrade", "--input", At("in", "a.png"), "--output", _folder["out"], "--pipeline", "noise", "--force");
        Refused("is one of the inputs", "restore", "--input", At("in", "b.png"), "--output", At("out", "b.png"), "--model", "identity", "--force");
        // The folder's second image is no input of this run, but the first is.
        Refused("is one of the inputs", "restore", "--input", _folder["in"], "--output", At("x.png"), "--model", "identity", "--sheet", At("out", "a.png"), "--force");
    }

    // faults/sheet-over-a-result
    [Test]
    public void Two_results_do_not_become_one_file()
    {
        string output = _folder["o"];
        Refused("would be both", "restore", "--input", _folder["in"], "--output", output, "--model", "identity", "--sheet", Path.Combine(output, "a.png"), "--force");
        Assert.That(Directory.Exists(output), Is.False, "told before the work");
        Refused("would be both", "restore", "--input", At("in", "a.png"), "--output", At("r.png"), "--model", "identity", "--sheet", At(".", "r.png"));
        Directory.CreateDirectory(output);
        Directory.CreateSymbolicLink(_folder["p"], output);
        Refused("would be both", "restore", "--input", _folder["in"], "--output", output, "--model", "identity", "--sheet", At("p", "b.png"), "--force");
        ImageFile.Save(At("in", "A.bmp"), Images.Gradient(8, 8));
        Refused("would both become", "degrade", "--input", _folder["in"], "--output", output, "--pipeline", "noise");
    }

    [Test]
    public void Whatever_else_is_read_is_safe_too()
    {
        // An image that is called as the records are.
        File.Copy(At("in", "a.png"), At("records.jsonl"));
        Refused("is one of the inputs", "degrade", "--input", At("records.jsonl"), "--output", _folder.Root, "--pipeline", "noise", "--force");
        Directory.CreateDirectory(_folder["depth"]);
        File.Copy(At("in", "a.png"), At("depth", "a.png"));
        Refused("in the folder of --depth", "degrade", "--input", _folder["in"], "--output", _folder["depth"], "--pipeline", "haze", "--depth", _folder["depth"], "--force");
        Refused("is the file of --input", "train", "export", "--input", TestData.Golden("models", "files", "reference.safetensors"), "--output", TestData.Golden("models", "files", "reference.safetensors"));
        Directory.CreateDirectory(_folder["e"]);
        File.WriteAllText(At("e", "report.json"), "{}");
        Refused("is the file of --lines", "evaluate", "--images", _folder["in"], "--tasks", "2", "--restorer", "identity", "--lines", At("e", "report.json"), "--output", _folder["e"]);
    }

    [TestCase("restore", "--model", "identity")]
    [TestCase("degrade", "--pipeline", "noise")]
    public void Missing_folders_are_made_before_the_work_and_impossible_ones_told(string command, params string[] how)
    {
        string[] arguments = [command, "--input", _folder["in"], .. how];
        Assert.That(Tool.Run([.. arguments, "--output", At("not", "there", "yet")]).ExitCode, Is.Zero);
        Assert.That(File.Exists(At("not", "there", "yet", "b.png")), Is.True);

        File.WriteAllText(At("file"), "");
        Refused("--output", [.. arguments, "--output", At("file", "below")]);
    }

    private void Refused(string told, params string[] arguments)
    {
        ToolResult result = Tool.Run(arguments);
        Assert.That(result.ExitCode, Is.EqualTo(ExitCode.Usage), result.Output);
        Assert.That(result.Error, Does.StartWith("error: ").And.Contain(told));
        Assert.That(result.Error.TrimEnd().Split('\n'), Has.Length.EqualTo(1));
    }

    private string At(params string[] parts) => Path.Combine([_folder.Root, .. parts]);

    private static void HardLink(string target, string link)
    {
        using var made = System.Diagnostics.Process.Start("ln", [target, link]);
        made.WaitForExit();
        Assert.That(made.ExitCode, Is.Zero);
    }
}
