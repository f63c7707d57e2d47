using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using Gir.Imaging.Kernels;

namespace Gir.Imaging.Codecs.Jpeg;

/// <summary>Codes blocks with the Huffman tables of Annex K: ITU-T T.81 F.1.2.</summary>
internal sealed class JpegBlockCoder(JpegByteWriter writer)
{
    // Of one component in an MCU.
    private const int MostBlocks = 4;

    // Coefficients of -64..63 after fewer than 16 zeros have their code and bits in one table.
    private const int SmallBits = 7;
    private const int Smallest = -1 << (SmallBits - 1);
    private const int LengthBits = 5;

    private static readonly uint[][] s_dc = [Codes(JpegHuffmanSpec.DcLuma), Codes(JpegHuffmanSpec.DcChroma)];
    private static readonly uint[][] s_ac = [Codes(JpegHuffmanSpec.AcLuma), Codes(JpegHuffmanSpec.AcChroma)];
    private static readonly uint[][] s_small = [SmallCodes(JpegHuffmanSpec.AcLuma), SmallCodes(JpegHuffmanSpec.AcChroma)];

    private readonly int[] _predictions = new int[3];
    private readonly short[] _coefficients = new short[MostBlocks * JpegTables.BlockLength];
    private readonly ulong[] _nonzero = new ulong[MostBlocks];

    // The last bits written are lowest; what lies above those that wait was written before.
    private ulong _bits;

    // How many more fit.
    private int _free = 64;

    /// <summary>Brings a block into zigzag order. All of a component's are loaded before the first is coded, as coding waits for what it can guess worst.</summary>
    /// <param name="index">Its number within the MCU, below 4.</param>
    /// <param name="block">8 rows of 8 coefficients.</param>
    /// <param name="stride">Words from one row to the next.</param>
    public void Load(int index, ReadOnlySpan<short> block, int stride) =>
        _nonzero[index] = JpegZigzagGather.Gather(block, stride, _coefficients.AsSpan(index * JpegTables.BlockLength, JpegTables.BlockLength)) & ~1UL;

    /// <summary>Codes a block that was loaded; room for it must have been reserved.</summary>
    public void Write(int index, int component)
    {
        int slot = Math.Min(component, 1);
        ReadOnlySpan<uint> ac = s_ac[slot].AsSpan(0, 256);
        ReadOnlySpan<uint> small = s_small[slot];
        ReadOnlySpan<short> coefficients = _coefficients.AsSpan(index * JpegTables.BlockLength, JpegTables.BlockLength);
        // Locals, so that they stay in registers.
        Span<byte> room = writer.Room;
        (ulong bits, int free, int length) = (_bits, _free, 0);
        int difference = coefficients[0] - _predictions[component];
        _predictions[component] = coefficients[0];
        PutValue(s_dc[slot], 0, difference, ref bits, ref free, room, ref length);
        ulong nonzero = _nonzero[index];
        int last = 0;
        for (; nonzero != 0; nonzero &= nonzero - 1)
        {
            int k = BitOperations.TrailingZeroCount(nonzero);
            int run = k - last - 1;
            last = k;
            int value = coefficients[k];
            uint place = (uint)(value - Smallest);
            if (place >> SmallBits == 0 && run < 16)
            {
                uint entry = small[(run << SmallBits) + (int)place];
                Put(entry >> LengthBits, (int)(entry & ((1 << LengthBits) - 1)), ref bits, ref free, room, ref length);
                continue;
            }

            for (; run > 15; run -= 16)
                Put(ac[0xF0] >> 8, (int)(ac[0xF0] & 0xFF), ref bits, ref free, room, ref length);
            PutValue(ac, run << 4, value, ref bits, ref free, room, ref length);
        }

        if (last < JpegTables.BlockLength - 1)
            Put(ac[0] >> 8, (int)(ac[0] & 0xFF), ref bits, ref free, room, ref length);
        (_bits, _free) = (bits, free);
        writer.Advance(length);
    }

    /// <summary>A block outside the image: as the one before it, without detail.</summary>
    public void WriteFlat(int component)
    {
        int slot = Math.Min(component, 1);
        int length = 0;
        PutValue(s_dc[slot], 0, 0, ref _bits, ref _free, writer.Room, ref length);
        PutValue(s_ac[slot], 0, 0, ref _bits, ref _free, writer.Room, ref length);
        writer.Advance(length);
    }

    /// <summary>Fills the last byte with ones and ends the segment.</summary>
    public void End()
    {
        writer.Reserve(2 * sizeof(ulong) * 2);
        Span<byte> room = writer.Room;
        int length = 0;
        Put(0x7F, 7, ref _bits, ref _free, room, ref length);
        for (int count = 64 - _free; count >= 8; count -= 8)
            length = WriteStuffed(room, length, (byte)(_bits >> (count - 8)));
        writer.Advance(length);
        (_bits, _free) = (0, 64);
    }

    // By symbol: code * 256 + length.
    private static uint[] Codes(JpegHuffmanSpec spec)
    {
        var codes = new uint[256];
        uint code = 0;
        int symbol = 0;
        for (int length = 1; length <= 16; length++, code <<= 1)
        {
            for (int i = 0; i < spec.Counts[length - 1]; i++)
                codes[spec.Symbols[symbol++]] = (code++ << 8) | (uint)length;
        }

        return codes;
    }

    // By run * 128 + coefficient + 64: code and bits * 32 + their length.
    private static uint[] SmallCodes(JpegHuffmanSpec spec)
    {
        uint[] codes = Codes(spec);
        var small = new uint[16 << SmallBits];
        for (int i = 0; i < small.Length; i++)
        {
            (uint code, int length) = Code(codes, (i >> SmallBits) << 4, (i & ((1 << SmallBits) - 1)) + Smallest);
            small[i] = (code << LengthBits) | (uint)length;
        }

        return small;
    }

    // The code of a run and a size, and the value's bits, which are those of its one's complement where it is negative.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (uint Code, int Length) Code(ReadOnlySpan<uint> codes, int run, int value)
    {
        int sign = value >> 31;
        int size = 32 - BitOperations.LeadingZeroCount((uint)((value ^ sign) - sign));
        uint entry = codes[run | size];
        uint low = (uint)(value + sign) & ((1u << size) - 1);
        return (((entry >> 8) << size) | low, (int)(entry & 0xFF) + size);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void PutValue(
        ReadOnlySpan<uint> codes, int run, int value, ref ulong bits, ref int free, Span<byte> room, ref int length)
    {
        (uint code, int count) = Code(codes, run, value);
        Put(code, count, ref bits, ref free, room, ref length);
    }

    // Up to 32 bits.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put(uint code, int count, ref ulong bits, ref int free, Span<byte> room, ref int length)
    {
        free -= count;
        if (free >= 0)
        {
            bits = (bits << count) | code;
            return;
        }

        length = WriteWord(room, length, (bits << (count + free)) | (code >> -free));
        free += 64;
        bits = code;
    }

    // The length after it.
    private static int WriteWord(Span<byte> room, int length, ulong word)
    {
        // False alarms are possible, missed bytes of FF are not.
        if ((word & 0x8080808080808080UL & ~(word + 0x0101010101010101UL)) == 0)
        {
            BinaryPrimitives.WriteUInt64BigEndian(room[length..], word);
            return length + sizeof(ulong);
        }

        for (int shift = 56; shift >= 0; shift -= 8)
            length = WriteStuffed(room, length, (byte)(word >> shift));
        return length;
    }

    private static int WriteStuffed(Span<byte> room, int length, byte value)
    {
        room[length++] = value;
        if (value == 0xFF)
            room[length++] = 0;
        return length;
    }
}
