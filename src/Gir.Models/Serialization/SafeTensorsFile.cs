using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using Gir.Models.Tensors;

namespace Gir.Models.Serialization;

/// <summary>Writes safetensors files, float32; <see cref="Checkpoint.Load"/> reads them.</summary>
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
    /// <exception cref="ArgumentException">A name is empty, reserved ("__metadata__") or given twice.</exception>
    /// <exception cref="IOException">The path is a directory, or writing failed.</exception>
    public static void Write(string path, IEnumerable<KeyValuePair<string, Tensor>> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (Directory.Exists(path))
            throw new IOException($"'{path}' is a directory; expected the name of a file to write.");
        string aside = $"{path}.{Environment.ProcessId}-{Environment.CurrentManagedThreadId}.partial";
        try
        {
            using (var stream = new FileStream(aside, FileMode.Create, FileAccess.Write, FileShare.None))
            {
                Write(stream, tensors, metadata);
                stream.Flush(flushToDisk: true);
            }

            File.Move(aside, path, overwrite: true);
        }
        catch
        {
            File.Delete(aside);
            throw;
        }
    }

    /// <summary>Writes to a stream, at its current position.</summary>
    /// <inheritdoc cref="Write(string, IEnumerable{KeyValuePair{string, Tensor}}, IReadOnlyDictionary{string, string}?)"/>
    public static void Write(Stream stream, IEnumerable<KeyValuePair<string, Tensor>> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(tensors);
        KeyValuePair<string, Tensor>[] ordered = [.. tensors.OrderBy(t => t.Key, StringComparer.Ordinal)];
        for (int i = 0; i < ordered.Length; i++)
        {
            if (ordered[i].Key is "" or "__metadata__")
                throw new ArgumentException($"'{ordered[i].Key}' cannot be the name of a tensor.", nameof(tensors));
            if (i > 0 && ordered[i].Key == ordered[i - 1].Key)
                throw new ArgumentException($"'{ordered[i].Key}' is given twice.", nameof(tensors));
        }

        byte[] header = Header(ordered, metadata);
        Span<byte> length = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)header.Length);
        stream.Write(length);
        stream.Write(header);
        foreach ((_, Tensor tensor) in ordered)
        {
            float[] values = tensor.ToArray();
            if (!BitConverter.IsLittleEndian)
            {
                Span<int> bits = MemoryMarshal.Cast<float, int>(values.AsSpan());
                BinaryPrimitives.ReverseEndianness(bits, bits);
            }

            stream.Write(MemoryMarshal.AsBytes<float>(values));
        }
    }

    private static byte[] Header(KeyValuePair<string, Tensor>[] tensors, IReadOnlyDictionary<string, string>? metadata)
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
            foreach ((string name, Tensor tensor) in tensors)
            {
                json.WriteStartObject(name);
                json.WriteString("dtype", "F32");
                json.WriteStartArray("shape");
                foreach (int size in tensor.Shape)
                    json.WriteNumberValue(size);
                json.WriteEndArray();
                json.WriteStartArray("data_offsets");
                json.WriteNumberValue(offset);
                offset += (long)tensor.Length * sizeof(float);
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
