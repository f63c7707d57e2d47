namespace Gir.Soak;

/// <summary>The repository that the program was built in: its golden files are the corpus.</summary>
internal static class Repository
{
    private static readonly string s_root = Find();

    public static string Golden(params string[] parts) => Path.Combine([s_root, "tests", "golden", .. parts]);

    private static string Find()
    {
        for (string? folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(Path.Combine(folder, "Gir.sln")))
                return folder;
        }

        throw new InvalidOperationException($"'{AppContext.BaseDirectory}' lies in no repository.");
    }
}
