using System.CommandLine;

namespace Gir.Cli.Shell;

/// <summary>Options that mean the same in every command that has them.</summary>
internal static class CommonOptions
{
    public static Option<int> Threads(string description = "Threads; the results do not depend on it.") =>
        new("--threads", "-j") { Description = description, HelpName = "N", DefaultValueFactory = _ => Environment.ProcessorCount };

    public static Option<string> Cluster() => new("--cluster")
    {
        Description = "A cluster, by how its workers find each other: localhost[:PORT] for processes of this machine, redis:HOST[:PORT][/NAME] for many. Needs the package Gir.Evaluation.Orleans beside the tool.",
        HelpName = "CLUSTER",
    };

    public static Option<bool> Force(string description = "Replace existing output.") => new("--force", "-f") { Description = description };

    public static Option<string?> Wrapper() =>
        new("--wrapper") { Description = "Which network of a checkpoint that holds several, e.g. params_ema or generator.", HelpName = "NAME" };

    public static Option<bool> Resume(string description) => new("--resume") { Description = description };

    public static Option<string?> Input(string description = "Image file, folder of image files, or - for the input.") =>
        new("--input", "-i") { Description = description, HelpName = "PATH" };

    public static Option<int?> Bits() => new("--bits") { Description = "Bits per sample of the results, 8 or 16. Default: as the input, where the format holds it.", HelpName = "8|16" };

    public static Option<string[]> Gate(string description) => new("--gate") { Description = description, HelpName = "LIMIT" };

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

    public static void RequireLimit(int? limit)
    {
        if (limit < 1)
            throw new UsageException($"--limit {limit}: expected at least 1.");
    }
}
