using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Gir.Models.Tensors.Backends.Cpu.Kernels;

/// <summary>
/// Register tiles of a matrix product with 256-bit vectors: C[i, j] = start + sum over p of a[i rowStep + p step] b[p ldb + j], one chain of
/// fused multiply-adds per element in ascending p; the start is C itself, the bias [columns], or 0. Lane layout: lane = column.
/// Nothing outside the given columns is read or written. Aliasing: C apart from A, B and the bias.
/// </summary>
internal static unsafe class GemmTile256
{
    /// <summary>Four rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Four<TWidth>(
        int k, float* a, nint rowStep, nint step, float* b, nint ldb, float* c, nint ldc, float* bias, bool accumulate, int columns)
        where TWidth : IGemmWidth
    {
        int last = TWidth.IsPartial ? columns - (8 * (TWidth.Vectors - 1)) : 8;
        Vector256<float> mask = TWidth.IsPartial ? Mask(last) : default;
        Vector256<float> c00 = default, c01 = default, c02 = default;
        Vector256<float> c10 = default, c11 = default, c12 = default;
        Vector256<float> c20 = default, c21 = default, c22 = default;
        Vector256<float> c30 = default, c31 = default, c32 = default;
        if (accumulate)
        {
            c00 = Load<TWidth>(c, 1, mask);
            if (TWidth.Vectors > 1)
                c01 = Load<TWidth>(c + 8, 2, mask);
            if (TWidth.Vectors > 2)
                c02 = Load<TWidth>(c + 16, 3, mask);
            c10 = Load<TWidth>(c + ldc, 1, mask);
            if (TWidth.Vectors > 1)
                c11 = Load<TWidth>(c + ldc + 8, 2, mask);
            if (TWidth.Vectors > 2)
                c12 = Load<TWidth>(c + ldc + 16, 3, mask);
            c20 = Load<TWidth>(c + (2 * ldc), 1, mask);
            if (TWidth.Vectors > 1)
                c21 = Load<TWidth>(c + (2 * ldc) + 8, 2, mask);
            if (TWidth.Vectors > 2)
                c22 = Load<TWidth>(c + (2 * ldc) + 16, 3, mask);
            c30 = Load<TWidth>(c + (3 * ldc), 1, mask);
            if (TWidth.Vectors > 1)
                c31 = Load<TWidth>(c + (3 * ldc) + 8, 2, mask);
            if (TWidth.Vectors > 2)
                c32 = Load<TWidth>(c + (3 * ldc) + 16, 3, mask);
        }
        else if (bias != null)
        {
            c00 = c10 = c20 = c30 = Load<TWidth>(bias, 1, mask);
            if (TWidth.Vectors > 1)
                c01 = c11 = c21 = c31 = Load<TWidth>(bias + 8, 2, mask);
            if (TWidth.Vectors > 2)
                c02 = c12 = c22 = c32 = Load<TWidth>(bias + 16, 3, mask);
        }

        nint rowStep3 = 3 * rowStep;
        for (int p = 0; p < k; p++)
        {
            Vector256<float> b0 = Load<TWidth>(b, 1, mask);
            Vector256<float> b1 = TWidth.Vectors > 1 ? Load<TWidth>(b + 8, 2, mask) : default;
            Vector256<float> b2 = TWidth.Vectors > 2 ? Load<TWidth>(b + 16, 3, mask) : default;
            Vector256<float> x0 = Vector256.Create(*a);
            c00 = Vector256.FusedMultiplyAdd(x0, b0, c00);
            if (TWidth.Vectors > 1)
                c01 = Vector256.FusedMultiplyAdd(x0, b1, c01);
            if (TWidth.Vectors > 2)
                c02 = Vector256.FusedMultiplyAdd(x0, b2, c02);
            Vector256<float> x1 = Vector256.Create(a[rowStep]);
            c10 = Vector256.FusedMultiplyAdd(x1, b0, c10);
            if (TWidth.Vectors > 1)
                c11 = Vector256.FusedMultiplyAdd(x1, b1, c11);
            if (TWidth.Vectors > 2)
                c12 = Vector256.FusedMultiplyAdd(x1, b2, c12);
            Vector256<float> x2 = Vector256.Create(a[2 * rowStep]);
            c20 = Vector256.FusedMultiplyAdd(x2, b0, c20);
            if (TWidth.Vectors > 1)
                c21 = Vector256.FusedMultiplyAdd(x2, b1, c21);
            if (TWidth.Vectors > 2)
                c22 = Vector256.FusedMultiplyAdd(x2, b2, c22);
            Vector256<float> x3 = Vector256.Create(a[rowStep3]);
            c30 = Vector256.FusedMultiplyAdd(x3, b0, c30);
            if (TWidth.Vectors > 1)
                c31 = Vector256.FusedMultiplyAdd(x3, b1, c31);
            if (TWidth.Vectors > 2)
                c32 = Vector256.FusedMultiplyAdd(x3, b2, c32);
            a += step;
            b += ldb;
        }

        Store<TWidth>(c, c00, c01, c02, mask, last);
        Store<TWidth>(c + ldc, c10, c11, c12, mask, last);
        Store<TWidth>(c + (2 * ldc), c20, c21, c22, mask, last);
        Store<TWidth>(c + (3 * ldc), c30, c31, c32, mask, last);
    }

    /// <summary>One row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void One<TWidth>(
        int k, float* a, nint rowStep, nint step, float* b, nint ldb, float* c, nint ldc, float* bias, bool accumulate, int columns)
        where TWidth : IGemmWidth
    {
        int last = TWidth.IsPartial ? columns - (8 * (TWidth.Vectors - 1)) : 8;
        Vector256<float> mask = TWidth.IsPartial ? Mask(last) : default;
        Vector256<float> c00 = default, c01 = default, c02 = default;
        if (accumulate)
        {
            c00 = Load<TWidth>(c, 1, mask);
            if (TWidth.Vectors > 1)
                c01 = Load<TWidth>(c + 8, 2, mask);
            if (TWidth.Vectors > 2)
                c02 = Load<TWidth>(c + 16, 3, mask);
        }
        else if (bias != null)
        {
            c00 = Load<TWidth>(bias, 1, mask);
            if (TWidth.Vectors > 1)
                c01 = Load<TWidth>(bias + 8, 2, mask);
            if (TWidth.Vectors > 2)
                c02 = Load<TWidth>(bias + 16, 3, mask);
        }

        for (int p = 0; p < k; p++)
        {
            Vector256<float> b0 = Load<TWidth>(b, 1, mask);
            Vector256<float> b1 = TWidth.Vectors > 1 ? Load<TWidth>(b + 8, 2, mask) : default;
            Vector256<float> b2 = TWidth.Vectors > 2 ? Load<TWidth>(b + 16, 3, mask) : default;
            Vector256<float> x0 = Vector256.Create(*a);
            c00 = Vector256.FusedMultiplyAdd(x0, b0, c00);
            if (TWidth.Vectors > 1)
                c01 = Vector256.FusedMultiplyAdd(x0, b1, c01);
            if (TWidth.Vectors > 2)
                c02 = Vector256.FusedMultiplyAdd(x0, b2, c02);
            a += step;
            b += ldb;
        }

        Store<TWidth>(c, c00, c01, c02, mask, last);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Load<TWidth>(float* source, int number, Vector256<float> mask)
        where TWidth : IGemmWidth =>
        TWidth.IsPartial && number == TWidth.Vectors ? LoadMasked(source, mask) : Vector256.Load(source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store<TWidth>(float* target, Vector256<float> c0, Vector256<float> c1, Vector256<float> c2, Vector256<float> mask, int last)
        where TWidth : IGemmWidth
    {
        if (TWidth.IsPartial && TWidth.Vectors == 1)
            StoreMasked(target, c0, mask, last);
        else
            c0.Store(target);
        if (TWidth.Vectors == 1)
            return;
        if (TWidth.IsPartial && TWidth.Vectors == 2)
            StoreMasked(target + 8, c1, mask, last);
        else
            c1.Store(target + 8);
        if (TWidth.Vectors == 2)
            return;
        if (TWidth.IsPartial)
            StoreMasked(target + 16, c2, mask, last);
        else
            c2.Store(target + 16);
    }

    private static Vector256<float> Mask(int lanes) => Vector256.LessThan(Vector256<int>.Indices, Vector256.Create(lanes)).AsSingle();

    // Masked-off lanes are neither read nor written, so they cannot fault.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> LoadMasked(float* source, Vector256<float> mask)
    {
        if (Avx.IsSupported)
            return Avx.MaskLoad(source, mask);
        float* lanes = stackalloc float[8];
        for (int i = 0; i < 8; i++)
            lanes[i] = mask.AsInt32()[i] != 0 ? source[i] : 0;
        return Vector256.Load(lanes);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreMasked(float* target, Vector256<float> value, Vector256<float> mask, int lanes)
    {
        if (Avx.IsSupported)
        {
            Avx.MaskStore(target, mask, value);
            return;
        }

        for (int i = 0; i < lanes; i++)
            target[i] = value[i];
    }
}
