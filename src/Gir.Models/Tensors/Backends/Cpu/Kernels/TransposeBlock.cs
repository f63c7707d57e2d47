using System.Runtime.CompilerServices;

namespace Gir.Models.Tensors.Backends.Cpu.Kernels;

/// <summary>
/// Rows first..last-1 of a transposition: to[m * pitch + i] = from[i * innerStride + m * middleStride]. Tiles of 16 x 16 keep both sides' cache lines
/// alive. Aliasing: none.
/// </summary>
internal static unsafe class TransposeBlock
{
    private const int Tile = 16;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(float* from, long innerStride, long middleStride, float* to, long pitch, int inner, int first, int last)
    {
        for (int m0 = first; m0 < last; m0 += Tile)
        {
            int m1 = Math.Min(m0 + Tile, last);
            for (int i0 = 0; i0 < inner; i0 += Tile)
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
}
