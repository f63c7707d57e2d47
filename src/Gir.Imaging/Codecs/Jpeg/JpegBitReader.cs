using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace Gir.Imaging.Codecs.Jpeg;

/// <summary>Reads entropy-coded bits: stuffed zero bytes are dropped, and at a marker or the end of the file zeros follow.</summary>
/// <remarks>Reading past the end is noticed afterwards, by <see cref="IsOverrun"/>, so that the hot path need not look.</remarks>
internal ref struct JpegBitReader(ReadOnlySpan<byte> file, int position)
{
    /// <summary>Bits that a <see cref="Refill"/> guarantees.</summary>
    public const int Guaranteed = 57;

    private readonly ReadOnlySpan<byte> _file = file;
    private int _padding;

    /// <summary>The next bits, the first one topmost.</summary>
    public ulong Bits;

    /// <summary>How many of <see cref="Bits"/> count.</summary>
    public int Count;

    /// <summary>The first byte that is not in <see cref="Bits"/>.</summary>
    public int Position { get; private set; } = position;

    /// <summary>Whether bits were consumed that the file does not have.</summary>
    public readonly bool IsOverrun => Count < _padding;

    /// <summary>Whether the next code may reach beyond what the file has.</summary>
    public readonly bool IsNearEnd => Count < _padding + 16;

    /// <summary>Tops the bits up.</summary>
    public void Refill()
    {
        if (Position + 8 <= _file.Length)
        {
            ulong word = BinaryPrimitives.ReadUInt64BigEndian(_file[Position..]);
            // No byte of the word is FF.
            if (((~word - 0x0101010101010101UL) & word & 0x8080808080808080UL) == 0)
            {
                Bits |= word >> Count;
                int bytes = (63 - Count) >> 3;
                Position += bytes;
                Count += bytes * 8;
                return;
            }
        }

        RefillSlowly();
    }

    /// <summary>Reads up to 16 bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Read(int count)
    {
        if (Count < count)
            Refill();
        // Two shifts, as a shift by 64 would do nothing.
        int value = (int)(Bits >> 1 >> (63 - count));
        Bits <<= count;
        Count -= count;
        return value;
    }

    /// <summary>Reads a symbol; -1 where the bits are no code.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int ReadSymbol(JpegHuffmanTable table)
    {
        if (Count < 16)
            Refill();
        int entry = table.Symbols[(int)(Bits >> (64 - JpegHuffmanTable.LookBits))];
        int length = entry & 0xFF;
        int symbol = entry >> 8;
        if (length == 0)
        {
            symbol = table.DecodeLong((int)(Bits >> 48), out length);
            if (length > 16)
                return -1;
        }

        Bits <<= length;
        Count -= length;
        return symbol;
    }

    /// <summary>Reads a signed value of so many bits: ITU-T T.81 F.2.2.1, RECEIVE and EXTEND.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int ReadSigned(int size)
    {
        int value = Read(size);
        return value < (1 << size) >> 1 ? value - (1 << size) + 1 : value;
    }

    /// <summary>The second byte of the next marker, or -1 at the end of the file.</summary>
    public readonly int PeekMarker() => JpegMarkers.Peek(_file, Position);

    /// <summary>Drops what is left of the segment and steps over the next marker.</summary>
    /// <returns>The marker's second byte, or -1 at the end of the file.</returns>
    public int TakeMarker()
    {
        Bits = 0;
        Count = 0;
        _padding = 0;
        int position = JpegMarkers.FindMarker(_file, Position);
        if (position < 0)
            return -1;
        Position = position + 1;
        return _file[position];
    }

    private void RefillSlowly()
    {
        while (Count <= 56)
        {
            int value = NextByte();
            if (value < 0)
            {
                _padding += 8;
                value = 0;
            }

            Bits |= (ulong)value << (56 - Count);
            Count += 8;
        }
    }

    // -1 at a marker and at the end.
    private int NextByte()
    {
        if (Position >= _file.Length)
            return -1;
        int value = _file[Position];
        if (value != 0xFF)
        {
            Position++;
            return value;
        }

        int after = Position + 1;
        while (after < _file.Length && _file[after] == 0xFF)
            after++;
        if (after >= _file.Length || _file[after] != 0)
            return -1;
        Position = after + 1;
        return 0xFF;
    }
}
