using System.Diagnostics;
using Gir.Cli.Shell;
using Gir.Imaging;
using Gir.Imaging.Codecs;

namespace Gir.Cli.Tests;

/// <summary>Images that come and go through pipes.</summary>
public sealed class PipeTests
{
    private TemporaryFolder _folder = null!;
    private ImageBuffer _image = null!;

    [SetUp]
    public void SetUp()
    {
        _folder = new TemporaryFolder();
        _image = ImageFile.Decode(ImageFile.Encode(Images.Gradient(24, 32)));
        ImageFile.Save(_folder["a.png"], _image);
    }

    [TearDown]
    public void TearDown() => _folder.Dispose();

    [TestCase("png")]
    [TestCase("jpg")]
    [TestCase("npy")]
    public void Restore_is_a_filter(string format)
    {
        ToolResult result = Tool.RunWithInput(ImageFile.Encode(_image), "restore", "--input", "-", "--output", "-", "--model", "identity", "--format", format);

        Assert.That(result.ExitCode, Is.Zero, result.Error);
        Assert.That(result.Error, Is.Empty);
        Assert.That(ImageCodecs.FindByContent(result.Bytes), Is.SameAs(ImageCodecs.Find(format)));
        Assert.That(ImageFile.Decode(result.Bytes).Height, Is.EqualTo(24));
        if (format != "jpg")
            Assert.That(ImageFile.Decode(result.Bytes).Samples.SequenceEqual(_image.Samples), Is.True);
    }

    [Test]
    public void Degrade_is_a_filter_whose_draws_are_those_of_a_file_called_stdin()
    {
        File.Copy(_folder["a.png"], _folder["stdin"]);
        ToolResult piped = Tool.RunWithInput(ImageFile.Encode(_image), "degrade", "-i", "-", "-o", "-", "-p", "noise(sigma=20)");
        Assert.That(piped.ExitCode, Is.Zero, piped.Error);

        Assert.That(Tool.Run("degrade", "-i", _folder["stdin"], "-o", _folder["out"], "-p", "noise(sigma=20)").ExitCode, Is.Zero);
        Assert.That(piped.Bytes, Is.EqualTo(File.ReadAllBytes(Path.Combine(_folder["out"], "stdin.png"))));
    }

    [Test]
    public void Score_reads_the_image_or_the_reference_from_a_pipe()
    {
        byte[] file = ImageFile.Encode(_image);
        Assert.That(Tool.RunWithInput(file, "score", "-i", "-", "-r", _folder["a.png"], "-m", "psnr").Output, Does.Contain("∞").Or.Contain("Infinity"));
        Assert.That(Tool.RunWithInput(file, "score", "-i", _folder["a.png"], "-r", "-", "-m", "ssim").Output, Does.Contain("1.0000"));
        Assert.That(Tool.RunWithInput(file, "score", "-i", "-", "-r", "-").Error, Does.Contain("can be one of them"));
    }

    [TestCase("restore -i - -o - -m identity", "", "nothing came")]
    [TestCase("restore -i - -o - -m identity", "no picture at all", "no known image format")]
    [TestCase("degrade -i - -o - -p noise", "no picture at all", "no known image format")]
    [TestCase("score -i - -m entropy", "no picture at all", "no known image format")]
    public void What_is_no_image_is_refused_in_one_line(string arguments, string input, string told)
    {
        ToolResult result = Tool.RunWithInput(System.Text.Encoding.ASCII.GetBytes(input), arguments.Split(' '));

        Assert.That(result.ExitCode, Is.EqualTo(ExitCode.Usage));
        Assert.That(result.Error, Does.StartWith("error: ").And.Contain(told));
        Assert.That(result.Error.TrimEnd().Split('\n'), Has.Length.EqualTo(1));
    }

    [Test]
    public void A_folder_does_not_go_through_a_pipe() =>
        Assert.That(Tool.Run("restore", "-i", TwoImages(), "-o", "-", "-m", "identity").Error, Does.Contain("--output -: takes one image"));

    // faults/input-is-a-pipe; a pipe in a folder is passed over: FolderTests.
    [Test]
    [Platform(Exclude = "Win")]
    public void A_named_pipe_is_read_as_a_stream()
    {
        string pipe = Fifo();
        Task writer = Task.Run(() =>
        {
            using var stream = new FileStream(pipe, FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
            stream.Write(ImageFile.Encode(_image));
        });

        ToolResult result = Tool.Run("restore", "-i", pipe, "-o", _folder["r.png"], "-m", "identity");

        Assert.That(result.ExitCode, Is.Zero, result.Error);
        Assert.That(writer.Wait(TimeSpan.FromMinutes(1)), Is.True);
        Assert.That(ImageFile.Load(_folder["r.png"]).Samples.SequenceEqual(_image.Samples), Is.True);
    }

    [Test]
    [Platform(Exclude = "Win")]
    public void Waiting_for_a_pipe_ends_with_the_first_signal()
    {
        using ToolProcess waiting = ToolProcess.Start("restore", "-i", Fifo(), "-o", _folder["r.png"], "-m", "identity");
        Thread.Sleep(TimeSpan.FromSeconds(1));
        Assert.That(waiting.HasExited, Is.False, "it waits");
        waiting.SendInterrupt();

        ToolResult result = waiting.Wait();

        Assert.That(result.ExitCode, Is.EqualTo(ExitCode.Canceled), result.Error);
        Assert.That(result.Error.Trim(), Is.EqualTo("Stopped."));
    }

    private string Fifo()
    {
        string pipe = _folder["pipe.png"];
        using var made = Process.Start("mkfifo", [pipe]);
        made.WaitForExit();
        return pipe;
    }

    private string TwoImages()
    {
        Directory.CreateDirectory(_folder["two"]);
        foreach (string name in new[] { "a.png", "b.png" })
            File.Copy(_folder["a.png"], Path.Combine(_folder["two"], name));
        return _folder["two"];
    }
}
