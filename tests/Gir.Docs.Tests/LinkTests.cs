using System.Text.RegularExpressions;

namespace Gir.Docs.Tests;

/// <summary>What pages point at is there.</summary>
public sealed partial class LinkTests
{
    [TestCaseSource(typeof(Pages), nameof(Pages.All))]
    public void Every_link_leads_to_a_file_and_to_a_heading_of_it(string page)
    {
        string folder = Path.GetDirectoryName(page)!;
        var dead = new List<string>();
        foreach (string target in Link().Matches(Pages.Prose(page)).Select(m => m.Groups[1].Value).Where(t => !t.Contains("://", StringComparison.Ordinal)))
        {
            string[] parts = target.Split('#', 2);
            string file = parts[0].Length == 0 ? page : Path.GetRelativePath(TestData.Root, Path.GetFullPath(Path.Combine(TestData.Root, folder, parts[0]))).Replace('\\', '/');
            if (!Path.Exists(Path.Combine(TestData.Root, file)))
                dead.Add($"{target}: there is no {file}");
            else if (parts.Length == 2 && !Pages.Anchors(file).Contains(parts[1]))
                dead.Add($"{target}: {file} has no heading for it, but {string.Join(", ", Pages.Anchors(file))}");
        }

        Assert.That(dead, Is.Empty);
    }

    [TestCaseSource(typeof(Pages), nameof(Pages.All))]
    public void Every_file_of_the_repository_that_a_page_names_is_there(string page)
    {
        IEnumerable<string> named = PathInProse().Matches(Pages.Read(page)).Select(m => m.Groups[1].Value)
            .Where(p => !p.Contains("..", StringComparison.Ordinal) && !p.Contains("Vignette", StringComparison.OrdinalIgnoreCase) && !p.Contains("MyNet", StringComparison.Ordinal));
        Assert.That(named.Where(p => !Path.Exists(Path.Combine(TestData.Root, p))), Is.Empty);
    }

    [TestCaseSource(typeof(Pages), nameof(Pages.OfPackages))]
    public void A_readme_inside_of_a_package_has_no_relative_links(string page) =>
        Assert.That(Link().Matches(Pages.Prose(page)).Select(m => m.Groups[1].Value).Where(t => !t.StartsWith("https://", StringComparison.Ordinal)), Is.Empty);

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"`((?:docs|src|tests|samples|benchmarks)/[\w./-]+)`")]
    private static partial Regex PathInProse();
}
