using Gir.Imaging.Codecs;
using Gir.Imaging.Files;

namespace Gir.Cli.Shell;

/// <summary>Folders of results: made, and tried, before the work begins.</summary>
internal static class OutputFolder
{
    /// <summary>Makes a folder, with all above it, sees whether files can be written there, and removes what killed writers of this machine left there.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="option">The option that names it, for the message.</param>
    /// <exception cref="UsageException">It cannot be made, or nothing can be written there.</exception>
    public static void Prepare(string path, string option)
    {
        Make(path, option);
        AtomicFile.RemoveLeftoversIn(path);
    }

    /// <summary><see cref="Prepare"/> for the folders that files are to lie in, which may hold others: of what killed writers left, only what they made of these files is removed.</summary>
    public static void PrepareFor(IEnumerable<string> files, string option)
    {
        foreach (IGrouping<string, string> folder in files.GroupBy(f => Path.GetDirectoryName(f) is { Length: > 0 } named ? named : "."))
        {
            Make(folder.Key, option);
            AtomicFile.RemoveLeftoversIn(folder.Key, folder.Select(f => Path.GetFileName(f)));
        }
    }

    /// <inheritdoc cref="PrepareFor(IEnumerable{string}, string)"/>
    public static void PrepareFor(string file, string option) => PrepareFor([file], option);

    /// <summary>Refuses to make a folder that is called as an image file is: a file was meant.</summary>
    /// <exception cref="UsageException">The name is an image file's, and there is no such folder.</exception>
    public static void RequireFolderName(string path, string option)
    {
        if (!Directory.Exists(path) && ImageCodecs.FindByExtension(path) is not null)
            throw new UsageException($"{option} {path}: is the name of an image file; expected a folder.");
    }

    private static void Make(string path, string option)
    {
        if (File.Exists(path))
            throw new UsageException($"{option} {path}: is a file; expected a folder.");
        try
        {
            Directory.CreateDirectory(path);
            string probe = Path.Combine(path, $".gir-{Environment.ProcessId}.partial");
            using FileStream stream = new(probe, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 1, FileOptions.DeleteOnClose);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"{option} {path}: nothing can be written there. {e.Message}");
        }
    }
}
