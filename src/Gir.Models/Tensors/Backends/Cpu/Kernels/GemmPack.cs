using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Gir.Models.Tensors.Backends.Cpu.Kernels;

/// <summary>
/// Brings an operand of a matrix product into the order in which <see cref="GemmTile"/> reads it. Columns beyond the matrix stay undefined: the tiles
/// do not read them. Aliasing: none.
/// </summary>
internal static unsafe class GemmPack
{
    /// <summary>One panel of B [k, n], row-major: to[p 48 + j] = b[p ldb + j].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Panel(float* b, long ldb, int k, int columns, float* to)
    {
        for (int p = 0; p < k; p++)
            new ReadOnlySpan<float>(b + (p * ldb), columns).CopyTo(new Span<float>(to + (p * GemmTile.PanelWidth), columns));
    }

    /// <summary>Neighboring panels of B [k, n], row-major, read row by row: to[j / 48 48 k + p 48 + j % 48] = b[p ldb + j].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Panels(float* b, long ldb, int k, int columns, float* to)
    {
        int whole = columns / GemmTile.PanelWidth;
        int rest = columns % GemmTile.PanelWidth;
        long step = (long)k * GemmTile.PanelWidth;
        for (int p = 0; p < k; p++)
        {
            float* from = b + (p * ldb);
            float* target = to + (p * GemmTile.PanelWidth);
            for (int panel = 0; panel < whole; panel++, from += GemmTile.PanelWidth, target += step)
            {
                for (int j = 0; j < GemmTile.PanelWidth; j += 16)
                    Vector512.Load(from + j).Store(target + j);
            }

            new ReadOnlySpan<float>(from, rest).CopyTo(new Span<float>(target, rest));
        }
    }

    /// <summary>One panel of B given as its transpose [n, k]: to[p 48 + j] = b[j ldb + p].</summary>
    public static void TransposedPanel(float* b, long ldb, int k, int columns, float* to) =>
        TransposeBlock.Run(b, ldb, 1, to, GemmTile.PanelWidth, columns, 0, k);

    /// <summary>Strips of 8 rows of A given as its transpose [k, m]: to[i / 8 8 k + p 8 + i % 8] = a[p lda + i].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static GemmRows TransposedStrips(float* a, long lda, int rows, int k, float* to)
    {
        for (int i = 0; i < rows; i += 8)
        {
            int count = Math.Min(8, rows - i);
            float* target = to + ((long)i * k);
            for (int p = 0; p < k; p++)
            {
                float* source = a + (p * lda) + i;
                if (count == 8)
                    Vector256.Load(source).Store(target + (p * 8));
                else
                    new ReadOnlySpan<float>(source, count).CopyTo(new Span<float>(target + (p * 8), count));
            }
        }

        return new GemmRows(to, 1, 8, 8 * k);
    }
}
