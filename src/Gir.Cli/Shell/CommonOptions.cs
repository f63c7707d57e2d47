using System.CommandLine;

namespace Gir.Cli.Shell;

/// <summary>Options that mean the same in every command that has them.</summary>
internal static class CommonOptions
{
    public static Option<int> Threads(string description = "Threads; the results do not depend on it.") =>
        new("--threads", "-j") { Description = description, HelpName = "N", DefaultValueFactory = _ => Environment.ProcessorCount };

    public static Option<bool> Force(string description = "Replace existing output.") => new("--force", "-f") { Description = description };

    public static Option<bool> DryRun() => new("--dry-run", "-n") { Description = "Tell what would be done, and do nothing." };

    public static Option<bool> Json(string description = "Print JSON instead of tables.") => new("--json") { Description = description };

    public static Option<bool> Strict() => new("--strict") { Description = "Stop at the first file that cannot be read, instead of going on without it." };

    public static Option<string?> Depth() =>
        new("--depth", "-d") { Description = "Folder of depth maps NAME.png or NAME.npy; without it depth is estimated.", HelpName = "DIR" };

    public static void RequireThreads(int threads)
    {
        if (threads < 1)
            throw new UsageException($"--threads {threads}: expected at least 1.");
    }
}
