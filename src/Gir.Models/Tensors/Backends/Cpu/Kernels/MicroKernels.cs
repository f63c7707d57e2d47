using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Gir.Models.Tensors.Backends.Cpu.Kernels;

/// <summary>
/// Register tiles: C[i, j] = start + sum over p of A[p, i] B[offsets[p] + j], with A packed [k, rows], B read where an offset table says
/// (which makes any window, dilation or matrix a plain product) and C in rows ldc apart. The start is C itself, the row's bias or 0. Each
/// element is one chain of fused multiply-adds over p in ascending order. Lane layout: lane = column; B needs no alignment. Aliasing: C apart
/// from A and B. Rows x vectors + vectors + 1 registers stay within the 32 of AVX-512.
/// </summary>
internal static unsafe partial class MicroKernels
{
    /// <summary>Columns of one vector.</summary>
    public const int Lanes = 16;

    /// <summary>The widest tile of a number of rows, in vectors.</summary>
    public static int LargestWidth(int rows) => rows == 8 ? 3 : 4;

    /// <summary>The tile height for a number of output channels: weights are packed in blocks of it.</summary>
    public static int Rows(int outputs) => outputs == 3 ? 3 : outputs <= 4 ? 4 : 8;

    /// <summary>The width in vectors of the next tile of a row of which some vectors are left: no narrow tile remains at the end.</summary>
    public static int NextWidth(int left, int largest) =>
        left <= largest ? left : left == largest + 1 ? (left + 1) / 2 : largest;

    /// <summary>One tile of 8, 4 or 3 rows and 1 to <see cref="LargestWidth"/> vectors.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(int rows, int vectors, int k, float* a, float* b, int* offsets, float* c, nint ldc, float* bias, bool accumulate)
    {
        if (rows == 8)
            Run8(vectors, k, a, b, offsets, c, ldc, bias, accumulate);
        else if (rows == 4)
            Run4(vectors, k, a, b, offsets, c, ldc, bias, accumulate);
        else
            Run3(vectors, k, a, b, offsets, c, ldc, bias, accumulate);
    }

    /// <summary>The scalar twin: the same bits.</summary>
    public static void Scalar(int rows, int vectors, int k, float* a, float* b, int* offsets, float* c, nint ldc, float* bias, bool accumulate)
    {
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < vectors * Lanes; j++)
            {
                float sum = accumulate ? c[(i * ldc) + j] : bias == null ? 0 : bias[i];
                for (int p = 0; p < k; p++)
                    sum = MathF.FusedMultiplyAdd(a[(p * rows) + i], b[offsets[p] + j], sum);
                c[(i * ldc) + j] = sum;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Fma(Vector512<float> a, Vector512<float> b, Vector512<float> c) => Vector512.FusedMultiplyAdd(a, b, c);
}
