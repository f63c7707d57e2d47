using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using Gir.Imaging.Codecs;
using Gir.Imaging.Scenes;

namespace Gir.Packages.Tests;

/// <summary>Empty programs that add a package and use it, as a newcomer does; two at a time, as most of what `dotnet` does keeps one processor busy.</summary>
[Category("Packaging")]
[Parallelizable(ParallelScope.Children)]
public sealed partial class ConsumerTests
{
    [Test]
    public void A_console_program_runs_the_readmes_snippet()
    {
        string folder = Create("console", "Gir.Degradations", File.ReadAllText(Path.Combine(TestData.Root, "README.md")));
        ImageFile.Save(Path.Combine(folder, "clean.png"), SceneGenerator.Create(1, 48, 64).Image);
        Dotnet.Run(folder, "run", "-c", "Release");
        // As everybody does: what the first run left must not stop the second.
        Dotnet.Run(folder, "run", "-c", "Release", "--no-build");
        Assert.That(ImageFile.Load(Path.Combine(folder, "degraded.png")).Height, Is.EqualTo(48));
        Assert.That(File.ReadAllLines(Path.Combine(folder, "records.jsonl")), Has.Length.EqualTo(1));
    }

    [Test]
    public void A_console_program_runs_the_first_page_that_a_newcomer_reads()
    {
        string folder = Create("console", "Gir", File.ReadAllText(Path.Combine(TestData.Root, "docs", "getting-started.md")), "started");
        Assert.That(Dotnet.Run(folder, "run", "-c", "Release"), Does.Contain("dB before").And.Contain("dB after"));
        Assert.That(File.Exists(Path.Combine(folder, "good.png")));
    }

    [Test]
    public void A_web_service_answers()
    {
        string folder = Create("web", "Gir.Models", null);
        File.Copy(Path.Combine(TestData.Root, "samples", "RestorationService", "Program.cs"), Path.Combine(folder, "Program.cs"), overwrite: true);
        Assert.That(Dotnet.Run(folder, "run", "-c", "Release", "--", "--try"), Does.Contain("came back as"));
    }

    [Test]
    public void A_worker_works()
    {
        string folder = Create("worker", "Gir.Models", null);
        File.Delete(Path.Combine(folder, "Worker.cs"));
        File.Copy(Path.Combine(TestData.Root, "samples", "HostedWorker", "Program.cs"), Path.Combine(folder, "Program.cs"), overwrite: true);
        Assert.That(Dotnet.Run(folder, "run", "-c", "Release"), Does.Contain("restored by gir-v1"));
    }

    [Test]
    public void A_program_of_all_packages_is_published_trimmed()
    {
        string folder = Create("console", "Gir", ReadmeOfAll(), "trimmed");
        Dotnet.Run(folder, "publish", "-c", "Release", "-r", RuntimeInformation.RuntimeIdentifier, "-p:PublishTrimmed=true", "--output", "published");
        Assert.That(Dotnet.Start(Program(folder, "trimmed"), folder), Does.Contain("dB restored"));
    }

    [Test]
    public void A_program_of_all_packages_is_compiled_ahead_of_time_for_processors_with_fused_multiply_add()
    {
        if (!new[] { "clang", "gcc" }.Any(OnPath) && !OperatingSystem.IsWindows())
            Assert.Ignore("Skipped: neither clang nor gcc links here.");
        string folder = Create("console", "Gir", ReadmeOfAll(), "native");
        string told = Dotnet.Run(folder, "publish", "-c", "Release", "-r", RuntimeInformation.RuntimeIdentifier, "-p:PublishAot=true", "--output", "published");
        if (RuntimeInformation.OSArchitecture == Architecture.X64)
            Assert.That(told, Does.Contain("Gir: compiling for x86-64-v3"));
        Assert.That(Dotnet.Start(Program(folder, "native"), folder), Does.Contain("dB restored"));
    }

    [Test]
    public void The_tool_installs_and_runs_the_commands_of_its_readme()
    {
        string tools = Path.Combine(Feed.Programs, "tools");
        Dotnet.Run(Feed.Programs, "tool", "install", "Gir.Cli", "--tool-path", tools, "--source", Feed.Packages, "--version", Feed.Version);
        string gir = Path.Combine(tools, OperatingSystem.IsWindows() ? "gir.exe" : "gir");
        ImageFile.Save(Path.Combine(tools, "clean.png"), SceneGenerator.Create(1, 48, 64).Image);
        Dotnet.Start(gir, tools, "degrade", "--input", "clean.png", "--output", "bad", "--pipeline", "rain + noise(sigma=20)");
        Dotnet.Start(gir, tools, "restore", "--input", "bad/clean.png", "--output", "good.png", "--model", "gir-v1");
        Assert.That(Dotnet.Start(gir, tools, "score", "--image", "good.png", "--reference", "clean.png", "--metrics", "psnr,ssim"), Does.Contain("psnr"));
    }

    /// <summary>`dotnet new`, `dotnet add package`, and the first C# block of a page as the program.</summary>
    private static string Create(string template, string package, string? page, string? name = null)
    {
        string folder = Path.Combine(Feed.Programs, name ?? template);
        Dotnet.Run(Feed.Programs, "new", template, "--output", folder, "--no-restore");
        Dotnet.Run(folder, "add", "package", package, "--version", Feed.Version);
        if (page is not null)
            File.WriteAllText(Path.Combine(folder, "Program.cs"), CSharpBlock().Match(page).Groups[1].Value);
        return folder;
    }

    private static string ReadmeOfAll() => File.ReadAllText(Path.Combine(TestData.Root, "src", "Gir", "README.md"));

    private static string Program(string folder, string name) => Path.Combine(folder, "published", OperatingSystem.IsWindows() ? name + ".exe" : name);

    private static bool OnPath(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(f => File.Exists(Path.Combine(f, program)));

    [GeneratedRegex("^```csharp\n(.*?)^```", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex CSharpBlock();
}
