using Gir.Imaging.Files;

namespace Gir.Cli.Shell;

/// <summary>What tells files apart however they are called: two paths with the same key lead to the same file, now or once it is there.</summary>
/// <param name="Place">The file itself, or the nearest folder above it that exists.</param>
/// <param name="Rest">The way from there; empty for the file itself.</param>
internal readonly record struct PathKey(FileStatus Place, string Rest)
{
    public static PathKey Of(string path)
    {
        string full = Path.GetFullPath(path);
        string rest = "";
        for (string? place = full; place is not null; place = Path.GetDirectoryName(place))
        {
            FileStatus status = FileStatus.Of(place);
            if (status.HasNumbers)
                return new PathKey(status, rest);
            rest = Path.Combine(Path.GetFileName(place), rest);
        }

        // Systems that number no files: the full path, in one case since most of them ignore it.
        return new PathKey(default, full.ToUpperInvariant());
    }
}
