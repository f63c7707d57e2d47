using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Gir.Imaging.Codecs.Jpeg;

namespace Gir.Imaging.Kernels;

/// <summary>Brings the coefficients of one block into zigzag order and tells which are not zero.</summary>
/// <remarks>Lane layout: rows 0..3 and rows 4..7 of the block make two vectors of 32 words. Aliasing: the target must not overlap the block.</remarks>
internal static class JpegZigzagGather
{
    private static readonly short[] Order = [.. Enumerable.Range(0, JpegTables.BlockLength).Select(k => (short)JpegTables.Zigzag[k])];

    /// <summary>Gathers 64 coefficients.</summary>
    /// <param name="block">8 rows of 8 coefficients, natural order, <paramref name="stride"/> apart.</param>
    /// <param name="stride">Words from one row to the next.</param>
    /// <param name="target">64 words, zigzag order.</param>
    /// <returns>Bit k is set where coefficient k is not zero.</returns>
    public static ulong Gather(ReadOnlySpan<short> block, int stride, Span<short> target)
    {
        if (!Avx512BW.IsSupported || !Vector512.IsHardwareAccelerated)
            return Scalar(block, stride, target);
        ref short s = ref MemoryMarshal.GetReference(block[..((7 * stride) + 8)]);
        ref short t = ref MemoryMarshal.GetReference(target[..64]);
        ref short order = ref MemoryMarshal.GetArrayDataReference(Order);
        Vector512<short> upper = Rows(ref s, stride);
        Vector512<short> lower = Rows(ref Unsafe.Add(ref s, 4 * stride), stride);
        Vector512<short> first = Avx512BW.PermuteVar32x16x2(upper, Vector512.LoadUnsafe(ref order), lower);
        Vector512<short> second = Avx512BW.PermuteVar32x16x2(upper, Vector512.LoadUnsafe(ref order, 32), lower);
        first.StoreUnsafe(ref t);
        second.StoreUnsafe(ref t, 32);
        ulong zero = Vector512.Equals(first, Vector512<short>.Zero).ExtractMostSignificantBits()
            | (Vector512.Equals(second, Vector512<short>.Zero).ExtractMostSignificantBits() << 32);
        return ~zero;
    }

    /// <summary>The scalar twin of <see cref="Gather"/>.</summary>
    internal static ulong Scalar(ReadOnlySpan<short> block, int stride, Span<short> target)
    {
        ulong nonzero = 0;
        for (int k = 0; k < Order.Length; k++)
        {
            int natural = Order[k];
            short value = block[((natural >> 3) * stride) + (natural & 7)];
            target[k] = value;
            nonzero |= value != 0 ? 1UL << k : 0;
        }

        return nonzero;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<short> Rows(ref short first, int stride) => Vector512.Create(
        Vector256.Create(Vector128.LoadUnsafe(ref first), Vector128.LoadUnsafe(ref Unsafe.Add(ref first, stride))),
        Vector256.Create(Vector128.LoadUnsafe(ref Unsafe.Add(ref first, 2 * stride)), Vector128.LoadUnsafe(ref Unsafe.Add(ref first, 3 * stride))));
}
