using Gir.Imaging.Codecs;

namespace Gir.Cli.Shell;

/// <summary>What --format and the names of results say of the format.</summary>
internal static class ImageFormats
{
    /// <summary>The extension of a format's files.</summary>
    /// <exception cref="UsageException">There is no such format.</exception>
    public static string Extension(string format)
    {
        try
        {
            return ImageCodecs.Find(format).Extensions[0];
        }
        catch (ArgumentException e)
        {
            throw new UsageException($"--format {format}: {e.Message}");
        }
    }

    /// <summary>The extension of a file that the user named, which tells its format.</summary>
    /// <param name="path">The file.</param>
    /// <param name="format">The format of --format, with which it must agree; null: any.</param>
    /// <exception cref="UsageException">It is no image file's, or that of another format.</exception>
    public static string ExtensionOf(string path, string? format)
    {
        RequireImageExtension(path);
        if (format is not null && ImageCodecs.FindByExtension(path) != ImageCodecs.FindByExtension(Extension(format)))
            throw new UsageException($"--format {format}: '{path}' has another extension.");
        return Path.GetExtension(path);
    }

    /// <summary>Refuses a name that is no image file's.</summary>
    /// <exception cref="UsageException">It is none.</exception>
    public static void RequireImageExtension(string path)
    {
        if (ImageCodecs.FindByExtension(path) is null)
            throw new UsageException($"'{path}': expected the extension of an image file ({string.Join(", ", ImageCodecs.All.SelectMany(c => c.Extensions))}).");
    }
}
