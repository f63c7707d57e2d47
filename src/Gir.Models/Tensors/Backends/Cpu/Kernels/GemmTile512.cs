using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Gir.Models.Tensors.Backends.Cpu.Kernels;

/// <summary>
/// Register tiles of a matrix product with 512-bit vectors: C[i, j] = start + sum over p of a[i rowStep + p step] b[p ldb + j], one chain of
/// fused multiply-adds per element in ascending p; the start is C itself, the bias [columns], or 0. Lane layout: lane = column.
/// Nothing outside the given columns is read or written. Aliasing: C apart from A, B and the bias.
/// </summary>
internal static unsafe class GemmTile512
{
    /// <summary>Eight rows; meanwhile the caches fetch eight others, which come next, and the tile's own place in C.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Eight<TWidth>(
        int k, float* a, nint rowStep, nint step, float* b, nint ldb, float* c, nint ldc, float* bias, bool accumulate, int columns, float* next)
        where TWidth : IGemmWidth
    {
        int last = TWidth.IsPartial ? columns - (16 * (TWidth.Vectors - 1)) : 16;
        Vector512<float> mask = TWidth.IsPartial ? Mask(last) : default;
        Vector512<float> c00 = default, c01 = default, c02 = default;
        Vector512<float> c10 = default, c11 = default, c12 = default;
        Vector512<float> c20 = default, c21 = default, c22 = default;
        Vector512<float> c30 = default, c31 = default, c32 = default;
        Vector512<float> c40 = default, c41 = default, c42 = default;
        Vector512<float> c50 = default, c51 = default, c52 = default;
        Vector512<float> c60 = default, c61 = default, c62 = default;
        Vector512<float> c70 = default, c71 = default, c72 = default;
        if (accumulate)
        {
            c00 = Load<TWidth>(c, 1, mask);
            if (TWidth.Vectors > 1)
                c01 = Load<TWidth>(c + 16, 2, mask);
            if (TWidth.Vectors > 2)
                c02 = Load<TWidth>(c + 32, 3, mask);
            c10 = Load<TWidth>(c + ldc, 1, mask);
            if (TWidth.Vectors > 1)
                c11 = Load<TWidth>(c + ldc + 16, 2, mask);
            if (TWidth.Vectors > 2)
                c12 = Load<TWidth>(c + ldc + 32, 3, mask);
            c20 = Load<TWidth>(c + (2 * ldc), 1, mask);
            if (TWidth.Vectors > 1)
                c21 = Load<TWidth>(c + (2 * ldc) + 16, 2, mask);
            if (TWidth.Vectors > 2)
                c22 = Load<TWidth>(c + (2 * ldc) + 32, 3, mask);
            c30 = Load<TWidth>(c + (3 * ldc), 1, mask);
            if (TWidth.Vectors > 1)
                c31 = Load<TWidth>(c + (3 * ldc) + 16, 2, mask);
            if (TWidth.Vectors > 2)
                c32 = Load<TWidth>(c + (3 * ldc) + 32, 3, mask);
            c40 = Load<TWidth>(c + (4 * ldc), 1, mask);
            if (TWidth.Vectors > 1)
                c41 = Load<TWidth>(c + (4 * ldc) + 16, 2, mask);
            if (TWidth.Vectors > 2)
                c42 = Load<TWidth>(c + (4 * ldc) + 32, 3, mask);
            c50 = Load<TWidth>(c + (5 * ldc), 1, mask);
            if (TWidth.Vectors > 1)
                c51 = Load<TWidth>(c + (5 * ldc) + 16, 2, mask);
            if (TWidth.Vectors > 2)
                c52 = Load<TWidth>(c + (5 * ldc) + 32, 3, mask);
            c60 = Load<TWidth>(c + (6 * ldc), 1, mask);
            if (TWidth.Vectors > 1)
                c61 = Load<TWidth>(c + (6 * ldc) + 16, 2, mask);
            if (TWidth.Vectors > 2)
                c62 = Load<TWidth>(c + (6 * ldc) + 32, 3, mask);
            c70 = Load<TWidth>(c + (7 * ldc), 1, mask);
            if (TWidth.Vectors > 1)
                c71 = Load<TWidth>(c + (7 * ldc) + 16, 2, mask);
            if (TWidth.Vectors > 2)
                c72 = Load<TWidth>(c + (7 * ldc) + 32, 3, mask);
        }
        else if (bias != null)
        {
            c00 = c10 = c20 = c30 = c40 = c50 = c60 = c70 = Load<TWidth>(bias, 1, mask);
            if (TWidth.Vectors > 1)
                c01 = c11 = c21 = c31 = c41 = c51 = c61 = c71 = Load<TWidth>(bias + 16, 2, mask);
            if (TWidth.Vectors > 2)
                c02 = c12 = c22 = c32 = c42 = c52 = c62 = c72 = Load<TWidth>(bias + 32, 3, mask);
        }

        // Matrices of activations are too large for the inner caches: without this a tile waits for its rows, and the next one for the stores.
        for (int r = 0; Sse.IsSupported && !accumulate && r < 8; r++)
        {
            Sse.Prefetch0(c + (r * ldc));
            Sse.Prefetch0(c + (r * ldc) + 16);
            Sse.Prefetch0(c + (r * ldc) + 32);
        }

        // One line of a row for each of the first steps; packed strips lie one behind the other and need no help.
        int ahead = Sse.IsSupported && step == 1 ? (k / 2) + 8 : 0;
        nint rowStep3 = 3 * rowStep;
        float* a4 = a + (4 * rowStep);
        for (int p = 0; p < k; p++)
        {
            if (p < ahead)
                Sse.Prefetch1(next + ((p & 7) * rowStep) + ((p >> 3) * 16));
            Vector512<float> b0 = Load<TWidth>(b, 1, mask);
            Vector512<float> b1 = TWidth.Vectors > 1 ? Load<TWidth>(b + 16, 2, mask) : default;
            Vector512<float> b2 = TWidth.Vectors > 2 ? Load<TWidth>(b + 32, 3, mask) : default;
            Vector512<float> x0 = Vector512.Create(*a);
            c00 = Vector512.FusedMultiplyAdd(x0, b0, c00);
            if (TWidth.Vectors > 1)
                c01 = Vector512.FusedMultiplyAdd(x0, b1, c01);
            if (TWidth.Vectors > 2)
                c02 = Vector512.FusedMultiplyAdd(x0, b2, c02);
            Vector512<float> x1 = Vector512.Create(a[rowStep]);
            c10 = Vector512.FusedMultiplyAdd(x1, b0, c10);
            if (TWidth.Vectors > 1)
                c11 = Vector512.FusedMultiplyAdd(x1, b1, c11);
            if (TWidth.Vectors > 2)
                c12 = Vector512.FusedMultiplyAdd(x1, b2, c12);
            Vector512<float> x2 = Vector512.Create(a[2 * rowStep]);
            c20 = Vector512.FusedMultiplyAdd(x2, b0, c20);
            if (TWidth.Vectors > 1)
                c21 = Vector512.FusedMultiplyAdd(x2, b1, c21);
            if (TWidth.Vectors > 2)
                c22 = Vector512.FusedMultiplyAdd(x2, b2, c22);
            Vector512<float> x3 = Vector512.Create(a[rowStep3]);
            c30 = Vector512.FusedMultiplyAdd(x3, b0, c30);
            if (TWidth.Vectors > 1)
                c31 = Vector512.FusedMultiplyAdd(x3, b1, c31);
            if (TWidth.Vectors > 2)
                c32 = Vector512.FusedMultiplyAdd(x3, b2, c32);
            Vector512<float> x4 = Vector512.Create(*a4);
            c40 = Vector512.FusedMultiplyAdd(x4, b0, c40);
            if (TWidth.Vectors > 1)
                c41 = Vector512.FusedMultiplyAdd(x4, b1, c41);
            if (TWidth.Vectors > 2)
                c42 = Vector512.FusedMultiplyAdd(x4, b2, c42);
            Vector512<float> x5 = Vector512.Create(a4[rowStep]);
            c50 = Vector512.FusedMultiplyAdd(x5, b0, c50);
            if (TWidth.Vectors > 1)
                c51 = Vector512.FusedMultiplyAdd(x5, b1, c51);
            if (TWidth.Vectors > 2)
                c52 = Vector512.FusedMultiplyAdd(x5, b2, c52);
            Vector512<float> x6 = Vector512.Create(a4[2 * rowStep]);
            c60 = Vector512.FusedMultiplyAdd(x6, b0, c60);
            if (TWidth.Vectors > 1)
                c61 = Vector512.FusedMultiplyAdd(x6, b1, c61);
            if (TWidth.Vectors > 2)
                c62 = Vector512.FusedMultiplyAdd(x6, b2, c62);
            Vector512<float> x7 = Vector512.Create(a4[rowStep3]);
            c70 = Vector512.FusedMultiplyAdd(x7, b0, c70);
            if (TWidth.Vectors > 1)
                c71 = Vector512.FusedMultiplyAdd(x7, b1, c71);
            if (TWidth.Vectors > 2)
                c72 = Vector512.FusedMultiplyAdd(x7, b2, c72);
            a += step;
            a4 += step;
            b += ldb;
        }

        Store<TWidth>(c, c00, c01, c02, mask, last);
        Store<TWidth>(c + ldc, c10, c11, c12, mask, last);
        Store<TWidth>(c + (2 * ldc), c20, c21, c22, mask, last);
        Store<TWidth>(c + (3 * ldc), c30, c31, c32, mask, last);
        Store<TWidth>(c + (4 * ldc), c40, c41, c42, mask, last);
        Store<TWidth>(c + (5 * ldc), c50, c51, c52, mask, last);
        Store<TWidth>(c + (6 * ldc), c60, c61, c62, mask, last);
        Store<TWidth>(c + (7 * ldc), c70, c71, c72, mask, last);
    }

    /// <summary>One row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void One<TWidth>(
        int k, float* a, nint rowStep, nint step, float* b, nint ldb, float* c, nint ldc, float* bias, bool accumulate, int columns)
        where TWidth : IGemmWidth
    {
        int last = TWidth.IsPartial ? columns - (16 * (TWidth.Vectors - 1)) : 16;
        Vector512<float> mask = TWidth.IsPartial ? Mask(last) : default;
        Vector512<float> c00 = default, c01 = default, c02 = default;
        if (accumulate)
        {
            c00 = Load<TWidth>(c, 1, mask);
            if (TWidth.Vectors > 1)
                c01 = Load<TWidth>(c + 16, 2, mask);
            if (TWidth.Vectors > 2)
                c02 = Load<TWidth>(c + 32, 3, mask);
        }
        else if (bias != null)
        {
            c00 = Load<TWidth>(bias, 1, mask);
            if (TWidth.Vectors > 1)
                c01 = Load<TWidth>(bias + 16, 2, mask);
            if (TWidth.Vectors > 2)
                c02 = Load<TWidth>(bias + 32, 3, mask);
        }

        for (int p = 0; p < k; p++)
        {
            Vector512<float> b0 = Load<TWidth>(b, 1, mask);
            Vector512<float> b1 = TWidth.Vectors > 1 ? Load<TWidth>(b + 16, 2, mask) : default;
            Vector512<float> b2 = TWidth.Vectors > 2 ? Load<TWidth>(b + 32, 3, mask) : default;
            Vector512<float> x0 = Vector512.Create(*a);
            c00 = Vector512.FusedMultiplyAdd(x0, b0, c00);
            if (TWidth.Vectors > 1)
                c01 = Vector512.FusedMultiplyAdd(x0, b1, c01);
            if (TWidth.Vectors > 2)
                c02 = Vector512.FusedMultiplyAdd(x0, b2, c02);
            a += step;
            b += ldb;
        }

        Store<TWidth>(c, c00, c01, c02, mask, last);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Load<TWidth>(float* source, int number, Vector512<float> mask)
        where TWidth : IGemmWidth =>
        TWidth.IsPartial && number == TWidth.Vectors ? LoadMasked(source, mask) : Vector512.Load(source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store<TWidth>(float* target, Vector512<float> c0, Vector512<float> c1, Vector512<float> c2, Vector512<float> mask, int last)
        where TWidth : IGemmWidth
    {
        if (TWidth.IsPartial && TWidth.Vectors == 1)
            StoreMasked(target, c0, mask, last);
        else
            c0.Store(target);
        if (TWidth.Vectors == 1)
            return;
        if (TWidth.IsPartial && TWidth.Vectors == 2)
            StoreMasked(target + 16, c1, mask, last);
        else
            c1.Store(target + 16);
        if (TWidth.Vectors == 2)
            return;
        if (TWidth.IsPartial)
            StoreMasked(target + 32, c2, mask, last);
        else
            c2.Store(target + 32);
    }

    private static Vector512<float> Mask(int lanes) => Vector512.LessThan(Vector512<int>.Indices, Vector512.Create(lanes)).AsSingle();

    // Masked-off lanes are neither read nor written, so they cannot fault.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> LoadMasked(float* source, Vector512<float> mask)
    {
        if (Avx512F.IsSupported)
            return Avx512F.MaskLoad(source, mask, Vector512<float>.Zero);
        float* lanes = stackalloc float[16];
        for (int i = 0; i < 16; i++)
            lanes[i] = mask.AsInt32()[i] != 0 ? source[i] : 0;
        return Vector512.Load(lanes);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreMasked(float* target, Vector512<float> value, Vector512<float> mask, int lanes)
    {
        if (Avx512F.IsSupported)
        {
            Avx512F.MaskStore(target, mask, value);
            return;
        }

        for (int i = 0; i < lanes; i++)
            target[i] = value[i];
    }
}
