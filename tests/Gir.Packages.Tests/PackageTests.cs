using System.IO.Compression;
using System.Text;
using System.Xml.Linq;

namespace Gir.Packages.Tests;

/// <summary>What a package holds.</summary>
[Category("Packaging")]
public sealed class PackageTests
{
    private static readonly string[] s_libraries = ["Gir.Imaging", "Gir.Degradations", "Gir.Metrics", "Gir.Models", "Gir.Evaluation", "Gir.Reports"];

    private static readonly Dictionary<string, string[]> s_dependencies = new()
    {
        ["Gir.Imaging"] = [],
        ["Gir.Degradations"] = ["Gir.Imaging", "MathNet.Numerics"],
        ["Gir.Metrics"] = ["Gir.Imaging", "MathNet.Numerics"],
        ["Gir.Models"] = ["Gir.Imaging"],
        ["Gir.Evaluation"] = ["Gir.Degradations", "Gir.Imaging", "Gir.Metrics", "Gir.Models", "MathNet.Numerics"],
        ["Gir.Reports"] = ["Gir.Evaluation", "Gir.Imaging", "Gir.Metrics", "Gir.Models", "MathNet.Numerics"],
    };

    private static IEnumerable<string> All => [.. s_libraries, "Gir", "Gir.Cli", .. Feed.OptionalProjects.Select(p => Path.GetFileNameWithoutExtension(p)!)];

    [TestCaseSource(nameof(All))]
    public void A_package_says_what_it_is(string id)
    {
        using ZipArchive package = Open(id, "nupkg");
        XElement nuspec = XElement.Load(package.GetEntry(id + ".nuspec")!.Open());
        string Value(string name) => nuspec.Descendants().Single(e => e.Name.LocalName == name).Value;

        Assert.That(Value("readme"), Is.EqualTo("README.md"));
        Assert.That(Value("icon"), Is.EqualTo("icon.png"));
        Assert.That(Value("license"), Is.EqualTo("Apache-2.0"));
        Assert.That(Value("description"), Has.Length.GreaterThan(40));
        Assert.That(Value("releaseNotes"), Does.Contain("First version"));
        Assert.That(Value("tags"), Does.Contain("image-restoration"));
        Assert.That(package.GetEntry("icon.png")!.Length, Is.LessThan(30_000));
        using var readme = new StreamReader(package.GetEntry("README.md")!.Open());
        Assert.That(readme.ReadToEnd(), Does.StartWith("# ").And.Contain("```"));
    }

    [TestCaseSource(nameof(s_libraries))]
    public void A_library_comes_with_documentation_and_symbols_and_without_folders_of_the_machine_that_built_it(string id)
    {
        using ZipArchive package = Open(id, "nupkg");
        Assert.That(package.GetEntry($"lib/net10.0/{id}.xml")!.Length, Is.Positive);
        byte[] code = Bytes(package.GetEntry($"lib/net10.0/{id}.dll")!);
        using ZipArchive symbols = Open(id, "snupkg");
        byte[] pdb = Bytes(symbols.GetEntry($"lib/net10.0/{id}.pdb")!);
        foreach (string folder in new[] { TestData.Root, Environment.GetFolderPath(Environment.SpecialFolder.UserProfile) + Path.DirectorySeparatorChar })
        {
            Assert.That(code.AsSpan().IndexOf(Encoding.UTF8.GetBytes(folder)), Is.Negative, folder);
            Assert.That(code.AsSpan().IndexOf(Encoding.Unicode.GetBytes(folder)), Is.Negative, folder);
            Assert.That(pdb.AsSpan().IndexOf(Encoding.UTF8.GetBytes(folder)), Is.Negative, folder);
        }
    }

    [TestCaseSource(nameof(s_libraries))]
    public void A_library_needs_no_more_than_it_uses(string id)
    {
        using ZipArchive package = Open(id, "nupkg");
        IEnumerable<string> dependencies = XElement.Load(package.GetEntry(id + ".nuspec")!.Open())
            .Descendants().Where(e => e.Name.LocalName == "dependency").Select(e => e.Attribute("id")!.Value);
        Assert.That(dependencies.Where(d => !d.StartsWith("Microsoft.Extensions.", StringComparison.Ordinal) && d != "System.Numerics.Tensors"), Is.EquivalentTo(s_dependencies[id]));
    }

    private static ZipArchive Open(string id, string extension) => ZipFile.OpenRead(Path.Combine(Feed.Packages, $"{id}.{Feed.Version}.{extension}"));

    private static byte[] Bytes(ZipArchiveEntry entry)
    {
        using var copy = new MemoryStream();
        using Stream stream = entry.Open();
        stream.CopyTo(copy);
        return copy.ToArray();
    }
}
