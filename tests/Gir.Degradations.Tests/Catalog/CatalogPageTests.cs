using System.Text;

namespace Gir.Degradations.Tests;

/// <summary>docs/degradations.md tells every operator and parameter as the catalog does.</summary>
public sealed class CatalogPageTests
{
    private const string Marker = "<!-- From here on the page is the catalogue's: a test tells how to accept a change. -->\n";

    [Test]
    public void The_page_is_what_the_catalog_says()
    {
        string path = Path.Combine(TestData.Root, "docs", "degradations.md");
        string page = File.ReadAllText(path);
        int start = page.IndexOf(Marker, StringComparison.Ordinal);
        Assert.That(start, Is.Positive, "the page has lost the line where the catalogue begins");
        string expected = page[..start] + Marker + Write(DegradationCatalog.Standard);
        if (page == expected)
            return;

        // Beside the test's binaries: accepting a change is the author's deliberate copy.
        string actual = Path.Combine(AppContext.BaseDirectory, "degradations.md");
        File.WriteAllText(actual, expected);
        Assert.Fail($"The catalogue says something else than docs/degradations.md. If that is intended: cp {actual} {path}");
    }

    [Test]
    public void Every_operator_and_parameter_says_what_it_does()
    {
        foreach (DegradationDescriptor descriptor in DegradationCatalog.All)
        {
            Assert.That(descriptor.Summary, Does.EndWith("."), descriptor.Name);
            foreach (DegradationParameter parameter in descriptor.Parameters)
                Assert.That(parameter.Summary, Does.EndWith(".").And.Not.Contain('|'), $"{descriptor.Name}.{parameter.Name}");
        }
    }

    private static string Write(DegradationCatalog catalog)
    {
        var page = new StringBuilder();
        foreach (DegradationDescriptor descriptor in catalog.Descriptors)
        {
            page.Append($"\n## {descriptor.Name}\n\n{descriptor.Summary}");
            if (descriptor.IsWeather)
                page.Append(" Weather: it may stand only first.");
            if (descriptor.UsesDepth)
                page.Append(" It reads depth.");
            page.Append("\n\n| parameter | default | values | meaning |\n|---|---|---|---|\n");
            foreach (DegradationParameter parameter in descriptor.Parameters)
                page.Append($"| `{parameter.Name}` | {parameter.Default} | {parameter.Expected} | {parameter.Summary} |\n");
        }

        return page.ToString();
    }
}
