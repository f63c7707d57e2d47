using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Gir.Models.Onnx.Format;

/// <summary>The type of a stored tensor's elements, by ONNX's numbers.</summary>
internal enum OnnxType
{
    Float32 = 1,
    Int64 = 7,
    Float16 = 10,
}

/// <summary>A constant of a graph, whose values are asked for when they are written.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">How it is stored.</param>
/// <param name="Shape">Its shape.</param>
/// <param name="Read">Hands out its values, a float[] or a long[].</param>
internal sealed record OnnxTensor(string Name, OnnxType Type, IReadOnlyList<long> Shape, Func<Array> Read)
{
    // TensorProto: dims 1, data_type 2, name 8, raw_data 9.
    private const int RawData = 9;

    public long ByteLength => Shape.Aggregate(1L, (length, size) => length * size) * Type switch { OnnxType.Float16 => 2, OnnxType.Float32 => 4, _ => 8 };

    /// <summary>All but the values, which follow.</summary>
    public ProtoMessage Head()
    {
        var head = new ProtoMessage();
        foreach (long size in Shape)
            head.Integer(1, size);
        return head.Integer(2, (long)Type).Text(8, Name).BlockStart(RawData, ByteLength);
    }

    public static ProtoMessage Element(float value)
    {
        var bytes = new byte[sizeof(float)];
        BinaryPrimitives.WriteSingleLittleEndian(bytes, value);
        return new ProtoMessage().Integer(1, 1).Integer(2, (long)OnnxType.Float32).Block(RawData, bytes);
    }

    public void WriteValues(Stream stream)
    {
        Array values = Read();
        switch (Type)
        {
            case OnnxType.Int64:
                long[] integers = (long[])values;
                Write(stream, BitConverter.IsLittleEndian ? integers : Array.ConvertAll(integers, BinaryPrimitives.ReverseEndianness));
                break;
            case OnnxType.Float16:
                short[] halves = Array.ConvertAll((float[])values, v => BitConverter.HalfToInt16Bits((Half)v));
                Write(stream, BitConverter.IsLittleEndian ? halves : Array.ConvertAll(halves, BinaryPrimitives.ReverseEndianness));
                break;
            default:
                int[] bits = Array.ConvertAll((float[])values, BitConverter.SingleToInt32Bits);
                Write(stream, BitConverter.IsLittleEndian ? bits : Array.ConvertAll(bits, BinaryPrimitives.ReverseEndianness));
                break;
        }
    }

    private static void Write<T>(Stream stream, T[] values)
        where T : struct => stream.Write(MemoryMarshal.AsBytes(values.AsSpan()));
}
