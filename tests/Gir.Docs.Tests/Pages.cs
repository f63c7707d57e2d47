using System.Text.RegularExpressions;

namespace Gir.Docs.Tests;

/// <summary>The repository's Markdown pages.</summary>
internal static partial class Pages
{
    private static readonly string[] s_left = ["bin", "obj", "artifacts", ".git", "TestResults", "BenchmarkDotNet.Artifacts"];

    /// <summary>All pages, as paths from the root with '/'.</summary>
    public static IReadOnlyList<string> All { get; } = [.. Find(TestData.Root).Select(p => Path.GetRelativePath(TestData.Root, p).Replace('\\', '/')).Order(StringComparer.Ordinal)];

    /// <summary>The readmes that travel in packages, without a repository around them.</summary>
    public static IEnumerable<string> OfPackages => All.Where(p => p.StartsWith("src/", StringComparison.Ordinal));

    /// <summary>Those of packages that only Gir.Optional.slnx builds.</summary>
    public static IReadOnlySet<string> OfOptionalPackages { get; } = ProjectFolder().Matches(File.ReadAllText(Path.Combine(TestData.Root, "Gir.Optional.slnx")))
        .Select(m => m.Groups[1].Value.Replace('\\', '/') + "/README.md").ToHashSet(StringComparer.Ordinal);

    public static string Read(string page) => File.ReadAllText(Path.Combine(TestData.Root, page));

    /// <summary>The fenced blocks of a page: info string, text, and the line of the fence, from 1.</summary>
    public static IEnumerable<Block> Blocks(string page)
    {
        string[] lines = Read(page).Split('\n');
        for (int i = 0; i < lines.Length; i++)
        {
            if (!lines[i].StartsWith("```", StringComparison.Ordinal))
                continue;
            int end = Array.FindIndex(lines, i + 1, l => l.StartsWith("```", StringComparison.Ordinal));
            Assert.That(end, Is.Positive, $"{page}({i + 1}): the block does not end");
            yield return new Block(page, i + 1, lines[i][3..].Trim(), string.Join('\n', lines[(i + 1)..end]));
            i = end;
        }
    }

    /// <summary>A page's text without its fenced blocks and code spans.</summary>
    public static string Prose(string page) => Code().Replace(Read(page), m => new string('\n', m.Value.Count(c => c == '\n')));

    /// <summary>The anchors of a page's headings.</summary>
    public static IReadOnlySet<string> Anchors(string page)
    {
        string text = Fence().Replace(Read(page), "");
        return Heading().Matches(text).Select(m => Anchor(m.Groups[1].Value)).ToHashSet(StringComparer.Ordinal);
    }

    private static string Anchor(string heading)
    {
        string words = NoWord().Replace(Link().Replace(heading, "$1").Trim().ToLowerInvariant(), "");
        return words.Replace(' ', '-');
    }

    private static IEnumerable<string> Find(string folder)
    {
        foreach (string file in Directory.EnumerateFiles(folder, "*.md"))
            yield return file;
        foreach (string inner in Directory.EnumerateDirectories(folder).Where(d => !s_left.Contains(Path.GetFileName(d)) && File.ResolveLinkTarget(d, false) is null))
        {
            foreach (string file in Find(inner))
                yield return file;
        }
    }

    [GeneratedRegex("Path=\"(src[/\\\\][^\"]+)[/\\\\][^\"/\\\\]+\"")]
    private static partial Regex ProjectFolder();

    [GeneratedRegex("^```.*?^```|`[^`\n]*`", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Code();

    [GeneratedRegex("^```.*?^```", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Fence();

    [GeneratedRegex("^#{1,6} (.+)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"\[([^\]]*)\]\([^)]*\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"[^\w\- ]")]
    private static partial Regex NoWord();
}

/// <summary>A fenced block of a page.</summary>
internal sealed record Block(string Page, int Line, string Info, string Text)
{
    public override string ToString() => $"{Page}({Line})";
}
