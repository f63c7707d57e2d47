using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Gir.Evaluation.Generality;
using Gir.Imaging.Files;
using Gir.Imaging.Text;

namespace Gir.Evaluation.Results;

/// <summary>
/// Results by (restorer and its identity, task, image), kept in an append-only file of JSON lines so that a run that was stopped or killed
/// goes on where it was.
/// </summary>
/// <remarks>
/// <para>The first line is a header with the configuration and its fingerprint; every further line is one
/// <see cref="ResultRecord"/> with the first 12 digits of the run's fingerprint (<c>"run"</c>: of configuration and format), written in one piece and
/// handed to the operating system before <see cref="Append"/> returns. A last line that a kill left torn is cut off when the file is opened again;
/// damage anywhere else, another configuration, and a line of another run (pasted in, say) are refused.</para>
/// <para>Values are finite, except that PSNR is infinite where an image equals its reference.</para>
/// <para>While a run works, the order of the lines depends on the threads that make them. A run that is done puts them in the order of <see cref="ToList"/>
/// (<see cref="Settle"/>), so that equal results are equal files.</para>
/// <para>Safe for concurrent use. One process at a time may hold a file open.</para>
/// </remarks>
public sealed class ResultStore : IDisposable
{
    private const string FormatName = "gir-results";
    private const int FormatVersion = 2;
    private const int RunLength = 12;
    private const string Kind = "a file of results";
    private const long MaxFileLength = 1L << 30;

    private static readonly Comparer<ResultRecord> s_order = Comparer<ResultRecord>.Create((a, b) =>
    {
        int order = string.CompareOrdinal(a.Restorer, b.Restorer);
        order = order != 0 ? order : string.CompareOrdinal(a.Identity, b.Identity);
        order = order != 0 ? order : string.CompareOrdinal(a.Task, b.Task);
        return order != 0 ? order : string.CompareOrdinal(a.Image, b.Image);
    });

    private readonly Dictionary<(string Restorer, string? Identity, string Task, string Image), ResultRecord> _records = [];
    private readonly Lock _gate = new();
    private readonly FileStream? _file;
    private readonly HashSet<string> _taskIds;
    private readonly HashSet<string> _imageNames;
    private readonly string _fingerprint;
    private readonly string _run;
    private ResultRecord? _last;
    private bool _isOrdered = true;

    private ResultStore(EvaluationConfiguration configuration, string? path, FileStream? file)
    {
        Configuration = configuration;
        Path = path;
        _file = file;
        _taskIds = [.. configuration.Tasks.Select(t => t.Id)];
        _imageNames = [.. configuration.Images.Select(i => i.Name)];
        _fingerprint = configuration.Fingerprint();
        _run = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{FormatName} {FormatVersion} {_fingerprint}")))[..RunLength];
    }

    /// <summary>What the results depend on.</summary>
    public EvaluationConfiguration Configuration { get; }

    /// <summary>The file; null in memory.</summary>
    public string? Path { get; }

    /// <summary>Bytes of a torn last line that were cut off on opening; 0 where there was none.</summary>
    public long TornBytes { get; private set; }

    /// <summary>How many results there are.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
                return _records.Count;
        }
    }

    /// <summary>Results that no file keeps.</summary>
    public static ResultStore InMemory(EvaluationConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        return new ResultStore(configuration, null, null);
    }

    /// <summary>Opens a file of results of a configuration, or begins one.</summary>
    /// <param name="path">The file; its folder must exist.</param>
    /// <param name="configuration">What the results depend on.</param>
    /// <exception cref="EvaluationException">The file holds results of another configuration, is not a file of results, or is damaged elsewhere than at its end.</exception>
    /// <exception cref="IOException">The file cannot be read or written, or another process has it open.</exception>
    public static ResultStore Open(string path, EvaluationConfiguration configuration)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(configuration);
        var file = new FileStream(path, new FileStreamOptions
        {
            Mode = FileMode.OpenOrCreate,
            Access = FileAccess.ReadWrite,
            // FileShare.Read would let a second writer in on Unix, where only None takes an exclusive lock.
            Share = FileShare.None,
            BufferSize = 0,
        });
        try
        {
            var store = new ResultStore(configuration, path, file);
            store.Recover();
            return store;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>All results, ordered by restorer, identity, task and image (ordinal), whatever order they were made in.</summary>
    public IReadOnlyList<ResultRecord> ToList()
    {
        lock (_gate)
        {
            return [.. _records.Values.Order(s_order)];
        }
    }

    /// <summary>One result, or null where there is none yet.</summary>
    /// <param name="restorer">The restorer's name.</param>
    /// <param name="task">The task's id.</param>
    /// <param name="image">The image's name.</param>
    /// <param name="identity">The restorer's identity: results of another one are not found.</param>
    public ResultRecord? Find(string restorer, string task, string image, string? identity = null)
    {
        lock (_gate)
            return _records.GetValueOrDefault((restorer, identity, task, image));
    }

    /// <summary>Adds a result; when this returns, killing the process loses it no more.</summary>
    /// <exception cref="ArgumentException">Its task, image or metrics are not the configuration's, or a value is no number that a file of results may hold.</exception>
    /// <exception cref="InvalidOperationException">There is one for this restorer, task and image already.</exception>
    /// <exception cref="IOException">The file cannot be written, e.g. because the disk is full; what was half written is cut off again.</exception>
    public void Append(ResultRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        if (Defect(record) is { } defect)
            throw new ArgumentException(defect, nameof(record));
        if (!TryAppend(record))
            throw new InvalidOperationException($"There is a result of '{record.Restorer}' on task '{record.Task}', image '{record.Image}' already.");
    }

    /// <summary>The same for a result without a <see cref="Defect"/>; false where there is one already.</summary>
    internal bool TryAppend(ResultRecord record)
    {
        byte[] line = Line(record);
        lock (_gate)
        {
            if (_records.ContainsKey(Key(record)))
                return false;
            Write(line);
            Add(record);
            return true;
        }
    }

    /// <summary>
    /// Puts the lines in the order of <see cref="ToList"/> and closes the file: no result can be added any more. A kill leaves the old order or the new one.
    /// </summary>
    internal void Settle()
    {
        lock (_gate)
        {
            if (_file is null)
                return;
            // Windows replaces no file that is open; elsewhere the lock is held until the new file is in place.
            if (OperatingSystem.IsWindows())
                _file.Dispose();
            if (!_isOrdered)
                WriteAll(Path!);
            _file.Dispose();
        }
    }

    /// <summary>Writes all results, in order, as a file of their own.</summary>
    internal void Save(string path)
    {
        lock (_gate)
            WriteAll(path);
    }

    /// <summary>Reads a file of results of whatever configuration it names; nothing is written.</summary>
    /// <exception cref="EvaluationException">The file is not a file of results, or is damaged elsewhere than at its end.</exception>
    /// <exception cref="IOException">The file cannot be read, or a run has it open.</exception>
    internal static ResultStore Read(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        byte[] content = ReadContent(path, file);
        int end = content.AsSpan().IndexOf((byte)'\n');
        ResultsHeader header = ReadHeader(path, content.AsMemory(0, Math.Max(0, end)));
        if (header.Configuration.Fingerprint() != header.Fingerprint)
            throw new EvaluationException($"{path}, line 1: the fingerprint is not that of the configuration. The file is damaged.");
        var store = new ResultStore(header.Configuration, path, null);
        store.ReadRecords(content, end + 1);
        return store;
    }

    /// <summary>Closes the file.</summary>
    public void Dispose() => _file?.Dispose();

    private byte[] Line(ResultRecord record) =>
        [.. JsonSerializer.SerializeToUtf8Bytes(ResultLine.Of(_run, record), EvaluationJson.Compact.ResultLine), (byte)'\n'];

    private void WriteAll(string path) => AtomicFile.Write(path, stream =>
    {
        stream.Write(HeaderLine());
        foreach (ResultRecord record in _records.Values.Order(s_order))
            stream.Write(Line(record));
    });

    private void Add(ResultRecord record)
    {
        _records.Add(Key(record), record);
        _isOrdered &= _last is null || s_order.Compare(_last, record) < 0;
        _last = record;
    }

    private static (string Restorer, string? Identity, string Task, string Image) Key(ResultRecord record) =>
        (record.Restorer, record.Identity, record.Task, record.Image);

    private void Write(byte[] line)
    {
        if (_file is null)
            return;
        long start = _file.Position;
        try
        {
            // Unbuffered: one write call per line, after which the line survives the process.
            _file.Write(line);
        }
        catch (IOException)
        {
            _file.SetLength(start);
            _file.Position = start;
            throw;
        }
    }

    private void Recover()
    {
        byte[] header = HeaderLine();
        byte[] content = ReadContent(Path!, _file!);
        int end = content.AsSpan().IndexOf((byte)'\n');
        if (end < 0)
        {
            // Nothing, or a header that was being written when the process died; anything else is somebody's file.
            if (!header.AsSpan().StartsWith(content))
                throw new EvaluationException($"{Path}: not a file of results; move it away or choose another output.");
            TornBytes = content.Length;
            Truncate(0);
            Write(header);
            return;
        }

        CheckHeader(content.AsMemory(0, end));
        int position = ReadRecords(content, end + 1);
        TornBytes = content.Length - position;
        Truncate(position);
    }

    private static byte[] ReadContent(string path, FileStream file)
    {
        if (file.Length > MaxFileLength)
            throw new EvaluationException($"{path}: {file.Length} bytes is more than a file of results may have ({MaxFileLength}).");
        byte[] content = new byte[file.Length];
        file.ReadExactly(content);
        return content;
    }

    private int ReadRecords(byte[] content, int position)
    {
        for (int number = 2; position < content.Length; number++)
        {
            int length = content.AsSpan(position).IndexOf((byte)'\n');
            if (length < 0)
                break;
            bool isLast = position + length + 1 == content.Length;
            StrictJsonSource source = EvaluationJson.Source($"{Path}, line {number}", "a result");
            ResultLine line;
            try
            {
                line = StrictJson.Read(content.AsMemory(position, length), source, root => root.As<ResultLine>());
            }
            catch (EvaluationException) when (isLast)
            {
                // A crash of the machine can leave a last line of the right length and the wrong content.
                break;
            }
            catch (EvaluationException e)
            {
                throw new EvaluationException($"{e.Message} The file is damaged; move it away or choose another output.", e);
            }

            ResultRecord record = line.ToRecord();
            if (Problem(line.Run, record) is { } problem)
                throw new EvaluationException($"{source.Name}: {problem}");
            Add(record);
            position += length + 1;
        }

        return position;
    }

    private string? Problem(string run, ResultRecord record)
    {
        if (run != _run)
            return $"a result of another run ('{Suggestion.Shortened(run)}'; this file's is '{_run}'): remove the line, move the file away, or choose another output.";
        return Defect(record) ?? (_records.ContainsKey(Key(record)) ? "The same restorer, task and image a second time." : null);
    }

    private void CheckHeader(ReadOnlyMemory<byte> line)
    {
        ResultsHeader header;
        try
        {
            header = ReadHeader(Path!, line);
        }
        catch (EvaluationException e)
        {
            throw new EvaluationException($"{e.Message} Move the file away or choose another output.", e);
        }

        if (header.Fingerprint == _fingerprint)
            return;
        IReadOnlyList<string> differences = Configuration.DifferencesFrom(header.Configuration);
        throw new EvaluationException(
            $"{Path}: results of another configuration ({(differences.Count > 0 ? string.Join("; ", differences) : "fingerprints differ")}); " +
            "start afresh or choose another output.");
    }

    private static ResultsHeader ReadHeader(string path, ReadOnlyMemory<byte> line) => StrictJson.Read(line, EvaluationJson.Source($"{path}, line 1", Kind), root =>
    {
        root.RequireFormat(Kind, FormatName, FormatVersion);
        return root.As<ResultsHeader>();
    });

    private byte[] HeaderLine()
    {
        var header = new ResultsHeader(FormatName, FormatVersion, _fingerprint, Configuration);
        return Encoding.UTF8.GetBytes(JsonSerializer.Serialize(header, EvaluationJson.Compact.ResultsHeader) + "\n");
    }

    private void Truncate(long length)
    {
        if (_file!.Length != length)
            _file.SetLength(length);
        _file.Position = length;
    }

    /// <summary>Whether a metric may have this value: a finite one, an infinite PSNR, or NaN for what it could not measure; rates are made of PSNR.</summary>
    internal static bool IsValue(string metric, double value) =>
        double.IsFinite(value)
        || (double.IsPositiveInfinity(value) && metric.StartsWith(GeneralityReport.PsnrName, StringComparison.Ordinal))
        || (double.IsNaN(value) && metric != GeneralityReport.PsnrName);

    /// <summary>Why a result cannot be kept; null where it can.</summary>
    internal string? Defect(ResultRecord record)
    {
        if (record is not { Restorer: not null, Task: not null, Image: not null, Metrics: not null })
            return "A result needs restorer, task, image and metrics.";
        if (!_taskIds.Contains(record.Task))
            return $"The configuration has no task '{record.Task}'.";
        if (!_imageNames.Contains(record.Image))
            return $"The configuration has no image '{record.Image}'.";
        foreach (EvaluatedMetric metric in Configuration.Metrics)
        {
            if (!record.Metrics.TryGetValue(metric.Name, out double value))
                return $"There is no value for metric '{metric.Name}'.";
            if (!IsValue(metric.Name, value))
                return FormattableString.Invariant($"Metric '{metric.Name}' is {value}: expected a finite number.");
        }

        return record.Metrics.Count == Configuration.Metrics.Count ? null : "There are values for metrics that the configuration does not have.";
    }
}

/// <summary>The first line of a file of results.</summary>
internal sealed record ResultsHeader(string Format, int Version, string Fingerprint, EvaluationConfiguration Configuration);
