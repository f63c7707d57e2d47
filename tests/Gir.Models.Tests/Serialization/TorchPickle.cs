using System.Buffers.Binary;
using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text;
using Gir.Models.Tensors;

namespace Gir.Models.Tests.Serialization;

/// <summary>Writes a pickle opcode by opcode, with the storages of its tensors, as a file of torch.save.</summary>
public sealed class TorchPickle
{
    private readonly MemoryStream _pickle = new();
    private readonly List<float[]> _storages = [];

    public TorchPickle() => Raw([0x80, 2]);

    public TorchPickle Raw(params ReadOnlySpan<byte> bytes)
    {
        _pickle.Write(bytes);
        return this;
    }

    /// <summary>Opcodes that are letters, and their text arguments.</summary>
    public TorchPickle Raw(string letters) => Raw(Encoding.Latin1.GetBytes(letters));

    public TorchPickle Text(string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        Span<byte> length = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, bytes.Length);
        return Raw("X").Raw(length).Raw(bytes);
    }

    public TorchPickle Integer(int value)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, value);
        return Raw("J").Raw(bytes);
    }

    public TorchPickle Global(string module, string name) => Raw($"c{module}\n{name}\n");

    /// <summary>The number of a new storage.</summary>
    public int Storage(float[] values)
    {
        _storages.Add(values);
        return _storages.Count - 1;
    }

    /// <summary>A contiguous view of a storage, from its beginning.</summary>
    public TorchPickle View(int storage, ReadOnlySpan<int> sizes, string storageType = "FloatStorage")
    {
        Global("torch._utils", "_rebuild_tensor_v2").Raw("((").Text("storage").Global("torch", storageType)
            .Text($"{storage}").Text("cpu").Integer(_storages[storage].Length).Raw("tQ").Integer(0).Raw("(");
        foreach (int size in sizes)
            Integer(size);
        Raw("t(");
        for (int d = 0; d < sizes.Length; d++)
        {
            int stride = 1;
            foreach (int inner in sizes[(d + 1)..])
                stride *= inner;
            Integer(stride);
        }

        return Raw("t").Raw(0x89).Raw("}tR");
    }

    /// <summary>A dictionary of tensors.</summary>
    public TorchPickle State(IEnumerable<KeyValuePair<string, Tensor>> tensors, string prefix = "")
    {
        Raw("}(");
        Items(tensors, prefix);
        return Raw("u");
    }

    /// <summary>The items alone, to be put into a dictionary with others.</summary>
    public TorchPickle Items(IEnumerable<KeyValuePair<string, Tensor>> tensors, string prefix = "")
    {
        foreach ((string key, Tensor tensor) in tensors)
            Text(prefix + key).View(Storage(tensor.ToArray()), tensor.Shape.Sizes);
        return this;
    }

    public byte[] ToFile()
    {
        using var file = new MemoryStream();
        using (var archive = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true))
        {
            Add(archive, "archive/data.pkl", [.. _pickle.ToArray(), (byte)'.']);
            for (int i = 0; i < _storages.Count; i++)
                Add(archive, $"archive/data/{i}", MemoryMarshal.AsBytes(_storages[i].AsSpan()).ToArray());
        }

        return file.ToArray();
    }

    private static void Add(ZipArchive archive, string name, byte[] content)
    {
        using Stream entry = archive.CreateEntry(name, CompressionLevel.NoCompression).Open();
        entry.Write(content);
    }
}
