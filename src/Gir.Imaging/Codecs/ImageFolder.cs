using Gir.Imaging.Files;

namespace Gir.Imaging.Codecs;

/// <summary>The images of a folder as it is: what can be read, and what looks like an image and is none, with the reason.</summary>
/// <param name="Path">The folder.</param>
/// <param name="Files">Paths of the files whose names have an image's extension and that can be opened, by name (ordinal).</param>
/// <param name="Skipped">Entries with an image's extension that are no image files at all; to be mentioned, not to be counted as failures.</param>
/// <param name="Unreadable">Files with an image's extension that cannot be opened: failures.</param>
public sealed record ImageFolder(
    string Path, IReadOnlyList<string> Files, IReadOnlyList<LeftOutFile> Skipped, IReadOnlyList<LeftOutFile> Unreadable)
{
    // What macOS writes beside each file on foreign file systems: resource forks under the file's own extension.
    private const string AppleDoublePrefix = "._";
    private const char Undecodable = '\uFFFD';

    /// <summary>Looks through a folder, but not through folders within it. No image is decoded.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="codecs">Whose extensions count; null means <see cref="ImageCodecs.Default"/>.</param>
    /// <remarks>
    /// Skipped are names that begin with "._" (data of macOS), links that lead nowhere, names that are no valid UTF-8 (no path can be made of them),
    /// folders, and what is no regular file, such as pipes and devices. Links to files are followed.
    /// </remarks>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="IOException">The folder cannot be listed.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder may not be listed.</exception>
    public static ImageFolder Read(string path, ImageCodecRegistry? codecs = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        codecs ??= ImageCodecs.Default;
        var files = new List<string>();
        var skipped = new List<LeftOutFile>();
        var unreadable = new List<LeftOutFile>();
        string[] entries =
        [
            .. Directory.EnumerateFileSystemEntries(path)
                .Where(e => codecs.FindByExtension(e) is not null)
                .OrderBy(System.IO.Path.GetFileName, StringComparer.Ordinal),
        ];
        foreach (string entry in entries)
        {
            if (WhySkipped(entry) is { } reason)
                skipped.Add(new LeftOutFile(entry, reason));
            else if (WhyUnreadable(entry) is { } failure)
                unreadable.Add(new LeftOutFile(entry, failure));
            else
                files.Add(entry);
        }

        return new ImageFolder(path, files, skipped, unreadable);
    }

    private static string? WhySkipped(string entry)
    {
        string name = System.IO.Path.GetFileName(entry);
        if (name.StartsWith(AppleDoublePrefix, StringComparison.Ordinal))
            return "data that macOS keeps beside a file, no image";
        return FileStatus.Of(entry).Kind switch
        {
            FileKind.Regular => null,
            FileKind.Directory => "a folder",
            FileKind.Special => "a pipe, a socket or a device, no regular file",
            _ when new FileInfo(entry).LinkTarget is not null => "a link that leads nowhere",
            _ when name.Contains(Undecodable, StringComparison.Ordinal) => "its name is no valid UTF-8",
            _ => "it is gone, or out of reach",
        };
    }

    private static string? WhyUnreadable(string entry)
    {
        try
        {
            using Microsoft.Win32.SafeHandles.SafeFileHandle handle = File.OpenHandle(entry);
            return null;
        }
        catch (UnauthorizedAccessException)
        {
            return "it may not be read";
        }
        catch (IOException e)
        {
            return e.Message;
        }
    }
}

/// <summary>An entry of a folder that is left out.</summary>
/// <param name="Path">Its path, as far as it can be told.</param>
/// <param name="Reason">Why, in a few words that go on after the path: "a link that leads nowhere".</param>
public sealed record LeftOutFile(string Path, string Reason);
