using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using V = System.Runtime.Intrinsics.Vector512<float>;

namespace Gir.Models.Tensors.Backends.Cpu.Kernels;

/// <summary>
/// A plane as step x step planes, each of the pixels of one residue of row and column, and back: to a convolution with that stride they are
/// channels. Aliasing: none. Lane layout: lane = pixel.
/// </summary>
internal static unsafe class PhasePlanes
{
    /// <summary>phases[((ry step + rx) rows + i) columns + j] = plane[(i step + ry) width + j step + rx].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Split(float* plane, int width, int step, int rows, int columns, float* phases)
    {
        nint pitch = (nint)rows * columns;
        for (int ry = 0; ry < step; ry++)
        {
            for (int i = 0; i < rows; i++)
            {
                float* row = plane + (((nint)(i * step) + ry) * width);
                float* to = phases + (ry * step * pitch) + ((nint)i * columns);
                if (step == 2 && Avx512F.IsSupported)
                    SplitPairs(row, columns, to, to + pitch);
                else
                    SplitScalar(row, step, columns, to, pitch);
            }
        }
    }

    /// <summary>The scalar twin of a row: to[rx pitch + j] = row[j step + rx].</summary>
    public static void SplitScalar(float* row, int step, int columns, float* to, nint pitch)
    {
        for (int rx = 0; rx < step; rx++, to += pitch)
        {
            for (int j = 0; j < columns; j++)
                to[j] = row[((nint)j * step) + rx];
        }
    }

    /// <summary>plane[y width + x] = phases[(ry step + rx) pitch + (y / step) phaseWidth + x / step] + start, ry and rx the remainders, for rows and columns given.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Merge(float* phases, nint pitch, int phaseWidth, int step, int rows, int columns, float start, float* plane, int width)
    {
        for (int y = 0; y < rows; y++, plane += width)
        {
            (int i, int ry) = Math.DivRem(y, step);
            float* from = phases + (ry * step * pitch) + ((nint)i * phaseWidth);
            if (step == 2 && Avx512F.IsSupported)
                MergePairs(from, from + pitch, columns, start, plane);
            else
                MergeScalar(from, pitch, step, columns, start, plane);
        }
    }

    /// <summary>The scalar twin of a row: to[x] = phases[x % step pitch + x / step] + start.</summary>
    public static void MergeScalar(float* phases, nint pitch, int step, int columns, float start, float* to)
    {
        for (int rx = 0; rx < step; rx++, phases += pitch)
        {
            for (int x = rx; x < columns; x += step)
                to[x] = phases[x / step] + start;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void SplitPairs(float* row, int columns, float* even, float* odd)
    {
        Vector512<int> evens = Vector512<int>.Indices + Vector512<int>.Indices;
        Vector512<int> odds = evens + Vector512<int>.One;
        for (int j = 0; j < columns; j += 16)
        {
            int left = columns - j;
            V a = Avx512F.MaskLoad(row + (2 * j), First(2 * left), V.Zero), b = Avx512F.MaskLoad(row + (2 * j) + 16, First((2 * left) - 16), V.Zero);
            Avx512F.MaskStore(even + j, First(left), Avx512F.PermuteVar16x32x2(a, evens, b));
            Avx512F.MaskStore(odd + j, First(left), Avx512F.PermuteVar16x32x2(a, odds, b));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void MergePairs(float* even, float* odd, int columns, float start, float* to)
    {
        Vector512<int> low = Vector512.Create(0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
        Vector512<int> high = low + Vector512.Create(8);
        V added = Vector512.Create(start);
        for (int x = 0; x < columns; x += 32)
        {
            int left = columns - x;
            V a = Avx512F.MaskLoad(even + (x / 2), First((left + 1) / 2), V.Zero) + added, b = Avx512F.MaskLoad(odd + (x / 2), First(left / 2), V.Zero) + added;
            Avx512F.MaskStore(to + x, First(left), Avx512F.PermuteVar16x32x2(a, low, b));
            Avx512F.MaskStore(to + x + 16, First(left - 16), Avx512F.PermuteVar16x32x2(a, high, b));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V First(int lanes) => Vector512.LessThan(Vector512<int>.Indices, Vector512.Create(lanes)).AsSingle();
}
