using System.Buffers.Binary;
using System.Text.Json;
using System.Text.Unicode;
using Gir.Models.Tensors;

namespace Gir.Models.Serialization;

/// <summary>Reads safetensors, as strictly as the official reader: the tensors' bytes cover the file's data without holes or overlap.</summary>
internal static class SafeTensorsReader
{
    private const int LengthBytes = 8;

    public static Checkpoint Read(CheckpointSource source)
    {
        long dataStart = LengthBytes + FindHeader(source).Length;
        ReadOnlyMemory<byte> data = source.Content[(int)dataStart..];
        return Read(source, dataStart, data.Length, (type, shape, at, length) => new CheckpointTensor(type, shape, data.Slice((int)at, (int)length)));
    }

    /// <summary>The same of a file that is larger than an array: its header is read now, its tensors when they are asked for.</summary>
    public static Checkpoint ReadByRegions(Stream stream, string name, CheckpointLimits limits)
    {
        Span<byte> first = stackalloc byte[LengthBytes + 1];
        stream.ReadExactly(first);
        ulong length = BinaryPrimitives.ReadUInt64LittleEndian(first);
        if (length > (ulong)limits.MaxHeaderBytes || first[LengthBytes] != (byte)'{')
        {
            throw new CheckpointFormatException(
                name, 0, $"the file is {stream.Length} bytes long and no safetensors file with a header of at most {limits.MaxHeaderBytes} bytes; other files are read up to {Array.MaxLength} bytes.");
        }

        byte[] head = new byte[(int)Math.Min(LengthBytes + (long)length, stream.Length)];
        stream.Position = 0;
        stream.ReadExactly(head);
        var source = new CheckpointSource(name, head, limits);
        return Read(source, head.Length, stream.Length - head.Length, (type, shape, at, bytes) => new CheckpointTensor(type, shape, default) { Region = new FileRegion(name, head.Length + at, bytes) });
    }

    private static Checkpoint Read(CheckpointSource source, long dataStart, long dataLength, Func<CheckpointDataType, TensorShape, long, long, CheckpointTensor> create)
    {
        ReadOnlyMemory<byte> header = FindHeader(source);
        var entries = new List<Entry>();
        var metadata = new Dictionary<string, string>(StringComparer.Ordinal);
        try
        {
            Parse(source, header.Span, entries, metadata);
        }
        catch (JsonException exception)
        {
            throw source.Error(LengthBytes + (exception.BytePositionInLine ?? 0), "the header is not valid JSON: " + FirstSentence(exception.Message), exception);
        }
        catch (InvalidOperationException exception)
        {
            // A lone surrogate as an escape: valid JSON, no text.
            throw source.Error(LengthBytes, "the header holds a text that is not Unicode.", exception);
        }

        return Build(source, entries, metadata, dataStart, dataLength, create);
    }

    private static ReadOnlyMemory<byte> FindHeader(CheckpointSource source)
    {
        if (source.Content.Length < LengthBytes)
            source.Fail(0, $"{source.Content.Length} bytes are no safetensors file; expected at least the 8 bytes of the header's length.");
        ulong length = BinaryPrimitives.ReadUInt64LittleEndian(source.Bytes);
        if (length > (ulong)source.Limits.MaxHeaderBytes)
            source.Fail(0, $"the header is said to be {length} bytes long; at most {source.Limits.MaxHeaderBytes} are accepted.");
        if (length > (ulong)(source.Content.Length - LengthBytes))
            source.Fail(0, $"the header is said to be {length} bytes long, but only {source.Content.Length - LengthBytes} follow.");
        ReadOnlyMemory<byte> header = source.Content.Slice(LengthBytes, (int)length);
        if (header.IsEmpty || header.Span[0] != (byte)'{')
            source.Fail(LengthBytes, "the header does not begin with '{'; expected a JSON object.");
        if (!Utf8.IsValid(header.Span))
            source.Fail(LengthBytes, "the header is not valid UTF-8.");
        return header;
    }

    private static void Parse(CheckpointSource source, ReadOnlySpan<byte> header, List<Entry> entries, Dictionary<string, string> metadata)
    {
        var reader = new Utf8JsonReader(header, new JsonReaderOptions { MaxDepth = 8 });
        var names = new HashSet<string>(StringComparer.Ordinal);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            long offset = LengthBytes + reader.TokenStartIndex;
            string name = reader.GetString()!;
            if (!names.Add(name))
                source.Fail(offset, $"the name {CheckpointSource.Quote(name)} appears twice.");
            reader.Read();
            if (name == "__metadata__")
                ParseMetadata(source, ref reader, metadata);
            else
                entries.Add(ParseEntry(source, ref reader, name, offset));
            if (entries.Count > source.Limits.MaxTensors)
                source.Fail(offset, $"there are more than {source.Limits.MaxTensors} tensors.");
        }

        // Only white space may follow the object; the reader throws for anything else.
        while (reader.Read())
        {
        }
    }

    private static void ParseMetadata(CheckpointSource source, ref Utf8JsonReader reader, Dictionary<string, string> metadata)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
            source.Fail(LengthBytes + reader.TokenStartIndex, "__metadata__ is not an object; expected names and texts.");
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string name = reader.GetString()!;
            reader.Read();
            if (reader.TokenType != JsonTokenType.String)
                source.Fail(LengthBytes + reader.TokenStartIndex, $"__metadata__ {CheckpointSource.Quote(name)} is not a text.");
            if (!metadata.TryAdd(name, reader.GetString()!))
                source.Fail(LengthBytes + reader.TokenStartIndex, $"__metadata__ {CheckpointSource.Quote(name)} appears twice.");
        }
    }

    private static Entry ParseEntry(CheckpointSource source, ref Utf8JsonReader reader, string name, long offset)
    {
        string quoted = CheckpointSource.Quote(name);
        if (reader.TokenType != JsonTokenType.StartObject)
            source.Fail(offset, $"tensor {quoted} is not an object; expected dtype, shape and data_offsets.");
        (string? type, List<long>? shape, List<long>? offsets) = (null, null, null);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string field = reader.GetString()!;
            reader.Read();
            switch (field)
            {
                case "dtype" when type is null && reader.TokenType == JsonTokenType.String:
                    type = reader.GetString();
                    break;
                case "shape" when shape is null:
                    shape = ParseNumbers(source, ref reader, quoted, field);
                    break;
                case "data_offsets" when offsets is null:
                    offsets = ParseNumbers(source, ref reader, quoted, field);
                    break;
                default:
                    source.Fail(offset, $"tensor {quoted}: unexpected, repeated or malformed field {CheckpointSource.Quote(field)}.");
                    break;
            }
        }

        if (type is null || shape is null || offsets is not { Count: 2 })
            source.Fail(offset, $"tensor {quoted} lacks a field; expected dtype, shape and two data_offsets.");
        if (CheckpointDataTypes.FromSafeTensors(type) is not { } known)
            throw source.Error(offset, $"tensor {quoted} has the dtype {CheckpointSource.Quote(type)}, which is unknown or not supported.");
        return new Entry(name, known, [.. shape], offsets[0], offsets[1], offset);
    }

    private static List<long> ParseNumbers(CheckpointSource source, ref Utf8JsonReader reader, string tensor, string field)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
            source.Fail(LengthBytes + reader.TokenStartIndex, $"tensor {tensor}: {field} is not an array of numbers.");
        var values = new List<long>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.Number || !reader.TryGetInt64(out long value) || value < 0)
                throw source.Error(LengthBytes + reader.TokenStartIndex, $"tensor {tensor}: {field} holds something else than a whole number of 0 .. 2^63-1.");
            values.Add(value);
            if (values.Count > CheckpointShape.MaxRank)
                source.Fail(LengthBytes + reader.TokenStartIndex, $"tensor {tensor}: {field} has more than {CheckpointShape.MaxRank} numbers.");
        }

        return values;
    }

    private static Checkpoint Build(
        CheckpointSource source, List<Entry> entries, Dictionary<string, string> metadata, long dataStart, long dataLength,
        Func<CheckpointDataType, TensorShape, long, long, CheckpointTensor> create)
    {
        long end = 0;
        var tensors = new List<NamedTensor>(entries.Count);
        // Empty tensors begin where their neighbor does: by end as well, lest order decide.
        foreach (Entry entry in entries.OrderBy(e => e.Begin).ThenBy(e => e.End))
        {
            string quoted = CheckpointSource.Quote(entry.Name);
            if (entry.Begin > entry.End || entry.End > dataLength)
                source.Fail(entry.Offset, $"tensor {quoted} lies at {entry.Begin}..{entry.End}, outside of the {dataLength} bytes of data.");
            if (entry.Begin != end)
                source.Fail(entry.Offset, $"tensor {quoted} begins at {entry.Begin}, expected {end}: tensors may neither overlap nor leave holes.");
            TensorShape shape = CheckpointShape.Create(source, entry.Offset, quoted, entry.Shape);
            long expected = (long)shape.Length * entry.Type.Size();
            if (expected != entry.End - entry.Begin)
                source.Fail(entry.Offset, $"tensor {quoted}, {entry.Type} {shape}, takes {expected} bytes, but {entry.End - entry.Begin} are given to it.");
            tensors.Add(new NamedTensor([entry.Name], create(entry.Type, shape, entry.Begin, expected)));
            end = entry.End;
        }

        if (end != dataLength)
            source.Fail(dataStart + end, $"{dataLength - end} bytes of data belong to no tensor.");
        return new Checkpoint(source, CheckpointFormat.SafeTensors, tensors, metadata);
    }

    private static string FirstSentence(string message)
    {
        int end = message.IndexOf(". ", StringComparison.Ordinal);
        return end < 0 ? message : message[..(end + 1)];
    }

    private sealed record Entry(string Name, CheckpointDataType Type, long[] Shape, long Begin, long End, long Offset);
}
