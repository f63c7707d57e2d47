using System.Xml.Linq;

namespace Gir.Packages.Tests;

/// <summary>The packages, packed once into a folder of their own, and a place for programs that use nothing but them.</summary>
/// <remarks>Takes a minute, and needs the Release builds of both solutions: skipped unless GIR_PACKAGING=1.</remarks>
[SetUpFixture]
public sealed class Feed
{
    /// <summary>What a program may take from the machine without asking for it again.</summary>
    private static readonly string s_machine =
        Environment.GetEnvironmentVariable("NUGET_PACKAGES") ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");

    private TemporaryFolder? _folder;

    /// <summary>Projects of the optional packages, as Gir.Optional.slnx lists them.</summary>
    public static IReadOnlyList<string> OptionalProjects { get; } = [.. XElement.Load(Path.Combine(TestData.Root, "Gir.Optional.slnx"))
        .Descendants("Project").Select(p => p.Attribute("Path")!.Value.Replace('\\', '/')).Where(p => p.StartsWith("src/", StringComparison.Ordinal))];

    /// <summary>The packages' version.</summary>
    public static string Version { get; private set; } = "";

    /// <summary>The folder of packages.</summary>
    public static string Packages { get; private set; } = "";

    /// <summary>A folder outside of the repository, for programs.</summary>
    public static string Programs { get; private set; } = "";

    [OneTimeSetUp]
    public void Pack()
    {
        if (Environment.GetEnvironmentVariable("GIR_PACKAGING") != "1")
            Assert.Ignore("Skipped: packs, installs and publishes, which takes a minute; set GIR_PACKAGING=1 after dotnet build -c Release of Gir.sln and of Gir.Optional.slnx.");
        _folder = new TemporaryFolder();
        Packages = _folder["packages"];
        Programs = _folder["programs"];
        Directory.CreateDirectory(Programs);
        Dotnet.Run(TestData.Root, "pack", "Gir.sln", "-c", "Release", "--no-build", "--output", Packages, "-v", "quiet");
        foreach (string project in OptionalProjects)
            Dotnet.Run(TestData.Root, "pack", project, "-c", "Release", "--no-build", "--output", Packages, "-v", "quiet");
        string meta = Directory.GetFiles(Packages, "Gir.?.*.nupkg").Single();
        Version = Path.GetFileNameWithoutExtension(meta)["Gir.".Length..];
        // A package folder of its own: the machine's may hold another package of the same version.
        string fallback = Directory.Exists(Path.Combine(s_machine, "gir.imaging")) ? "" : $"<RestoreFallbackFolders>{s_machine}</RestoreFallbackFolders>";
        File.WriteAllText(Path.Combine(Programs, "Directory.Build.props"), $"""
            <Project>
              <PropertyGroup>
                <RestorePackagesPath>{_folder["restored"]}</RestorePackagesPath>
                <RestoreAdditionalProjectSources>{Packages}</RestoreAdditionalProjectSources>
                {fallback}
                <NuGetAudit>false</NuGetAudit>
                <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
              </PropertyGroup>
            </Project>
            """);
    }

    [OneTimeTearDown]
    public void Delete() => _folder?.Dispose();
}
