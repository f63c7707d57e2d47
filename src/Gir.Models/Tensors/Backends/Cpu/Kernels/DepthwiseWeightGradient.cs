using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Gir.Models.Tensors.Backends.Cpu.Kernels;

/// <summary>
/// Adds the products of two rows: sums[lane] += x[i] dy[i] over columns i, lane = i mod 16; four chains of fused multiply-adds (columns 64 j + 16 c
/// belong to chain c) are added pairwise at the end. Both rows are read up to the next multiple of 64, where dy must hold zeros. Aliasing: sums apart.
/// </summary>
internal static unsafe class DepthwiseWeightGradient
{
    /// <summary>Columns handled at once: rows are padded to a multiple of it.</summary>
    public const int Step = 64;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(float* x, float* dy, int columns, float* sums)
    {
        Vector512<float> a = default, b = default, c = default, d = default;
        for (int j = 0; j < columns; j += Step)
        {
            a = Vector512.FusedMultiplyAdd(Vector512.Load(x + j), Vector512.Load(dy + j), a);
            b = Vector512.FusedMultiplyAdd(Vector512.Load(x + j + 16), Vector512.Load(dy + j + 16), b);
            c = Vector512.FusedMultiplyAdd(Vector512.Load(x + j + 32), Vector512.Load(dy + j + 32), c);
            d = Vector512.FusedMultiplyAdd(Vector512.Load(x + j + 48), Vector512.Load(dy + j + 48), d);
        }

        (Vector512.Load(sums) + ((a + b) + (c + d))).Store(sums);
    }

    /// <summary>The scalar twin: the same bits.</summary>
    public static void Scalar(float* x, float* dy, int columns, float* sums)
    {
        for (int lane = 0; lane < 16; lane++)
        {
            float a = 0, b = 0, c = 0, d = 0;
            for (int j = lane; j < columns + lane; j += Step)
            {
                a = MathF.FusedMultiplyAdd(x[j], dy[j], a);
                b = MathF.FusedMultiplyAdd(x[j + 16], dy[j + 16], b);
                c = MathF.FusedMultiplyAdd(x[j + 32], dy[j + 32], c);
                d = MathF.FusedMultiplyAdd(x[j + 48], dy[j + 48], d);
            }

            sums[lane] += (a + b) + (c + d);
        }
    }
}
