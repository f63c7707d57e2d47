using System.Diagnostics;
using Gir.Cli.Shell;
using Gir.Imaging.Codecs;

namespace Gir.Cli.Tests;

/// <summary>faults/hostile: files made to stop a program, as a user would come by them. Each is refused in one line, soon.</summary>
[Category(TestData.RealData)]
public sealed class HostileFilesTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    private TemporaryFolder _folder = null!;

    [SetUp]
    public void SetUp()
    {
        _folder = new TemporaryFolder();
        ImageFile.Save(_folder["a.png"], Images.Gradient(100, 120));
    }

    [TearDown]
    public void TearDown() => _folder.Dispose();

    [TestCase("restore -i a.png -o r.png -m FILE", "hyper_surrogate.safetensors")]
    [TestCase("restore -i a.png -o r.png -m FILE", "shared2000.pth")]
    [TestCase("restore -i a.png -o r.png -m FILE", "srresnet_blocks2000.safetensors")]
    [TestCase("restore -i a.png -o r.png -m FILE", "srresnet_w1000.safetensors")]
    [TestCase("restore -i a.png -o r.png -m FILE", "swinir_ape.safetensors")]
    [TestCase("restore -i a.png -o r.png -m FILE", "swinir_window128.safetensors")]
    [TestCase("restore -i a.png -o r.png -m FILE", "zoo-1-RSS5120MB.safetensors")]
    [TestCase("restore -i a.png -o r.png -m FILE", "zoo-2-1.safetensors")]
    [TestCase("restore -i FILE -o r.png -m identity", "jpeg-arith-12000.jpg")]
    [TestCase("restore -i a.png -o r.png -m MODEL --options FILE", "hyper-min.json")]
    [TestCase("degrade -i a.png -o out --replay FILE", "record-1-0.json")]
    [TestCase("score -i a.png -m niqe --niqe-model FILE", "mat-min.mat")]
    [TestCase("train --recipe FILE -o out", "recipe-min.json")]
    [TestCase("evaluate -i a.png -t 2 -r identity -o out -l FILE", "report-1-0.json")]
    public void A_hostile_file_is_refused_in_one_line(string command, string name)
    {
        string file = TestData.Shared("faults", "hostile", name);
        var clock = Stopwatch.StartNew();

        ToolResult result = Tool.Run([.. command.Split(' ').Select(word => Path(word, file))]);

        Assert.That(clock.Elapsed, Is.LessThan(s_patience));
        Assert.That(result.ExitCode, Is.EqualTo(ExitCode.Usage), result.Error);
        Assert.That(result.Error, Does.StartWith("error: "));
        Assert.That(result.Error.TrimEnd().Split('\n'), Has.Length.EqualTo(1));
        Assert.That(File.Exists(_folder["r.png"]), Is.False);
    }

    [Test]
    public void Results_of_another_making_are_refused()
    {
        Directory.CreateDirectory(_folder["out"]);
        File.Copy(TestData.Shared("faults", "hostile", "results-min.jsonl"), System.IO.Path.Combine(_folder["out"], "results.jsonl"));

        ToolResult result = Tool.Run("evaluate", "-i", _folder["a.png"], "-t", "2", "-r", "identity", "-o", _folder["out"]);

        Assert.That(result.ExitCode, Is.EqualTo(ExitCode.Usage), result.Error);
        Assert.That(result.Error.TrimEnd().Split('\n'), Has.Length.EqualTo(1));
    }

    private string Path(string word, string file) => word switch
    {
        "FILE" => file,
        "MODEL" => TestData.Golden("models", "files", "reference.safetensors"),
        "a.png" or "r.png" or "out" => _folder[word],
        _ => word,
    };
}
