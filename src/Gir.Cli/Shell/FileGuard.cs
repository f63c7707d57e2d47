using Gir.Imaging.Files;

namespace Gir.Cli.Shell;

/// <summary>Sees to it that no file is lost: what a command writes is neither among what it reads nor written twice, whatever links lie between.</summary>
internal sealed class FileGuard
{
    private readonly Dictionary<PathKey, string> _read = [];
    private readonly Dictionary<PathKey, string> _written = [];

    /// <summary>Protects a file that the command reads; null and pipes need no protection.</summary>
    /// <param name="path">The file.</param>
    /// <param name="what">What it is, e.g. "one of the inputs" or "--model".</param>
    public void Reads(string? path, string what)
    {
        if (path is not null && FileStatus.Of(path).Kind is FileKind.Regular)
            _read.TryAdd(PathKey.Of(path), what);
    }

    /// <summary>Protects the files of a folder that the command reads; null needs no protection.</summary>
    public void ReadsFolder(string? folder, string what)
    {
        if (folder is null || !Directory.Exists(folder))
            return;
        foreach (string file in Directory.EnumerateFiles(folder))
            Reads(file, what);
    }

    /// <summary>Announces a file that the command writes.</summary>
    /// <param name="path">The file.</param>
    /// <param name="what">What it is, e.g. "the result of 'a.png'" or "--sheet".</param>
    /// <param name="replace">Whether a file that exists may be replaced; otherwise that is refused.</param>
    /// <exception cref="UsageException">It is something the command reads or writes elsewhere, a folder, or exists and may not be replaced.</exception>
    public void Writes(string path, string what, bool replace)
    {
        PathKey key = PathKey.Of(path);
        if (_read.TryGetValue(key, out string? source))
            throw new UsageException($"'{path}' is {source}; choose another --output.");
        if (!_written.TryAdd(key, what))
            throw new UsageException($"'{path}' would be both {_written[key]} and {what}; choose another name for one.");
        FileKind kind = FileStatus.Of(path).Kind;
        if (kind == FileKind.Directory)
            throw new UsageException($"'{path}' is a folder; expected the name of a file to write.");
        if (kind == FileKind.Regular && !replace)
            throw new UsageException($"'{path}' exists already; --force replaces it.");
    }
}
