namespace Gir.Soak;

/// <summary>The repository that the program was built in, or is run in: its golden files are the corpus.</summary>
internal static class Repository
{
    private static readonly string s_root = Above(AppContext.BaseDirectory) ?? Above(Environment.CurrentDirectory)
        ?? throw new InvalidOperationException($"Neither '{AppContext.BaseDirectory}' nor '{Environment.CurrentDirectory}' lies in the repository; run this from its root.");

    public static string Golden(params string[] parts) => Path.Combine([s_root, "tests", "golden", .. parts]);

    private static string? Above(string start)
    {
        string? folder = start;
        while (folder is not null && !File.Exists(Path.Combine(folder, "Gir.sln")))
            folder = Path.GetDirectoryName(folder);
        return folder;
    }
}
