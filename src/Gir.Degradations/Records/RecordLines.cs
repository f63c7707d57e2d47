using System.Globalization;
using System.Text;

namespace Gir.Degradations;

/// <summary>Reads a file of records, one a line; its last line may have been torn by a kill.</summary>
internal sealed class RecordLines
{
    // A step may tell many thousands of draws.
    private const int LongestLine = 1 << 26;
    private const int FirstBuffer = 1 << 16;

    private static readonly UTF8Encoding s_strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
    private static readonly byte[] s_opening = Encoding.ASCII.GetBytes("{\"version\":");

    private readonly Stream _stream;
    private readonly string _path;
    private readonly DegradationCatalog _catalog;
    private byte[] _buffer = new byte[FirstBuffer];
    private int _start;
    private int _end;
    private long _position;

    private RecordLines(Stream stream, string path, DegradationCatalog catalog) => (_stream, _path, _catalog) = (stream, path, catalog);

    /// <summary>Whether the last record lacks its line feed.</summary>
    public bool LacksLineFeed { get; private set; }

    /// <summary>Where the sound part of the file ends; what follows is a torn line.</summary>
    public long SoundLength { get; private set; }

    /// <summary>Receives a record, its line without the line feed, and where in the file it begins.</summary>
    public delegate void Found(DegradationRecord record, ReadOnlySpan<byte> line, long place);

    /// <summary>Hands every record on.</summary>
    /// <exception cref="DegradationException">A line is no record, and not a last one that a kill left; the message names file and line.</exception>
    public static RecordLines Read(Stream stream, string path, DegradationCatalog catalog, Found found)
    {
        var lines = new RecordLines(stream, path, catalog);
        lines.Read(found);
        return lines;
    }

    private void Read(Found found)
    {
        bool any = false;
        for (int number = 1; NextLine(out ReadOnlySpan<byte> line, out bool isWhole, number); number++)
        {
            long place = _position;
            _position += line.Length + (isWhole ? 1 : 0);
            if (line.Trim(" \r\t"u8).IsEmpty && isWhole)
            {
                SoundLength = _position;
                continue;
            }

            DegradationRecord? record = TryParse(line, out DegradationException? defect);
            if (record is null && !isWhole && (any || IsBeginning(line)))
                return;
            if (record is null)
                throw new DegradationException(string.Create(CultureInfo.InvariantCulture, $"{_path}, line {number}: {defect!.Message}"), defect);
            any = true;
            found(record, line, place);
            SoundLength = _position;
            LacksLineFeed = !isWhole;
        }
    }

    /// <summary>Whether a file may have come to hold this and no more by the kill of a process that wrote records: a record's begin, or zeros.</summary>
    private static bool IsBeginning(ReadOnlySpan<byte> line) =>
        line.StartsWith(s_opening) || s_opening.AsSpan().StartsWith(line) || line.IndexOfAnyExcept((byte)0) < 0;

    private DegradationRecord? TryParse(ReadOnlySpan<byte> line, out DegradationException? defect)
    {
        defect = null;
        try
        {
            return DegradationRecord.FromJson(s_strict.GetString(line), _catalog);
        }
        catch (DecoderFallbackException exception)
        {
            defect = new DegradationException("found bytes that are no UTF-8, expected a record.", exception);
        }
        catch (DegradationException exception)
        {
            defect = exception;
        }

        return null;
    }

    /// <summary>The next line without its line feed; "whole" tells whether it has one.</summary>
    private bool NextLine(out ReadOnlySpan<byte> line, out bool isWhole, int number)
    {
        int searched = 0;
        while (true)
        {
            int feed = _buffer.AsSpan(_start + searched, _end - _start - searched).IndexOf((byte)'\n');
            if (feed >= 0)
            {
                line = _buffer.AsSpan(_start, searched + feed);
                _start += searched + feed + 1;
                isWhole = true;
                return true;
            }

            searched = _end - _start;
            if (searched > LongestLine)
                throw new DegradationException(string.Create(CultureInfo.InvariantCulture, $"{_path}, line {number}: found more than {LongestLine} bytes, expected a record."));
            if (Fill())
                continue;
            line = _buffer.AsSpan(_start, searched);
            _start = _end;
            isWhole = false;
            return line.Length > 0;
        }
    }

    private bool Fill()
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
        }

        if (_end == _buffer.Length)
            System.Array.Resize(ref _buffer, 2 * _buffer.Length);
        int count = _stream.Read(_buffer, _end, _buffer.Length - _end);
        _end += count;
        return count > 0;
    }
}
