using System.Text;
using System.Text.RegularExpressions;
using Gir.Cli.Shell;
using Gir.Imaging.Codecs;
using Gir.Imaging.Scenes;

namespace Gir.Cli.Tests;

/// <summary>What pages tell a user to type.</summary>
[NonParallelizable]
public sealed partial class DocumentedCommandsTests
{
    private const string FromTheRepository = "dotnet run -c Release --project src/Gir.Cli -- ";

    private static IEnumerable<string> Pages => new[] { "docs", "src", "benchmarks" }
        .SelectMany(f => Directory.EnumerateFiles(Path.Combine(TestData.Root, f), "*.md", SearchOption.AllDirectories))
        .Concat(Directory.EnumerateFiles(TestData.Root, "*.md"))
        .Select(p => Path.GetRelativePath(TestData.Root, p))
        .Where(p => !p.Split('/', '\\').Any(part => part is "obj" or "bin"))
        .Order(StringComparer.Ordinal);

    [TestCaseSource(nameof(Pages))]
    public void The_tool_understands_every_command_of_a_page(string page)
    {
        var terminal = new Terminal(() => Stream.Null, () => Stream.Null, TextWriter.Null, TextWriter.Null);
        IEnumerable<string> complaints = Commands(page).Select(c => (Command: c, Complaint: GirTool.Complaint(Words(c), terminal)))
            .Where(c => c.Complaint is not null).Select(c => $"gir {c.Command}: {c.Complaint}");
        Assert.That(complaints, Is.Empty);
    }

    [Test]
    public void There_are_commands() => Assert.That(Pages.Sum(p => Commands(p).Count()), Is.GreaterThan(15));

    [Test]
    public void The_commands_of_the_tools_readme_work()
    {
        using var folder = new TemporaryFolder();
        ImageFile.Save(folder["clean.png"], SceneGenerator.Create(1, 48, 64).Image);
        string before = Environment.CurrentDirectory;
        try
        {
            Environment.CurrentDirectory = folder.Root;
            // All but the evaluation, which takes a minute, and runs in the continuous integration.
            foreach (string command in Commands(Path.Combine("src", "Gir.Cli", "README.md")).Where(c => c != "evaluate"))
            {
                ToolResult result = Tool.Run(Words(command));
                Assert.That(result.ExitCode, Is.Zero, $"gir {command}: {result.Error}");
            }
        }
        finally
        {
            Environment.CurrentDirectory = before;
        }
    }

    /// <summary>The calls of the tool in a page's blocks, without "gir".</summary>
    private static IEnumerable<string> Commands(string page)
    {
        string text = File.ReadAllText(Path.Combine(TestData.Root, page)).Replace("\\\n", " ", StringComparison.Ordinal);
        return Fence().Matches(text).SelectMany(m => m.Groups[1].Value.Split('\n'))
            .SelectMany(line => Between().Split(Comment().Replace(line, "")))
            .Select(c => c.Trim())
            .Select(c => c.StartsWith(FromTheRepository, StringComparison.Ordinal) ? "gir " + c[FromTheRepository.Length..] : c)
            .Where(c => c.StartsWith("gir ", StringComparison.Ordinal) && !c.Contains("..", StringComparison.Ordinal) && !c.Contains('[', StringComparison.Ordinal) && !c.Contains('|', StringComparison.Ordinal))
            .Select(c => Redirection().Replace(c["gir ".Length..], "").Trim());
    }

    /// <summary>The words of a command as a shell sees them.</summary>
    private static string[] Words(string command)
    {
        var words = new List<string>();
        foreach (Match match in Word().Matches(command))
        {
            var word = new StringBuilder(match.Value);
            words.Add(word.Replace("\"", "").Replace("'", "").ToString());
        }

        return [.. words];
    }

    [GeneratedRegex("^```\\w*\n(.*?)^```", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Fence();

    [GeneratedRegex(@"\s#.*$")]
    private static partial Regex Comment();

    [GeneratedRegex(@"\s(?:&&|\|)\s")]
    private static partial Regex Between();

    [GeneratedRegex(@"\s[<>]\s*\S+")]
    private static partial Regex Redirection();

    [GeneratedRegex(@"(?:""[^""]*""|'[^']*'|[^\s""'])+")]
    private static partial Regex Word();
}
