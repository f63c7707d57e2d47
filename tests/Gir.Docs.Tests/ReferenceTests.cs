using System.Reflection;
using System.Text.RegularExpressions;
using Gir.Degradations;
using Gir.Imaging.Codecs;
using Gir.Metrics;
using Gir.Models.Zoo;

namespace Gir.Docs.Tests;

/// <summary>The pages of degradations, metrics and networks are what docs/reference.cs makes of the catalogs and of docs/fragments.</summary>
[NonParallelizable]
public sealed partial class ReferenceTests
{
    private const string Command = "Run dotnet run -c Release docs/reference.cs from the repository's root.";
    private static readonly string[] s_kinds = ["degradations", "metrics", "networks"];

    private TemporaryFolder? _made;

    [OneTimeSetUp]
    public void Make()
    {
        _made = new TemporaryFolder();
        string docs = Path.Combine(TestData.Root, "docs");
        Assembly program = ProgramFile.Compile(Path.Combine(docs, "reference.cs"));
        program.EntryPoint!.Invoke(null, [new[] { _made.Root, docs }]);
    }

    [OneTimeTearDown]
    public void Delete() => _made?.Dispose();

    [Test]
    public void Every_page_and_picture_is_there_and_says_what_the_catalogs_say()
    {
        string[] stale = [.. Files(_made!.Root).Where(f => !Equal(Path.Combine(_made.Root, f), Path.Combine(TestData.Root, "docs", f)))];
        Assert.That(stale, Is.Empty, Command);
    }

    [Test]
    public void No_page_or_picture_is_left_of_something_that_is_gone()
    {
        IEnumerable<string> there = s_kinds.Append(Path.Combine("images", "degradations"))
            .SelectMany(k => Files(Path.Combine(TestData.Root, "docs", k)).Select(f => Path.Combine(k, f)));
        Assert.That(there.Except(Files(_made!.Root)), Is.Empty);
    }

    [Test]
    public void There_is_a_page_for_everything_in_the_catalogs()
    {
        Assert.That(Names("degradations"), Is.EquivalentTo(DegradationCatalog.All.Select(d => d.Name)));
        Assert.That(Names("networks"), Is.EquivalentTo(ModelZoo.Names.Select(n => n.ToLowerInvariant())));
        MetricCatalog[] catalogs = [new(), new(MetricProfile.PyIqa), new(MetricProfile.SuperResolution(2)), new(MetricProfile.BasicSr)];
        IEnumerable<string> metrics = catalogs.SelectMany(c => c.FullReference.Select(m => m.Name).Concat(c.NoReference.Select(m => m.Name)));
        Assert.That(Names("metrics"), Is.SupersetOf(metrics.Concat(["brisque", "lpips", "dists", "semantics", "alignment"]).Distinct()));
    }

    [Test]
    public void The_parameters_of_a_page_are_those_of_the_catalog()
    {
        foreach (DegradationDescriptor descriptor in DegradationCatalog.All)
        {
            string[] told = [.. ParameterRow().Matches(Pages.Read($"docs/degradations/{descriptor.Name}.md")).Select(m => m.Value)];
            Assert.That(told, Is.EqualTo(descriptor.Parameters.Select(p => $"| `{p.Name}` | {p.Default} | {p.Expected} | {p.Summary} |")), descriptor.Name);
        }
    }

    [TestCase("psnr", "every sample 129 instead of 128", 48.1308)]
    [TestCase("psnr", "white instead of black", 0)]
    [TestCase("rmse", "every sample 129 instead of 128", 0.0039)]
    [TestCase("mae", "white instead of black", 1)]
    [TestCase("ssim", "white instead of black", 0.0001)]
    [TestCase("ciede2000", "white instead of black", 100)]
    [TestCase("psnry", "the scene itself", 80)]
    [TestCase("piqe", "white instead of black", 100)]
    [TestCase("entropy", "white instead of black", 0)]
    public void Known_answers_stand_on_the_pages(string metric, string image, double score) =>
        Assert.That(Pages.Read($"docs/metrics/{metric}.md"), Does.Contain(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"| {image} | {score} |")));

    [Test]
    public void Pictures_are_small()
    {
        string folder = Path.Combine(TestData.Root, "docs", "images", "degradations");
        foreach (string file in Directory.GetFiles(folder))
        {
            Assert.That(new FileInfo(file).Length, Is.LessThan(40_000), file);
            Assert.That(ImageFile.Load(file).Height, Is.EqualTo(128), file);
        }
    }

    [Test]
    public void Every_network_is_listed_with_its_page()
    {
        string page = Pages.Read("docs/models.md");
        foreach (string name in Names("networks"))
            Assert.That(page, Does.Contain($"(networks/{name}.md)"));
    }

    private static IEnumerable<string> Names(string kind) => Directory.GetFiles(Path.Combine(TestData.Root, "docs", kind)).Select(f => Path.GetFileNameWithoutExtension(f)!);

    private static IEnumerable<string> Files(string folder) => Directory.GetFiles(folder, "*", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(folder, f));

    // Pictures as pixels: how a file is packed is the codec's matter.
    private static bool Equal(string made, string kept) => File.Exists(kept)
        && (made.EndsWith(".jpg", StringComparison.Ordinal) ? ImageFile.Load(made).Samples.SequenceEqual(ImageFile.Load(kept).Samples) : File.ReadAllText(made) == File.ReadAllText(kept).ReplaceLineEndings("\n"));

    [GeneratedRegex(@"^\| `[^`]+` \| [^|]+ \| [^|]+ \| [^|]+ \|$", RegexOptions.Multiline)]
    private static partial Regex ParameterRow();
}
