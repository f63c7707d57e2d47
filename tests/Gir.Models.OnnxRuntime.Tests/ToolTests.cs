using System.Diagnostics;
using Gir.Imaging;
using Gir.Imaging.Codecs;
using Gir.Models.Tests.Serialization;

namespace Gir.Models.OnnxRuntime.Tests;

/// <summary>The tool `gir`, which has no native part, with this package beside it and without.</summary>
public sealed class ToolTests
{
    private static readonly string[] s_parts = ["Gir.Models.OnnxRuntime.dll", "Microsoft.ML.OnnxRuntime.dll", "libonnxruntime.so"];

    [Test]
    [Platform("Linux")]
    public void The_tool_restores_with_an_ONNX_model_once_the_parts_lie_in_its_folder()
    {
        using var folder = new TemporaryFolder();
        using var files = new OnnxFiles();
        string tool = Directory.CreateDirectory(folder["tool"]).FullName;
        foreach (string file in Directory.EnumerateFiles(AppContext.BaseDirectory).Where(f => IsOfTool(Path.GetFileName(f))))
            File.Copy(file, Path.Combine(tool, Path.GetFileName(file)));
        ImageFile.Save(folder["in.png"], new ImageBuffer(3, 20, 30));
        string model = files.Export(TinyNetworks.Srcnn());
        string[] arguments = ["restore", "--input", folder["in.png"], "--output", folder["out.png"], "--model", model];

        (int code, string text) = Run(tool, arguments);
        Assert.That(code, Is.EqualTo(2), text);
        Assert.That(text, Does.StartWith("error: --model").And.Contain("Gir.Models.OnnxRuntime.dll").And.Contain(tool));
        Assert.That(text.TrimEnd(), Does.Not.Contain("\n"));

        foreach (string part in s_parts)
            File.Copy(Directory.EnumerateFiles(AppContext.BaseDirectory, part, SearchOption.AllDirectories).First(f => !f.Contains("arm64", StringComparison.Ordinal)), Path.Combine(tool, part));
        (code, text) = Run(tool, arguments);
        Assert.That(code, Is.Zero, text);
        Assert.That(ImageFile.Load(folder["out.png"]).ToString(), Is.EqualTo("3 x 20 x 30"));
    }

    private static bool IsOfTool(string name) =>
        !s_parts.Contains(name) && !name.Contains("Tests", StringComparison.Ordinal) && (name.EndsWith(".dll", StringComparison.Ordinal) || name.StartsWith("Gir.Cli.", StringComparison.Ordinal));

    private static (int Code, string Text) Run(string tool, string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(tool, "Gir.Cli.dll"), .. arguments]) { RedirectStandardError = true, RedirectStandardOutput = true };
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        string error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, error + output.Result);
    }
}
