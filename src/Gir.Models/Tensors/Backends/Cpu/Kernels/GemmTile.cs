using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Gir.Models.Tensors.Backends.Cpu.Kernels;

/// <summary>
/// C[m, n] = A[m, k] B[k, n] (+ C), row-major with given row strides. Each element is one chain of fused multiply-adds over k in
/// ascending order, whatever the tile it falls into: the same bits for any split. Aliasing: C apart from A and B. Lane layout: lane = column.
/// </summary>
internal static unsafe class GemmTile
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(float* a, long lda, float* b, long ldb, float* c, long ldc, int m, int n, int k, bool accumulate)
    {
        int j = 0;
        for (; j <= n - 32; j += 32)
        {
            int i = 0;
            for (; i <= m - 4; i += 4)
                Tile4x32(a + (i * lda), lda, b + j, ldb, c + (i * ldc) + j, ldc, k, accumulate);
            for (; i < m; i++)
                Tile1x32(a + (i * lda), b + j, ldb, c + (i * ldc) + j, k, accumulate);
        }

        if (j == n)
            return;
        for (int i = 0; i < m; i++)
            Rest(a + (i * lda), b + j, ldb, c + (i * ldc) + j, n - j, k, accumulate);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile4x32(float* a, long lda, float* b, long ldb, float* c, long ldc, int k, bool accumulate)
    {
        float* a1 = a + lda;
        float* a2 = a1 + lda;
        float* a3 = a2 + lda;
        Vector512<float> c00 = default, c01 = default, c10 = default, c11 = default;
        Vector512<float> c20 = default, c21 = default, c30 = default, c31 = default;
        if (accumulate)
        {
            (c00, c01) = (Vector512.Load(c), Vector512.Load(c + 16));
            (c10, c11) = (Vector512.Load(c + ldc), Vector512.Load(c + ldc + 16));
            (c20, c21) = (Vector512.Load(c + (2 * ldc)), Vector512.Load(c + (2 * ldc) + 16));
            (c30, c31) = (Vector512.Load(c + (3 * ldc)), Vector512.Load(c + (3 * ldc) + 16));
        }

        for (int p = 0; p < k; p++, b += ldb)
        {
            Vector512<float> b0 = Vector512.Load(b);
            Vector512<float> b1 = Vector512.Load(b + 16);
            Vector512<float> x = Vector512.Create(a[p]);
            c00 = Vector512.FusedMultiplyAdd(x, b0, c00);
            c01 = Vector512.FusedMultiplyAdd(x, b1, c01);
            x = Vector512.Create(a1[p]);
            c10 = Vector512.FusedMultiplyAdd(x, b0, c10);
            c11 = Vector512.FusedMultiplyAdd(x, b1, c11);
            x = Vector512.Create(a2[p]);
            c20 = Vector512.FusedMultiplyAdd(x, b0, c20);
            c21 = Vector512.FusedMultiplyAdd(x, b1, c21);
            x = Vector512.Create(a3[p]);
            c30 = Vector512.FusedMultiplyAdd(x, b0, c30);
            c31 = Vector512.FusedMultiplyAdd(x, b1, c31);
        }

        c00.Store(c);
        c01.Store(c + 16);
        c10.Store(c + ldc);
        c11.Store(c + ldc + 16);
        c20.Store(c + (2 * ldc));
        c21.Store(c + (2 * ldc) + 16);
        c30.Store(c + (3 * ldc));
        c31.Store(c + (3 * ldc) + 16);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile1x32(float* a, float* b, long ldb, float* c, int k, bool accumulate)
    {
        Vector512<float> c0 = accumulate ? Vector512.Load(c) : default;
        Vector512<float> c1 = accumulate ? Vector512.Load(c + 16) : default;
        for (int p = 0; p < k; p++, b += ldb)
        {
            Vector512<float> x = Vector512.Create(a[p]);
            c0 = Vector512.FusedMultiplyAdd(x, Vector512.Load(b), c0);
            c1 = Vector512.FusedMultiplyAdd(x, Vector512.Load(b + 16), c1);
        }

        c0.Store(c);
        c1.Store(c + 16);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Rest(float* a, float* b, long ldb, float* c, int n, int k, bool accumulate)
    {
        for (int j = 0; j < n; j++)
        {
            float sum = accumulate ? c[j] : 0;
            for (int p = 0; p < k; p++)
                sum = MathF.FusedMultiplyAdd(a[p], b[(p * ldb) + j], sum);
            c[j] = sum;
        }
    }
}
