using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Gir.Testing;

/// <summary>Reads golden arrays; for tests only (trusted files, little-endian machines).</summary>
public sealed class SafeTensors
{
    private readonly byte[] _file;
    private readonly Dictionary<string, Entry> _entries = [];

    private readonly Dictionary<string, string> _metadata = [];

    private SafeTensors(byte[] file)
    {
        _file = file;
        long headerLength = BinaryPrimitives.ReadInt64LittleEndian(file);
        using JsonDocument header = JsonDocument.Parse(file.AsMemory(8, (int)headerLength));
        foreach (JsonProperty property in header.RootElement.EnumerateObject())
        {
            if (property.Name == "__metadata__")
            {
                foreach (JsonProperty entry in property.Value.EnumerateObject())
                    _metadata[entry.Name] = entry.Value.GetString()!;
                continue;
            }

            int[] shape = [.. property.Value.GetProperty("shape").EnumerateArray().Select(e => e.GetInt32())];
            long[] offsets = [.. property.Value.GetProperty("data_offsets").EnumerateArray().Select(e => e.GetInt64())];
            _entries[property.Name] = new Entry(
                property.Value.GetProperty("dtype").GetString()!, shape, (int)(8 + headerLength + offsets[0]), (int)(offsets[1] - offsets[0]));
        }
    }

    public IReadOnlyCollection<string> Names => _entries.Keys;

    /// <summary>The file's string map.</summary>
    public IReadOnlyDictionary<string, string> Metadata => _metadata;

    public static SafeTensors Load(string path) => new(File.ReadAllBytes(path));

    public bool Contains(string name) => _entries.ContainsKey(name);

    public string Type(string name) => Get(name).Type;

    public int[] Shape(string name) => Get(name).Shape;

    public byte[] Bytes(string name) => Values<byte>(name, "U8");

    public ushort[] UInt16s(string name) => Values<ushort>(name, "U16");

    public float[] Floats(string name) => Values<float>(name, "F32");

    /// <summary>Doubles; float32 entries are widened.</summary>
    public double[] Doubles(string name) =>
        Type(name) == "F32" ? System.Array.ConvertAll(Floats(name), v => (double)v) : Values<double>(name, "F64");

    public int[] Int32s(string name) => Values<int>(name, "I32");

    public long[] Int64s(string name) => Values<long>(name, "I64");

    /// <summary>Any numeric entry as doubles, whatever its type.</summary>
    public double[] Numbers(string name) => Type(name) switch
    {
        "U8" => System.Array.ConvertAll(Bytes(name), v => (double)v),
        "U16" => System.Array.ConvertAll(UInt16s(name), v => (double)v),
        "I64" => System.Array.ConvertAll(Int64s(name), v => (double)v),
        "I32" => System.Array.ConvertAll(Int32s(name), v => (double)v),
        _ => Doubles(name),
    };

    private T[] Values<T>(string name, string type)
        where T : unmanaged
    {
        Entry entry = Get(name);
        if (entry.Type != type)
            throw new InvalidOperationException($"Golden tensor '{name}' is {entry.Type}, not {type}.");
        return MemoryMarshal.Cast<byte, T>(_file.AsSpan(entry.Offset, entry.Length)).ToArray();
    }

    private Entry Get(string name) =>
        _entries.TryGetValue(name, out Entry? entry) ? entry : throw new KeyNotFoundException($"No golden tensor '{name}'.");

    private sealed record Entry(string Type, int[] Shape, int Offset, int Length);
}
