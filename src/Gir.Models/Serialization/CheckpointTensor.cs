using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Gir.Models.Tensors;

namespace Gir.Models.Serialization;

/// <summary>A tensor of a checkpoint: a view of the file's bytes, converted when asked for.</summary>
/// <remarks>Immutable and safe for concurrent use.</remarks>
public sealed class CheckpointTensor
{
    // Null: contiguous in C order.
    private readonly long[]? _strides;
    private readonly ReadOnlyMemory<byte> _bytes;

    /// <summary>Creates a view; the caller has checked that it stays inside the bytes.</summary>
    /// <param name="type">Type of the elements.</param>
    /// <param name="shape">Sizes.</param>
    /// <param name="bytes">The storage from the tensor's first element on, little-endian.</param>
    /// <param name="strides">Elements between neighbors along each dimension, or null where contiguous.</param>
    internal CheckpointTensor(CheckpointDataType type, TensorShape shape, ReadOnlyMemory<byte> bytes, long[]? strides = null)
    {
        Type = type;
        Shape = shape;
        _bytes = bytes;
        _strides = strides;
    }

    /// <summary>The bytes of a file, contiguous in C order, that are read when they are asked for; null where they are in memory.</summary>
    internal FileRegion? Region { get; init; }

    /// <summary>The memory that the tensor is a view of: views of one memory have the same object here. Null where the tensor has its own.</summary>
    internal object? Storage { get; init; }

    /// <summary>Elements of <see cref="Storage"/>.</summary>
    internal long StorageLength { get; init; }

    /// <summary>Type of the stored elements.</summary>
    public CheckpointDataType Type { get; }

    /// <summary>Sizes; rank 0 is a scalar.</summary>
    public TensorShape Shape { get; }

    /// <summary>Number of elements.</summary>
    public int Length => Shape.Length;

    /// <summary>The values as float32 (double and large integers rounded to nearest even, Boolean as 0 and 1), in C order.</summary>
    /// <param name="destination">Room for exactly <see cref="Length"/> values.</param>
    /// <exception cref="ArgumentException">The destination has another length.</exception>
    public void CopyTo(Span<float> destination)
    {
        if (destination.Length != Length)
            throw new ArgumentException($"Expected room for exactly {Length} elements, found {destination.Length}.", nameof(destination));
        if (destination.IsEmpty)
            return;
        if (Region is { } region)
            ReadRegion(region, destination);
        else if (_strides is null)
            Convert(_bytes.Span, destination);
        else
            Gather(_bytes.Span, destination, 0, 0);
    }

    /// <summary>The values as float32, in C order.</summary>
    public float[] ToArray()
    {
        var values = new float[Length];
        CopyTo(values);
        return values;
    }

    /// <summary>The values as a float32 tensor, in memory of its own.</summary>
    /// <param name="backend">The engine; null means the default.</param>
    public Tensor ToTensor(TensorBackend? backend = null) => Tensor.From(ToArray(), Shape, backend);

    /// <summary>"Float16 [64, 3, 3, 3]".</summary>
    public override string ToString() => $"{Type} {Shape}";

    private void ReadRegion(FileRegion region, Span<float> destination)
    {
        const int Chunk = 1 << 20;
        int size = Type.Size();
        byte[] buffer = new byte[(int)Math.Min((long)destination.Length * size, Chunk)];
        using Microsoft.Win32.SafeHandles.SafeFileHandle file = region.Open();
        for (int done = 0; done < destination.Length;)
        {
            Span<float> values = destination.Slice(done, Math.Min(buffer.Length / size, destination.Length - done));
            Span<byte> part = buffer.AsSpan(0, values.Length * size);
            region.Read(file, (long)done * size, part);
            Convert(part, values);
            done += values.Length;
        }
    }

    // Rank is bounded by the reader (CheckpointShape.MaxRank), and with it the recursion.
    private int Gather(ReadOnlySpan<byte> source, Span<float> destination, int dimension, long start)
    {
        int size = Type.Size();
        if (dimension == Shape.Rank)
        {
            Convert(source.Slice((int)(start * size), size), destination[..1]);
            return 1;
        }

        int written = 0;
        for (int i = 0; i < Shape[dimension]; i++)
            written += Gather(source, destination[written..], dimension + 1, start + (i * _strides![dimension]));
        return written;
    }

    private void Convert(ReadOnlySpan<byte> source, Span<float> destination)
    {
        int size = Type.Size();
        source = source[..(destination.Length * size)];
        if (Type == CheckpointDataType.Float32 && BitConverter.IsLittleEndian)
        {
            source.CopyTo(MemoryMarshal.AsBytes(destination));
            return;
        }

        // Large networks are published in 16 bits.
        if (Type == CheckpointDataType.Float16 && BitConverter.IsLittleEndian)
        {
            SixteenBits.WidenHalves(MemoryMarshal.Cast<byte, ushort>(source), destination);
            return;
        }

        for (int i = 0; i < destination.Length; i++)
            destination[i] = Read(source.Slice(i * size, size));
    }

    private float Read(ReadOnlySpan<byte> value) => Type switch
    {
        CheckpointDataType.Float32 => BinaryPrimitives.ReadSingleLittleEndian(value),
        CheckpointDataType.Float64 => (float)BinaryPrimitives.ReadDoubleLittleEndian(value),
        CheckpointDataType.Float16 => (float)BinaryPrimitives.ReadHalfLittleEndian(value),
        CheckpointDataType.BFloat16 => BitConverter.UInt32BitsToSingle((uint)BinaryPrimitives.ReadUInt16LittleEndian(value) << 16),
        CheckpointDataType.Int8 => (sbyte)value[0],
        CheckpointDataType.Int16 => BinaryPrimitives.ReadInt16LittleEndian(value),
        CheckpointDataType.Int32 => BinaryPrimitives.ReadInt32LittleEndian(value),
        CheckpointDataType.Int64 => BinaryPrimitives.ReadInt64LittleEndian(value),
        CheckpointDataType.UInt8 => value[0],
        CheckpointDataType.UInt16 => BinaryPrimitives.ReadUInt16LittleEndian(value),
        CheckpointDataType.UInt32 => BinaryPrimitives.ReadUInt32LittleEndian(value),
        CheckpointDataType.UInt64 => BinaryPrimitives.ReadUInt64LittleEndian(value),
        _ => value[0] != 0 ? 1 : 0,
    };
}
