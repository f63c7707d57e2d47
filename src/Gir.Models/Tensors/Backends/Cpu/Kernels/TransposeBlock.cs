using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Gir.Models.Tensors.Backends.Cpu.Kernels;

/// <summary>
/// Rows first..last-1 of a transposition: to[m * pitch + i] = from[i * innerStride + m * middleStride]. Blocks of 8 x 8 are turned in registers
/// where the source's lines are contiguous, two lines (the columns of a pixel shuffle by two) are interleaved; tiles of 16 x 16 keep both sides' cache lines alive elsewhere. Aliasing: none.
/// </summary>
internal static unsafe class TransposeBlock
{
    private const int Tile = 16;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(float* from, long innerStride, long middleStride, float* to, long pitch, int inner, int first, int last)
    {
        int wholeInner = 0;
        int wholeLast = first;
        if (Avx.IsSupported && middleStride == 1 && inner == 2 && pitch == 2)
        {
            wholeInner = 2;
            wholeLast = first + ((last - first) / 8 * 8);
            for (int m = first; m < wholeLast; m += 8)
                Interleave(from + m, from + innerStride + m, to + (2 * m));
        }
        else if (Avx.IsSupported && middleStride == 1)
        {
            wholeInner = inner / 8 * 8;
            wholeLast = first + ((last - first) / 8 * 8);
            for (int m = first; m < wholeLast; m += 8)
            {
                for (int i = 0; i < wholeInner; i += 8)
                    EightByEight(from + (i * innerStride) + m, (nint)innerStride, to + (m * pitch) + i, (nint)pitch);
            }
        }

        Scalar(from, innerStride, middleStride, to, pitch, wholeInner, inner, first, wholeLast);
        Scalar(from, innerStride, middleStride, to, pitch, 0, inner, wholeLast, last);
    }

    /// <summary>The scalar twin, on columns firstInner..inner-1 of rows first..last-1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Scalar(float* from, long innerStride, long middleStride, float* to, long pitch, int firstInner, int inner, int first, int last)
    {
        for (int m0 = first; m0 < last; m0 += Tile)
        {
            int m1 = Math.Min(m0 + Tile, last);
            for (int i0 = firstInner; i0 < inner; i0 += Tile)
            {
                int i1 = Math.Min(i0 + Tile, inner);
                for (int m = m0; m < m1; m++)
                {
                    float* target = to + (m * pitch);
                    float* source = from + (m * middleStride);
                    for (int i = i0; i < i1; i++)
                        target[i] = source[i * innerStride];
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Interleave(float* even, float* odd, float* to)
    {
        (Vector256<float> a, Vector256<float> b) = (Vector256.Load(even), Vector256.Load(odd));
        (Vector256<float> low, Vector256<float> high) = (Avx.UnpackLow(a, b), Avx.UnpackHigh(a, b));
        Avx.Permute2x128(low, high, 0x20).Store(to);
        Avx.Permute2x128(low, high, 0x31).Store(to + 8);
    }

    // Pairs of lines are interleaved, then pairs of pairs, then 128-bit halves.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void EightByEight(float* from, nint stride, float* to, nint pitch)
    {
        Vector256<float> r0 = Vector256.Load(from);
        Vector256<float> r1 = Vector256.Load(from + stride);
        Vector256<float> r2 = Vector256.Load(from + (2 * stride));
        Vector256<float> r3 = Vector256.Load(from + (3 * stride));
        Vector256<float> r4 = Vector256.Load(from + (4 * stride));
        Vector256<float> r5 = Vector256.Load(from + (5 * stride));
        Vector256<float> r6 = Vector256.Load(from + (6 * stride));
        Vector256<float> r7 = Vector256.Load(from + (7 * stride));
        (Vector256<float> a0, Vector256<float> a1) = (Avx.UnpackLow(r0, r1), Avx.UnpackHigh(r0, r1));
        (Vector256<float> a2, Vector256<float> a3) = (Avx.UnpackLow(r2, r3), Avx.UnpackHigh(r2, r3));
        (Vector256<float> a4, Vector256<float> a5) = (Avx.UnpackLow(r4, r5), Avx.UnpackHigh(r4, r5));
        (Vector256<float> a6, Vector256<float> a7) = (Avx.UnpackLow(r6, r7), Avx.UnpackHigh(r6, r7));
        (Vector256<float> b0, Vector256<float> b1) = (Avx.Shuffle(a0, a2, 0x44), Avx.Shuffle(a0, a2, 0xEE));
        (Vector256<float> b2, Vector256<float> b3) = (Avx.Shuffle(a1, a3, 0x44), Avx.Shuffle(a1, a3, 0xEE));
        (Vector256<float> b4, Vector256<float> b5) = (Avx.Shuffle(a4, a6, 0x44), Avx.Shuffle(a4, a6, 0xEE));
        (Vector256<float> b6, Vector256<float> b7) = (Avx.Shuffle(a5, a7, 0x44), Avx.Shuffle(a5, a7, 0xEE));
        Avx.Permute2x128(b0, b4, 0x20).Store(to);
        Avx.Permute2x128(b1, b5, 0x20).Store(to + pitch);
        Avx.Permute2x128(b2, b6, 0x20).Store(to + (2 * pitch));
        Avx.Permute2x128(b3, b7, 0x20).Store(to + (3 * pitch));
        Avx.Permute2x128(b0, b4, 0x31).Store(to + (4 * pitch));
        Avx.Permute2x128(b1, b5, 0x31).Store(to + (5 * pitch));
        Avx.Permute2x128(b2, b6, 0x31).Store(to + (6 * pitch));
        Avx.Permute2x128(b3, b7, 0x31).Store(to + (7 * pitch));
    }
}
