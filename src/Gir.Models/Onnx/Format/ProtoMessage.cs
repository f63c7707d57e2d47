using System.Buffers.Binary;
using System.Text;

namespace Gir.Models.Onnx.Format;

/// <summary>Writes the fields of one Protocol Buffers message.</summary>
internal sealed class ProtoMessage
{
    private readonly MemoryStream _bytes = new();

    private enum WireType
    {
        Varint = 0,
        Bytes = 2,
        Fixed32 = 5,
    }

    public ReadOnlySpan<byte> Bytes => _bytes.GetBuffer().AsSpan(0, (int)_bytes.Length);

    public ProtoMessage Integer(int field, long value)
    {
        Tag(field, WireType.Varint);
        Varint(_bytes, (ulong)value);
        return this;
    }

    public ProtoMessage Real(int field, float value)
    {
        Tag(field, WireType.Fixed32);
        Span<byte> bytes = stackalloc byte[sizeof(float)];
        BinaryPrimitives.WriteSingleLittleEndian(bytes, value);
        _bytes.Write(bytes);
        return this;
    }

    public ProtoMessage Text(int field, string value) => Block(field, Encoding.UTF8.GetBytes(value));

    public ProtoMessage Message(int field, ProtoMessage value) => Block(field, value.Bytes);

    public ProtoMessage Block(int field, ReadOnlySpan<byte> value)
    {
        BlockStart(field, value.Length);
        _bytes.Write(value);
        return this;
    }

    /// <summary>The beginning of a field whose bytes somebody else writes after this message.</summary>
    public ProtoMessage BlockStart(int field, long length)
    {
        Tag(field, WireType.Bytes);
        Varint(_bytes, (ulong)length);
        return this;
    }

    /// <summary>The fields of another message, after those of this one.</summary>
    public void Append(ProtoMessage other) => _bytes.Write(other.Bytes);

    private void Tag(int field, WireType type) => Varint(_bytes, ((ulong)field << 3) | (ulong)type);

    private static void Varint(MemoryStream stream, ulong value)
    {
        while (value >= 0x80)
        {
            stream.WriteByte((byte)(value | 0x80));
            value >>= 7;
        }

        stream.WriteByte((byte)value);
    }
}
