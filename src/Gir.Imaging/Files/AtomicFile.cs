using System.ComponentModel;
using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace Gir.Imaging.Files;

/// <summary>Writes whole files so that no reader, and no kill, ever meets half of one: aside in the same folder, flushed to the disk, then renamed.</summary>
/// <remarks>
/// The name aside is hidden, differs between machines, processes and threads, and stays within the 255 bytes that file systems allow, however long the
/// target's name is. A target that is a pipe or a device is written as it is: renaming would put a file in its place.
/// </remarks>
internal static partial class AtomicFile
{
    private const string Ending = ".partial";
    private const int Buffer = 1 << 16;

    // In bytes; leaves room for dot, numbers and ending.
    private const int LongestKeptName = 180;

    // Start times of processes are told to a hundredth of a second, and by another clock than those of files.
    private static readonly TimeSpan s_clockError = TimeSpan.FromSeconds(2);

    // Nobody can ask another machine's processes; its writers write more often than that.
    private static readonly TimeSpan s_abandoned = TimeSpan.FromHours(1);

    /// <summary>This machine, or container, in the names aside: several may share a folder, and each counts its processes from 1.</summary>
    internal static string Machine { get; } = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Environment.MachineName)))[..8];

    /// <summary>Writes a file of which all is known.</summary>
    /// <inheritdoc cref="Write(string, Action{Stream}, bool)"/>
    public static void Write(string path, ReadOnlySpan<byte> content, bool overwrite = true)
    {
        using Target target = Begin(path, overwrite);
        target.Stream.Write(content);
        target.Commit();
    }

    /// <summary>Writes a file piece by piece.</summary>
    /// <param name="path">The file; its folder must exist.</param>
    /// <param name="write">Writes the content; where it throws, nothing is left behind.</param>
    /// <param name="overwrite">Whether an existing file is replaced.</param>
    /// <exception cref="IOException">The path is a directory, the file exists and is not to be replaced, or writing failed.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder may not be written to.</exception>
    public static void Write(string path, Action<Stream> write, bool overwrite = true)
    {
        ArgumentNullException.ThrowIfNull(write);
        using Target target = Begin(path, overwrite);
        write(target.Stream);
        target.Commit();
    }

    /// <summary>
    /// Removes what writers of this machine left in a folder when they were killed; those that still run keep theirs, and those of other machines what they wrote to within the last hour.
    /// </summary>
    /// <param name="folder">The folder.</param>
    /// <param name="names">Names of the files that they were writing; null means all.</param>
    /// <returns>How many files were removed.</returns>
    public static int RemoveLeftoversIn(string folder, IEnumerable<string>? names = null)
    {
        HashSet<string>? asked = names?.Select(Shorten).ToHashSet(StringComparer.Ordinal);
        int removed = 0;
        foreach (string file in Directory.EnumerateFiles(folder, "*" + Ending))
        {
            Match name = AsideName().Match(Path.GetFileName(file));
            if (!name.Success || asked?.Contains(name.Groups[1].Value) == false || IsWriting(name, file))
                continue;
            Remove(file);
            removed++;
        }

        return removed;
    }

    /// <summary>Removes what was left beside one file, whoever wrote it: for callers that hold a lock on its folder.</summary>
    public static void RemoveLeftoversOf(string path)
    {
        string start = $".{Shorten(Path.GetFileName(path))}.";
        string folder = Path.GetDirectoryName(path) is { Length: > 0 } named ? named : ".";
        foreach (string file in Directory.EnumerateFiles(folder, "*" + Ending))
        {
            if (Path.GetFileName(file) is { } name && name.StartsWith(start, StringComparison.Ordinal) && AsideName().IsMatch(name))
                File.Delete(file);
        }
    }

    /// <summary>A name in the same folder that no other writer uses at the same time.</summary>
    internal static string NameAside(string path)
    {
        string aside = $".{Shorten(Path.GetFileName(path))}.{Environment.ProcessId}-{Environment.CurrentManagedThreadId}-{Machine}{Ending}";
        return Path.Combine(Path.GetDirectoryName(path) ?? string.Empty, aside);
    }

    private static Target Begin(string path, bool overwrite)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        FileKind kind = FileStatus.Of(path).Kind;
        if (kind == FileKind.Directory)
            throw new IOException($"'{path}' is a directory; expected the name of a file to write.");
        if (!overwrite && kind != FileKind.Missing)
            throw new IOException($"'{path}' exists already; pass overwrite: true to replace it.");
        return new Target(path, kind == FileKind.Special ? null : NameAside(path), overwrite);
    }

    // The last runes go first, and none is cut in two.
    private static string Shorten(string name)
    {
        int bytes = 0;
        int kept = 0;
        foreach (Rune rune in name.EnumerateRunes())
        {
            bytes += rune.Utf8SequenceLength;
            if (bytes > LongestKeptName)
                break;
            kept += rune.Utf16SequenceLength;
        }

        return name[..kept];
    }

    private static bool IsWriting(Match name, string file) => name.Groups[3].ValueSpan.SequenceEqual(Machine)
        ? !int.TryParse(name.Groups[2].ValueSpan, out int process) || IsWriting(process, file)
        : TimeProvider.System.GetUtcNow().UtcDateTime - File.GetLastWriteTimeUtc(file) < s_abandoned;

    /// <summary>Whether a process of this id runs, and ran already when the file was written last: ids are given again, in containers soon.</summary>
    private static bool IsWriting(int id, string file)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            return process.StartTime.ToUniversalTime() <= File.GetLastWriteTimeUtc(file) + s_clockError;
        }
        catch (ArgumentException)
        {
            return false;
        }
        catch (Exception failure) when (failure is InvalidOperationException or Win32Exception)
        {
            // It has ended just now, or belongs to somebody else: the next call will tell.
            return true;
        }
    }

    private static void Remove(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // The first failure is the one to report.
        }
    }

    [GeneratedRegex(@"^\.(.*)\.([0-9]+)-[0-9]+-([0-9a-f]{8})\.partial$", RegexOptions.CultureInvariant | RegexOptions.Singleline)]
    private static partial Regex AsideName();

    private sealed class Target(string path, string? aside, bool overwrite) : IDisposable
    {
        private bool _isDone;

        public FileStream Stream { get; } = aside is null
            ? new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite, Buffer)
            : new FileStream(aside, FileMode.Create, FileAccess.Write, FileShare.None, Buffer);

        public void Commit()
        {
            Stream.Flush(flushToDisk: aside is not null);
            Stream.Dispose();
            if (aside is not null)
                File.Move(aside, path, overwrite);
            _isDone = true;
        }

        public void Dispose()
        {
            try
            {
                Stream.Dispose();
            }
            finally
            {
                if (!_isDone && aside is not null)
                    Remove(aside);
            }
        }
    }
}
