using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using Gir.Imaging.Kernels;

namespace Gir.Imaging.Codecs.Png;

/// <summary>Compresses bytes to one block of deflate data (RFC 1951): literals under a code of their own, and runs of one byte, nothing else.</summary>
/// <remarks>What the filters of PNG leave of a photograph has few other repetitions, and looking for them takes most of the time of zlib.</remarks>
internal ref struct DeflateWriter
{
    private const int EndOfBlock = 256;
    private const int LiteralSymbols = 286;
    private const int LongestRun = 258;
    private const int ShortestMatch = 3;

    // Four codes and the seven bits that may be left of a byte fit 64 bits.
    private const int LongestCode = 14;
    private const int LongestLengthCode = 7;

    private readonly Span<byte> _destination;
    private ulong _bits;
    private int _count;
    private int _length;

    private DeflateWriter(Span<byte> destination) => _destination = destination;

    // Order of the code lengths' lengths (RFC 1951, 3.2.7).
    private static ReadOnlySpan<byte> LengthOrder => [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

    /// <summary>Bytes that are enough for so many of input.</summary>
    public static int MostBytes(int length) => (int)((((long)length * LongestCode) / 8) + 1024);

    /// <summary>Compresses.</summary>
    /// <param name="bytes">The input.</param>
    /// <param name="isLast">Whether the stream ends with it; else the block ends at a whole byte, so that another can follow.</param>
    /// <param name="destination">At least <see cref="MostBytes"/> long.</param>
    /// <returns>Bytes written.</returns>
    public static int Compress(ReadOnlySpan<byte> bytes, bool isLast, Span<byte> destination)
    {
        int[] runs = FindRuns(bytes);
        var code = DeflateCode.Of(Count(bytes, runs), LongestCode);
        var writer = new DeflateWriter(destination);
        writer.Write(isLast ? 1u : 0, 1);
        writer.Write(2, 2);
        writer.WriteCode(code);
        writer.WriteTokens(bytes, runs, code);
        writer.Write(code.Entries[EndOfBlock]);
        if (!isLast)
        {
            // An empty stored block ends at a whole byte.
            writer.Write(0, 3);
            writer.Align();
            writer.Write(0xFFFF0000, 32);
        }

        writer.Align();
        return writer._length;
    }

    // Start and length of each run, the byte that is repeated not counted.
    private static int[] FindRuns(ReadOnlySpan<byte> bytes)
    {
        var runs = new List<int>();
        for (int at = ByteRuns.IndexOf(bytes, Math.Min(1, bytes.Length)); at < bytes.Length;)
        {
            int length = bytes[at..].IndexOfAnyExcept(bytes[at]);
            length = length < 0 ? bytes.Length - at : length;
            runs.Add(at);
            runs.Add(length);
            at = ByteRuns.IndexOf(bytes, Math.Min(at + length, bytes.Length));
        }

        return [.. runs];
    }

    private static int[] Count(ReadOnlySpan<byte> bytes, int[] runs)
    {
        // Four tables, as counting the same byte twice in a row would wait for itself.
        Span<int> counts = stackalloc int[4 * 256];
        counts.Clear();
        int[] result = new int[LiteralSymbols];
        int at = 0;
        for (int run = 0; run <= runs.Length; run += 2)
        {
            int end = run < runs.Length ? runs[run] : bytes.Length;
            CountLiterals(bytes[at..end], counts);
            if (run == runs.Length)
                break;
            at = end + runs[run + 1];
            int left = runs[run + 1];
            for (; left >= ShortestMatch; left -= Math.Min(left, LongestRun))
                result[LengthSymbol(Math.Min(left, LongestRun), out _, out _)]++;
            counts[bytes[end]] += left;
        }

        for (int i = 0; i < 256; i++)
            result[i] = counts[i] + counts[256 + i] + counts[512 + i] + counts[768 + i];
        result[EndOfBlock] = 1;
        return result;
    }

    private static void CountLiterals(ReadOnlySpan<byte> bytes, Span<int> counts)
    {
        int i = 0;
        for (; i + 4 <= bytes.Length; i += 4)
        {
            uint four = BinaryPrimitives.ReadUInt32LittleEndian(bytes[i..]);
            counts[(byte)four]++;
            counts[256 + (byte)(four >> 8)]++;
            counts[512 + (byte)(four >> 16)]++;
            counts[(int)(768 + (four >> 24))]++;
        }

        for (; i < bytes.Length; i++)
            counts[bytes[i]]++;
    }

    // RFC 1951, 3.2.5.
    private static int LengthSymbol(int length, out int extraBits, out int extra)
    {
        if (length == LongestRun)
        {
            (extraBits, extra) = (0, 0);
            return 285;
        }

        int value = length - ShortestMatch;
        extraBits = value < 8 ? 0 : 29 - System.Numerics.BitOperations.LeadingZeroCount((uint)value);
        extra = value & ((1 << extraBits) - 1);
        return 257 + (4 * extraBits) + (value >> extraBits);
    }

    // RFC 1951, 3.2.7: one distance, 1, whose code is a single bit.
    private void WriteCode(DeflateCode code)
    {
        Span<byte> lengths = stackalloc byte[LiteralSymbols + 1];
        code.Lengths.CopyTo(lengths);
        lengths[LiteralSymbols] = 1;
        // Pairs of symbol and extra bits: 17 and 18 are runs of zeros, the rest stands for itself.
        Span<int> symbols = stackalloc int[2 * lengths.Length];
        Span<int> counts = stackalloc int[19];
        counts.Clear();
        int used = 0;
        for (int i = 0; i < lengths.Length;)
        {
            int zeros = lengths[i..].IndexOfAnyExcept((byte)0);
            int run = Math.Min(zeros, 138);
            (int symbol, int extra, int taken) = run >= 11 ? (18, run - 11, run) : run >= 3 ? (17, run - 3, run) : (lengths[i], 0, 1);
            (symbols[used], symbols[used + 1]) = (symbol, extra);
            counts[symbol]++;
            used += 2;
            i += taken;
        }

        var lengthCode = DeflateCode.Of(counts, LongestLengthCode);
        int written = LengthOrder.Length;
        while (written > 4 && lengthCode.Lengths[LengthOrder[written - 1]] == 0)
            written--;
        Write(LiteralSymbols - 257, 5);
        Write(0, 5);
        Write((uint)written - 4, 4);
        foreach (byte symbol in LengthOrder[..written])
            Write(lengthCode.Lengths[symbol], 3);
        for (int i = 0; i < used; i += 2)
        {
            Write(lengthCode.Entries[symbols[i]]);
            if (symbols[i] >= 17)
                Write((uint)symbols[i + 1], symbols[i] == 17 ? 3 : 7);
        }
    }

    private void WriteTokens(ReadOnlySpan<byte> bytes, int[] runs, DeflateCode code)
    {
        int at = 0;
        for (int run = 0; run < runs.Length; run += 2)
        {
            int start = runs[run];
            WriteLiterals(bytes[at..start], code.Entries);
            at = start + runs[run + 1];
            int left = runs[run + 1];
            for (; left >= ShortestMatch; left -= Math.Min(left, LongestRun))
            {
                Write(code.Entries[LengthSymbol(Math.Min(left, LongestRun), out int extraBits, out int extra)]);
                Write((uint)extra, extraBits);
                Write(0, 1);
            }

            WriteLiterals(bytes.Slice(start, left), code.Entries);
        }

        WriteLiterals(bytes[at..], code.Entries);
    }

    private void WriteLiterals(ReadOnlySpan<byte> bytes, uint[] entries)
    {
        ReadOnlySpan<uint> table = entries.AsSpan(0, 256);
        Span<byte> destination = _destination;
        (ulong bits, int count, int length) = (_bits, _count, _length);
        int i = 0;
        for (; i + 4 <= bytes.Length; i += 4)
        {
            uint four = BinaryPrimitives.ReadUInt32LittleEndian(bytes[i..]);
            uint first = table[(byte)four];
            uint second = table[(byte)(four >> 8)];
            uint third = table[(byte)(four >> 16)];
            uint fourth = table[(int)(four >> 24)];
            // Pairs first: a shorter chain than one code after the other.
            int firstLength = (int)(first & 31);
            int thirdLength = (int)(third & 31);
            ulong lower = (first >> 5) | ((ulong)(second >> 5) << firstLength);
            ulong upper = (third >> 5) | ((ulong)(fourth >> 5) << thirdLength);
            int lowerLength = firstLength + (int)(second & 31);
            bits |= (lower | (upper << lowerLength)) << count;
            count += lowerLength + thirdLength + (int)(fourth & 31);
            BinaryPrimitives.WriteUInt64LittleEndian(destination[length..], bits);
            length += count >> 3;
            bits >>= count & 0x38;
            count &= 7;
        }

        (_bits, _count, _length) = (bits, count, length);
        for (; i < bytes.Length; i++)
            Write(entries[bytes[i]]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Write(uint entry) => Write(entry >> 5, (int)(entry & 31));

    // Up to 32 bits.
    private void Write(uint bits, int count)
    {
        _bits |= (ulong)bits << _count;
        _count += count;
        BinaryPrimitives.WriteUInt64LittleEndian(_destination[_length..], _bits);
        int whole = _count >> 3;
        _bits >>= 8 * whole;
        _length += whole;
        _count &= 7;
    }

    private void Align()
    {
        if (_count > 0)
            Write(0, 8 - _count);
    }
}
