using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using Gir.Imaging.Files;
using Gir.Models.Tensors;

namespace Gir.Models.Serialization;

/// <summary>Writes safetensors files; <see cref="Checkpoint.Load"/> reads them.</summary>
/// <remarks>
/// As Float16, values are rounded to nearest even, with a relative error of at most 2^-11. A tensor that this would spoil stays Float32: one with a
/// finite value beyond 65,504, or of a single element, which may be a counter.
/// </remarks>
public static class SafeTensorsFile
{
    private const int Alignment = 8;

    /// <summary>
    /// Writes a file. It appears complete or not at all: it is written under another name in the same folder, flushed and renamed.
    /// The same tensors and metadata give the same bytes, whatever their order.
    /// </summary>
    /// <param name="path">The file; an existing one is replaced; its folder must exist.</param>
    /// <param name="tensors">Tensors by name, e.g. a module's state dictionary.</param>
    /// <param name="metadata">Texts to keep with them, e.g. "hyper"; may be null.</param>
    /// <param name="type">Float32, or Float16 for half the size.</param>
    /// <exception cref="ArgumentException">A name is empty, reserved ("__metadata__") or given twice, or the type is neither of the two.</exception>
    /// <exception cref="IOException">The path is a directory, or writing failed.</exception>
    public static void Write(
        string path, IEnumerable<KeyValuePair<string, Tensor>> tensors, IReadOnlyDictionary<string, string>? metadata = null,
        CheckpointDataType type = CheckpointDataType.Float32)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        AtomicFile.Write(path, stream => Write(stream, tensors, metadata, type));
    }

    /// <summary>Writes to a stream, at its current position.</summary>
    /// <inheritdoc cref="Write(string, IEnumerable{KeyValuePair{string, Tensor}}, IReadOnlyDictionary{string, string}?, CheckpointDataType)"/>
    public static void Write(
        Stream stream, IEnumerable<KeyValuePair<string, Tensor>> tensors, IReadOnlyDictionary<string, string>? metadata = null,
        CheckpointDataType type = CheckpointDataType.Float32)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(tensors);
        if (type is not (CheckpointDataType.Float32 or CheckpointDataType.Float16))
            throw new ArgumentException($"Found {type}; expected Float32 or Float16.", nameof(type));
        KeyValuePair<string, Tensor>[] ordered = [.. tensors.OrderBy(t => t.Key, StringComparer.Ordinal)];
        for (int i = 0; i < ordered.Length; i++)
        {
            if (ordered[i].Key is "" or "__metadata__")
                throw new ArgumentException($"'{ordered[i].Key}' cannot be the name of a tensor.", nameof(tensors));
            if (i > 0 && ordered[i].Key == ordered[i - 1].Key)
                throw new ArgumentException($"'{ordered[i].Key}' is given twice.", nameof(tensors));
        }

        CheckpointDataType[] types = [.. ordered.Select(t => TypeOf(t.Value, type))];
        byte[] header = Header(ordered, types, metadata);
        Span<byte> length = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)header.Length);
        stream.Write(length);
        stream.Write(header);
        for (int i = 0; i < ordered.Length; i++)
        {
            float[] values = ordered[i].Value.ToArray();
            if (types[i] == CheckpointDataType.Float16)
                WriteValues(stream, Array.ConvertAll(values, v => BitConverter.HalfToInt16Bits((Half)v)).AsSpan());
            else
                WriteValues(stream, MemoryMarshal.Cast<float, int>(values.AsSpan()));
        }
    }

    private static CheckpointDataType TypeOf(Tensor tensor, CheckpointDataType wanted) =>
        wanted == CheckpointDataType.Float16 && !FitsHalf(tensor.ToArray()) ? CheckpointDataType.Float32 : wanted;

    /// <summary>Whether values may be rounded to 16 bits: several ones, none of which would become infinite.</summary>
    internal static bool FitsHalf(float[] values) => values.Length != 1 && !values.Any(v => float.IsFinite(v) && !Half.IsFinite((Half)v));

    private static void WriteValues(Stream stream, Span<int> bits)
    {
        if (!BitConverter.IsLittleEndian)
            BinaryPrimitives.ReverseEndianness(bits, bits);
        stream.Write(MemoryMarshal.AsBytes(bits));
    }

    private static void WriteValues(Stream stream, Span<short> bits)
    {
        if (!BitConverter.IsLittleEndian)
            BinaryPrimitives.ReverseEndianness(bits, bits);
        stream.Write(MemoryMarshal.AsBytes(bits));
    }

    private static byte[] Header(KeyValuePair<string, Tensor>[] tensors, CheckpointDataType[] types, IReadOnlyDictionary<string, string>? metadata)
    {
        using var memory = new MemoryStream();
        using (var json = new Utf8JsonWriter(memory, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            if (metadata is { Count: > 0 })
            {
                json.WriteStartObject("__metadata__");
                foreach ((string name, string value) in metadata.OrderBy(m => m.Key, StringComparer.Ordinal))
                    json.WriteString(name, value);
                json.WriteEndObject();
            }

            long offset = 0;
            for (int i = 0; i < tensors.Length; i++)
            {
                (string name, Tensor tensor) = tensors[i];
                json.WriteStartObject(name);
                json.WriteString("dtype", types[i] == CheckpointDataType.Float16 ? "F16" : "F32");
                json.WriteStartArray("shape");
                foreach (int size in tensor.Shape)
                    json.WriteNumberValue(size);
                json.WriteEndArray();
                json.WriteStartArray("data_offsets");
                json.WriteNumberValue(offset);
                offset += (long)tensor.Length * types[i].Size();
                json.WriteNumberValue(offset);
                json.WriteEndArray();
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        // Blanks put the data on a multiple of 8 bytes, so that it can be mapped into memory.
        while (memory.Length % Alignment != 0)
            memory.WriteByte((byte)' ');
        return memory.ToArray();
    }
}
