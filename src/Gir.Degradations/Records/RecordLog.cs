using System.Globalization;
using System.Text;
using Gir.Degradations.Kernels;
using Gir.Imaging.Files;

namespace Gir.Degradations;

/// <summary>
/// The records of a folder of degraded images, one line of JSON each, appended as the images are made, so that a run that was stopped or killed
/// goes on where it was.
/// </summary>
/// <remarks>
/// <para>
/// Append a record, then write its image: then every image of the folder has its record, whenever the process is killed, and at most the image
/// in work is missing. An image without a record is somebody else's. A line is handed to the operating system before <see cref="Append"/>
/// returns: a kill loses it no more (a failure of power may). A last line that a kill left torn is cut off when the log is opened again; damage anywhere
/// else is refused, and a file that holds something else is left as it is.
/// </para>
/// <para>
/// One process at a time may hold a log open: a second one is refused, and does not wait. Where several records name one file, the last one tells how its
/// present image came about. Safe for concurrent use.
/// </para>
/// </remarks>
public sealed class RecordLog : IDisposable
{
    /// <summary>The usual name of the file.</summary>
    public const string UsualName = "records.jsonl";

    private static readonly byte[] s_lineFeed = "\n"u8.ToArray();

    private readonly FileStream _stream;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Entry> _latest = new(StringComparer.Ordinal);
    private readonly List<Entry> _unnamed = [];

    private RecordLog(string path, FileStream stream) => (Path, _stream) = (path, stream);

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>Bytes of a torn last line that were cut off on opening; 0 where there was none.</summary>
    public long TornBytes { get; private set; }

    /// <summary>How many hidden files of killed runs were removed on opening.</summary>
    public int RemovedFiles { get; private set; }

    /// <summary>The files that have a record, in ordinal order.</summary>
    public IReadOnlyList<string> Files
    {
        get
        {
            lock (_gate)
                return [.. _latest.Keys.Order(StringComparer.Ordinal)];
        }
    }

    /// <summary>
    /// Opens the log of a folder, or begins one, for this process alone, and removes the hidden files that killed runs left in the folder and in those
    /// of the files with a record.
    /// </summary>
    /// <param name="path">The file; its folder must exist.</param>
    /// <param name="catalog">The operators that records may name; null means the standard ten.</param>
    /// <exception cref="DegradationException">The file holds something else than records, or is damaged elsewhere than at its end; the message names the line.</exception>
    /// <exception cref="IOException">Another process (or another log of this one) holds the file open, or it cannot be read or written.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be written.</exception>
    public static RecordLog Open(string path, DegradationCatalog? catalog = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        // FileShare.Read would let a second writer in on Unix, where only None takes an exclusive lock.
        FileStream stream = OpenShared(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        var log = new RecordLog(path, stream);
        try
        {
            log.Recover(catalog ?? DegradationCatalog.Standard);
            log.RemovedFiles = log.Folders().Where(Directory.Exists).Sum(f => AtomicFile.RemoveLeftoversIn(f));
            return log;
        }
        catch
        {
            log.Dispose();
            throw;
        }
    }

    /// <summary>Reads the records of a file that no process is writing, e.g. to make the images again.</summary>
    /// <param name="path">The file.</param>
    /// <param name="catalog">The operators that records may name; null means the standard ten.</param>
    /// <returns>In the order of their lines; of each file the last record alone. A torn last line is left out.</returns>
    /// <exception cref="DegradationException">The file holds something else than records, or is damaged elsewhere than at its end; the message names the line.</exception>
    /// <exception cref="IOException">A process is writing the file, or it cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    public static IReadOnlyList<DegradationRecord> Read(string path, DegradationCatalog? catalog = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using FileStream stream = OpenShared(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        var records = new List<DegradationRecord?>();
        var places = new Dictionary<string, int>(StringComparer.Ordinal);
        RecordLines.Read(stream, path, catalog ?? DegradationCatalog.Standard, (record, _, _) =>
        {
            if (record.File is { } file)
            {
                if (places.TryGetValue(file, out int earlier))
                    records[earlier] = null;
                places[file] = records.Count;
            }

            records.Add(record);
        });
        return [.. records.OfType<DegradationRecord>()];
    }

    /// <summary>Whether a file has a record.</summary>
    /// <param name="file">Relative to the log's folder, with '/' between folders.</param>
    public bool Contains(string file)
    {
        ArgumentNullException.ThrowIfNull(file);
        lock (_gate)
            return _latest.ContainsKey(file);
    }

    /// <summary>
    /// Whether a file's last record is of this very work: then, if the file is there, nothing is left to do. Its clean image is taken to be what it was.
    /// </summary>
    /// <param name="file">Relative to the log's folder, with '/' between folders.</param>
    /// <param name="pipeline">How the image is to be made.</param>
    /// <param name="seed">The seed.</param>
    /// <param name="imageKey">The image key.</param>
    public bool Contains(string file, DegradationPipeline pipeline, ulong seed, string imageKey)
    {
        ArgumentNullException.ThrowIfNull(file);
        ArgumentNullException.ThrowIfNull(pipeline);
        ArgumentNullException.ThrowIfNull(imageKey);
        ulong work = WorkOf(pipeline, seed, imageKey);
        lock (_gate)
            return _latest.TryGetValue(file, out Entry entry) && entry.Work == work;
    }

    /// <summary>Appends the record of an image that is written next; does nothing where the file's last record is the same.</summary>
    /// <param name="file">The image's file, relative to the log's folder, with '/' between folders.</param>
    /// <param name="record">How the image came about.</param>
    /// <returns>The record with its file.</returns>
    /// <exception cref="ArgumentException">The file lies outside the folder.</exception>
    /// <exception cref="IOException">The log cannot be written, e.g. because the disk is full; what was half written is cut off again.</exception>
    /// <exception cref="ObjectDisposedException">The log is closed.</exception>
    public DegradationRecord Append(string file, DegradationRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        DegradationRecord named = record.WithFile(file);
        byte[] line = Encoding.UTF8.GetBytes(named.ToJson() + "\n");
        ulong hash = XxHash64.Compute(line.AsSpan(..^1));
        ulong work = WorkOf(named.Pipeline, named.Seed, named.ImageKey);
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(!_stream.CanWrite, this);
            if (_latest.TryGetValue(file, out Entry last) && last.Hash == hash)
                return named;
            long place = _stream.Position;
            Write(line);
            _latest[file] = new Entry(work, hash, place, line.Length - 1);
        }

        return named;
    }

    /// <summary>
    /// Closes the log after the last image: the lines are put in the ordinal order of their files, each file once, so that the same images leave the
    /// same log however many threads made them. Whoever is killed meanwhile leaves the old order.
    /// </summary>
    /// <exception cref="IOException">The log cannot be written.</exception>
    /// <exception cref="ObjectDisposedException">The log is closed.</exception>
    public void Complete()
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(!_stream.CanWrite, this);
            try
            {
                // This log's lock goes with the old file; nothing is appended any more.
                AtomicFile.Write(Target(Path), ordered =>
                {
                    foreach (Entry entry in _unnamed.Concat(_latest.OrderBy(e => e.Key, StringComparer.Ordinal).Select(e => e.Value)))
                        Copy(entry, ordered);
                });
            }
            finally
            {
                _stream.Dispose();
            }
        }
    }

    /// <summary>Closes the log as it is; <see cref="Open"/> goes on with it.</summary>
    public void Dispose()
    {
        lock (_gate)
            _stream.Dispose();
    }

    private static FileStream OpenShared(string path, FileMode mode, FileAccess access, FileShare share)
    {
        FileStream stream;
        try
        {
            stream = new FileStream(path, mode, access, share, bufferSize: 0);
        }
        catch (IOException exception) when (IsLocked(exception))
        {
            throw new IOException($"'{path}' is being written by another process: wait until it is done, or choose another folder.", exception);
        }

        if (stream.CanSeek)
            return stream;
        stream.Dispose();
        throw new IOException($"'{path}' is no regular file; expected a file of records.");
    }

    // EWOULDBLOCK of Linux and of the BSDs, and Windows' sharing violation.
    private static bool IsLocked(IOException exception) => (exception.HResult & 0xFFFF) is 11 or 35 or 32;

    private static string Target(string path) => new FileInfo(path).ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? path;

    private static string FolderOf(string path) => System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(path))!;

    private static ulong WorkOf(DegradationPipeline pipeline, ulong seed, string imageKey) => XxHash64.Compute(Encoding.UTF8.GetBytes(
        string.Create(CultureInfo.InvariantCulture, $"{seed}:{imageKey.Length}:{imageKey}{pipeline.ToJson()}")));

    private void Recover(DegradationCatalog catalog)
    {
        RecordLines lines = RecordLines.Read(_stream, Path, catalog, (record, line, place) =>
        {
            var entry = new Entry(WorkOf(record.Pipeline, record.Seed, record.ImageKey), XxHash64.Compute(line), place, line.Length);
            if (record.File is null)
                _unnamed.Add(entry);
            else
                _latest[record.File] = entry;
        });
        TornBytes = _stream.Length - lines.SoundLength;
        _stream.SetLength(lines.SoundLength);
        _stream.Position = lines.SoundLength;
        if (lines.LacksLineFeed)
            Write(s_lineFeed);
    }

    private HashSet<string> Folders()
    {
        string folder = FolderOf(Path);
        return [folder, .. _latest.Keys.Select(file => FolderOf(System.IO.Path.Combine(folder, file)))];
    }

    private void Copy(Entry entry, Stream ordered)
    {
        byte[] line = new byte[entry.Length];
        _stream.Position = entry.Place;
        _stream.ReadExactly(line);
        ordered.Write(line);
        ordered.Write(s_lineFeed);
    }

    private void Write(byte[] line)
    {
        long start = _stream.Position;
        try
        {
            // Unbuffered: one call of the system a line, after which the line survives the process.
            _stream.Write(line);
        }
        catch (IOException)
        {
            _stream.SetLength(start);
            _stream.Position = start;
            throw;
        }
    }

    /// <summary>The last record of a file.</summary>
    /// <param name="Work">What tells one work from another: pipeline, seed, key.</param>
    /// <param name="Hash">The hash of the line.</param>
    /// <param name="Place">Where the line begins.</param>
    /// <param name="Length">Its bytes, without the line feed.</param>
    private readonly record struct Entry(ulong Work, ulong Hash, long Place, int Length);
}
