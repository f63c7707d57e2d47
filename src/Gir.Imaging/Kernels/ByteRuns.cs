using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Gir.Imaging.Kernels;

/// <summary>Finds runs of equal bytes.</summary>
/// <remarks>Lane layout: 32 neighboring bytes, compared with the 32 one place before them.</remarks>
internal static class ByteRuns
{
    /// <summary>Equal bytes in a row, beyond the first, that make a run.</summary>
    public const int Shortest = 8;

    /// <summary>The first index from a start on at which <see cref="Shortest"/> bytes or more equal the byte before them; the length if there is none.</summary>
    /// <param name="bytes">The bytes.</param>
    /// <param name="start">At least 1.</param>
    public static int IndexOf(ReadOnlySpan<byte> bytes, int start)
    {
        if (!Vector256.IsHardwareAccelerated)
            return IndexOfScalar(bytes, start);
        ref byte at = ref MemoryMarshal.GetReference(bytes);
        int i = start;
        // Steps overlap by what a run needs, so that every one lies whole within a step.
        for (; i + 32 <= bytes.Length; i += 32 - Shortest + 1)
        {
            uint equal = Vector256.Equals(Vector256.LoadUnsafe(ref at, (nuint)i), Vector256.LoadUnsafe(ref at, (nuint)(i - 1))).ExtractMostSignificantBits();
            equal &= equal >> 1;
            equal &= equal >> 2;
            equal &= equal >> 4;
            if (equal != 0)
                return i + BitOperations.TrailingZeroCount(equal);
        }

        return IndexOfScalar(bytes, i);
    }

    /// <summary>The scalar twin.</summary>
    public static int IndexOfScalar(ReadOnlySpan<byte> bytes, int start)
    {
        int equal = 0;
        for (int i = start; i < bytes.Length; i++)
        {
            equal = bytes[i] == bytes[i - 1] ? equal + 1 : 0;
            if (equal == Shortest)
                return i - Shortest + 1;
        }

        return bytes.Length;
    }
}
