using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace Gir.Imaging.Codecs.Jpeg;

/// <summary>Writes bytes and entropy-coded bits; a zero byte is stuffed after every FF of the latter.</summary>
internal sealed class JpegBitWriter(Stream destination) : IDisposable
{
    private const int Capacity = 1 << 16;

    private readonly byte[] _buffer = ArrayPool<byte>.Shared.Rent(Capacity);
    private int _length;
    private ulong _bits;
    private int _count;

    /// <summary>Writes bytes as they are, between entropy-coded segments.</summary>
    public void WriteBytes(ReadOnlySpan<byte> bytes)
    {
        Reserve(bytes.Length);
        bytes.CopyTo(_buffer.AsSpan(_length));
        _length += bytes.Length;
    }

    /// <summary>Makes room for so many bytes; called once for many small writes.</summary>
    public void Reserve(int bytes)
    {
        if (_length + bytes > Capacity)
            Flush();
    }

    /// <summary>Writes up to 32 bits; room must have been reserved.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void WriteBits(uint bits, int count)
    {
        _bits = (_bits << count) | bits;
        _count += count;
        if (_count >= 32)
        {
            _count -= 32;
            WriteWord((uint)(_bits >> _count));
        }
    }

    /// <summary>Fills the last byte with ones and ends the segment.</summary>
    public void EndBits()
    {
        int fill = -_count & 7;
        WriteBits((1u << fill) - 1, fill);
        while (_count > 0)
        {
            _count -= 8;
            WriteStuffed((byte)(_bits >> _count));
        }
    }

    /// <summary>Hands everything to the stream.</summary>
    public void Flush()
    {
        destination.Write(_buffer, 0, _length);
        _length = 0;
    }

    /// <summary>Gives the buffer back.</summary>
    public void Dispose() => ArrayPool<byte>.Shared.Return(_buffer);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void WriteWord(uint word)
    {
        // No byte of the word is FF.
        if (((~word - 0x01010101u) & word & 0x80808080u) == 0)
        {
            BinaryPrimitives.WriteUInt32BigEndian(_buffer.AsSpan(_length), word);
            _length += 4;
            return;
        }

        for (int shift = 24; shift >= 0; shift -= 8)
            WriteStuffed((byte)(word >> shift));
    }

    private void WriteStuffed(byte value)
    {
        _buffer[_length++] = value;
        if (value == 0xFF)
            _buffer[_length++] = 0;
    }
}
