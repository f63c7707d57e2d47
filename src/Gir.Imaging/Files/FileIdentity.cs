namespace Gir.Imaging.Files;

/// <summary>Tells whether two paths lead to the same file, whatever links and spellings lie between.</summary>
internal static class FileIdentity
{
    private const int MostLinks = 40;

    private static readonly StringComparison Names =
        OperatingSystem.IsWindows() || OperatingSystem.IsMacOS() ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;

    /// <summary>Whether writing one would change the other, now or once both are there.</summary>
    /// <param name="first">A path; the file need not exist.</param>
    /// <param name="second">Another.</param>
    /// <remarks>
    /// Hard links count as the same file. Files that exist are compared by the numbers of device and inode where the system has them; others by the
    /// directory that they would lie in and their name, after all links are followed.
    /// </remarks>
    public static bool AreSame(string first, string second)
    {
        (FileStatus a, FileStatus b) = (FileStatus.Of(first), FileStatus.Of(second));
        if (a.HasNumbers && b.HasNumbers)
            return a == b;
        string resolvedFirst = Resolve(first, MostLinks);
        string resolvedSecond = Resolve(second, MostLinks);
        if (string.Equals(resolvedFirst, resolvedSecond, Names))
            return true;
        // Two names for one directory that no link explains: mounts.
        return string.Equals(Path.GetFileName(resolvedFirst), Path.GetFileName(resolvedSecond), Names)
            && Path.GetDirectoryName(resolvedFirst) is { Length: > 0 } firstFolder
            && Path.GetDirectoryName(resolvedSecond) is { Length: > 0 } secondFolder
            && FileStatus.Of(firstFolder) is { HasNumbers: true } folder
            && folder == FileStatus.Of(secondFolder);
    }

    /// <summary>The full path with every link on the way followed, also one that leads to nothing yet.</summary>
    private static string Resolve(string path, int links)
    {
        string full = Path.GetFullPath(path);
        string resolved = Path.GetPathRoot(full) ?? string.Empty;
        string[] parts = full[resolved.Length..].Split(
            [Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar], StringSplitOptions.RemoveEmptyEntries);
        foreach (string part in parts)
        {
            resolved = Path.Combine(resolved, part);
            if (links > 0 && Target(resolved) is { } target)
                resolved = Resolve(target, links - 1);
        }

        return resolved;
    }

    private static string? Target(string path)
    {
        try
        {
            return File.ResolveLinkTarget(path, returnFinalTarget: false)?.FullName;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
