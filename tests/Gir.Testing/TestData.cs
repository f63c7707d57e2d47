using NUnit.Framework;

namespace Gir.Testing;

/// <summary>Finds the data that tests read.</summary>
public static class TestData
{
    /// <summary>The category of tests on photographs, which live beside the repository and not in it.</summary>
    public const string RealData = "RealData";

    /// <summary>The repository's root.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>A file of tests/golden, e.g. Golden("degradations", "inputs.safetensors").</summary>
    public static string Golden(params string[] parts) => Path.Combine([Root, "tests", "golden", .. parts]);

    /// <summary>A file or folder of the shared data beside the repository; the test is skipped, and says so, where there is none.</summary>
    public static string Shared(params string[] parts)
    {
        string shared = Path.Combine(Root, "..", "shared");
        string path = Path.GetFullPath(Path.Combine([shared, .. parts]));
        if (!Path.Exists(path))
            Assert.Ignore($"Skipped: real data not found at {path} (photographs are not part of the repository).");
        return path;
    }

    private static string FindRoot()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Gir.sln")))
                return folder.FullName;
        }

        throw new DirectoryNotFoundException($"No Gir.sln above {AppContext.BaseDirectory}.");
    }
}
