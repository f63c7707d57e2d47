using Gir.Imaging.Codecs;

namespace Gir.Cli.Shell;

/// <summary>Folders of results: made, and tried, before the work begins.</summary>
internal static class OutputFolder
{
    /// <summary>Makes a folder, with all above it, and sees whether files can be written there.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="option">The option that names it, for the message.</param>
    /// <exception cref="UsageException">It cannot be made, or nothing can be written there.</exception>
    public static void Prepare(string path, string option)
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

    /// <summary>Refuses to make a folder that is called as an image file is: a file was meant.</summary>
    /// <exception cref="UsageException">The name is an image file's, and there is no such folder.</exception>
    public static void RequireFolderName(string path, string option)
    {
        if (!Directory.Exists(path) && ImageCodecs.FindByExtension(path) is not null)
            throw new UsageException($"{option} {path}: is the name of an image file; expected a folder.");
    }

    /// <summary><see cref="Prepare"/> for the folder that a file is to lie in.</summary>
    public static void PrepareFor(string file, string option) =>
        Prepare(Path.GetDirectoryName(file) is { Length: > 0 } folder ? folder : ".", option);
}
