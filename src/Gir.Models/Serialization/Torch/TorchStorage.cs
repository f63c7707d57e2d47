using Gir.Models.Tensors;

namespace Gir.Models.Serialization.Torch;

/// <summary>Memory that tensors are views of; known by its claims first, filled from the file later.</summary>
internal sealed class TorchStorage(string key, PickleGlobal type, long count, long offset)
{
    public string Key { get; } = key;

    /// <summary>Type of the elements; null for types that are not read, e.g. complex numbers.</summary>
    public CheckpointDataType? Type { get; } = type.Storage;

    /// <summary>The type's name in PyTorch.</summary>
    public string TypeName { get; } = type.Name;

    /// <summary>Bytes of an element; 0 where unknown.</summary>
    public int Width { get; } = type.StorageWidth;

    /// <summary>Elements, as the pickle says; checked against the bytes in <see cref="Fill"/>.</summary>
    public long Count { get; } = count;

    /// <summary>Where in the file it is named first.</summary>
    public long Offset { get; } = offset;

    public ReadOnlyMemory<byte> Bytes { get; private set; }

    public void Fill(CheckpointSource source, ReadOnlyMemory<byte> bytes)
    {
        if ((Int128)Count * Width != bytes.Length)
            source.Fail(Offset, $"storage {CheckpointSource.Quote(Key)} is said to have {Count} elements of {TypeName}, but holds {bytes.Length} bytes.");
        Bytes = bytes;
    }
}

/// <summary>A view of a storage: what _rebuild_tensor_v2 is called with.</summary>
internal sealed class TorchTensor(TorchStorage storage, long offset, TensorShape shape, long[] strides)
{
    public CheckpointTensor ToCheckpointTensor()
    {
        int size = storage.Width;
        bool isContiguous = true;
        long expected = 1;
        for (int d = shape.Rank - 1; d >= 0; d--)
        {
            isContiguous &= shape[d] == 1 || strides[d] == expected;
            expected *= shape[d];
        }

        ReadOnlyMemory<byte> bytes = shape.Length == 0 ? default : storage.Bytes[checked((int)(offset * size))..];
        return new CheckpointTensor(storage.Type!.Value, shape, bytes, isContiguous || shape.Length == 0 ? null : strides) { Storage = storage, StorageLength = storage.Count };
    }

    /// <summary>Checks that the view stays inside its storage and has no more elements than it.</summary>
    public static TorchTensor Create(CheckpointSource source, long position, TorchStorage storage, long offset, long[] sizes, long[] strides)
    {
        const string name = "in the pickle";
        if (sizes.Length != strides.Length)
            source.Fail(position, $"a tensor has {sizes.Length} sizes but {strides.Length} strides.");
        TensorShape shape = CheckpointShape.Create(source, position, name, sizes);
        if (offset < 0 || offset > storage.Count || strides.Any(s => s < 0))
            source.Fail(position, "a tensor has a negative stride, or its offset is negative or beyond its storage.");
        if (shape.Length > storage.Count)
            source.Fail(position, $"a tensor {shape} has more elements than its storage ({storage.Count}); repeated elements are not supported.");
        Int128 last = offset;
        for (int d = 0; d < sizes.Length; d++)
            last += (Int128)Math.Max(0, sizes[d] - 1) * strides[d];
        if (shape.Length > 0 && last >= storage.Count)
            source.Fail(position, $"a tensor {shape} reaches outside its storage of {storage.Count} elements.");
        return new TorchTensor(storage, offset, shape, strides);
    }
}
