using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using V = System.Runtime.Intrinsics.Vector512<float>;

namespace Gir.Models.Tensors.Backends.Cpu.Kernels;

/// <summary>
/// The output transform of Winograd's minimal filtering (Lavin, Gray 2016), Y = A^T m A + bias, of up to 16 horizontally adjacent tiles of one plane.
/// Lane layout: lane = tile; the tiles' columns are interleaved into pixels on the way out. Needs AVX-512. Aliasing: none.
/// </summary>
internal static unsafe class WinogradOutput
{
    /// <summary>Floats of working memory.</summary>
    public const int Scratch = 6 * 64;

    /// <summary>F(4x4, 3x3): 36 elements to 4 x 4 pixels per tile.</summary>
    /// <param name="m">Lane t of element e at m[e pitch + t].</param>
    /// <param name="pitch">From element to element.</param>
    /// <param name="bias">Added to every pixel.</param>
    /// <param name="y">The first tile's first pixel.</param>
    /// <param name="width">From row to row.</param>
    /// <param name="rows">Rows to write, at most 4.</param>
    /// <param name="columns">Columns to write, at most 64.</param>
    /// <param name="scratch">Working memory.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void SixToFour(float* m, nint pitch, float bias, float* y, int width, int rows, int columns, float* scratch)
    {
        for (int i = 0; i < 6; i++, m += 6 * pitch)
        {
            float* t = scratch + (i * 64);
            Transform(
                Vector512.Load(m), Vector512.Load(m + pitch), Vector512.Load(m + (2 * pitch)), Vector512.Load(m + (3 * pitch)), Vector512.Load(m + (4 * pitch)),
                Vector512.Load(m + (5 * pitch)), V.Zero, out V a, out V b, out V c, out V d);
            a.Store(t);
            b.Store(t + 16);
            c.Store(t + 32);
            d.Store(t + 48);
        }

        V start = Vector512.Create(bias);
        for (int j = 0; j < 64; j += 16)
        {
            // Over its own inputs: the column's six vectors have been read.
            float* t = scratch + j;
            Transform(
                Vector512.Load(t), Vector512.Load(t + 64), Vector512.Load(t + 128), Vector512.Load(t + 192), Vector512.Load(t + 256), Vector512.Load(t + 320),
                start, out V a, out V b, out V c, out V d);
            a.Store(t);
            b.Store(t + 64);
            c.Store(t + 128);
            d.Store(t + 192);
        }

        Vector512<int> low = Vector512.Create(0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
        Vector512<int> high = low + Vector512.Create(8);
        for (int r = 0; r < rows; r++, y += width, scratch += 64)
        {
            V p0 = Vector512.Load(scratch), p1 = Vector512.Load(scratch + 16), p2 = Vector512.Load(scratch + 32), p3 = Vector512.Load(scratch + 48);
            V e0 = Pick(p0, p2, low), e1 = Pick(p0, p2, high), f0 = Pick(p1, p3, low), f1 = Pick(p1, p3, high);
            Put(Pick(e0, f0, low), y, columns);
            Put(Pick(e0, f0, high), y + 16, columns - 16);
            Put(Pick(e1, f1, low), y + 32, columns - 32);
            Put(Pick(e1, f1, high), y + 48, columns - 48);
        }
    }

    /// <summary>F(2x2, 5x5): 36 elements to 2 x 2 pixels per tile; see <see cref="SixToFour"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void SixToTwo(float* m, nint pitch, float bias, float* y, int width, int rows, int columns, float* scratch)
    {
        for (int i = 0; i < 6; i++, m += 6 * pitch)
        {
            Transform(
                Vector512.Load(m), Vector512.Load(m + pitch), Vector512.Load(m + (2 * pitch)), Vector512.Load(m + (3 * pitch)), Vector512.Load(m + (4 * pitch)),
                Vector512.Load(m + (5 * pitch)), V.Zero, out V a, out V b);
            a.Store(scratch + (i * 32));
            b.Store(scratch + (i * 32) + 16);
        }

        V start = Vector512.Create(bias);
        for (int j = 0; j < 32; j += 16)
        {
            float* t = scratch + j;
            Transform(
                Vector512.Load(t), Vector512.Load(t + 32), Vector512.Load(t + 64), Vector512.Load(t + 96), Vector512.Load(t + 128), Vector512.Load(t + 160),
                start, out V a, out V b);
            a.Store(t);
            b.Store(t + 32);
        }

        Vector512<int> low = Vector512.Create(0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
        Vector512<int> high = low + Vector512.Create(8);
        for (int r = 0; r < rows; r++, y += width, scratch += 32)
        {
            V p0 = Vector512.Load(scratch), p1 = Vector512.Load(scratch + 16);
            Put(Pick(p0, p1, low), y, columns);
            Put(Pick(p0, p1, high), y + 16, columns - 16);
        }
    }

    /// <summary>F(2x2, 3x3): 16 elements to 2 x 2 pixels per tile; see <see cref="SixToFour"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void FourToTwo(float* m, nint pitch, float bias, float* y, int width, int rows, int columns, float* scratch)
    {
        for (int i = 0; i < 4; i++, m += 4 * pitch)
        {
            V m0 = Vector512.Load(m), m1 = Vector512.Load(m + pitch), m2 = Vector512.Load(m + (2 * pitch)), m3 = Vector512.Load(m + (3 * pitch));
            (m0 + m1 + m2).Store(scratch + (i * 32));
            (m1 - m2 - m3).Store(scratch + (i * 32) + 16);
        }

        V start = Vector512.Create(bias);
        Vector512<int> low = Vector512.Create(0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
        Vector512<int> high = low + Vector512.Create(8);
        for (int r = 0; r < rows; r++, y += width)
        {
            V p0 = Row(scratch, r) + start, p1 = Row(scratch + 16, r) + start;
            Put(Pick(p0, p1, low), y, columns);
            Put(Pick(p0, p1, high), y + 16, columns - 16);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Row(float* t, int r) => r == 0
        ? Vector512.Load(t) + Vector512.Load(t + 32) + Vector512.Load(t + 64)
        : Vector512.Load(t + 32) - Vector512.Load(t + 64) - Vector512.Load(t + 96);

    // A^T of F(4, 3): column p is (1, p, p^2, p^3).
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Transform(V m0, V m1, V m2, V m3, V m4, V m5, V start, out V y0, out V y1, out V y2, out V y3)
    {
        V even = m1 + m2, odd = (m1 - m2) * WinogradPoints.Near, evenFar = m3 + m4, oddFar = (m3 - m4) * WinogradPoints.Far;
        V nearSquare = Vector512.Create(WinogradPoints.NearSquare), farSquare = Vector512.Create(WinogradPoints.FarSquare);
        y0 = m0 + even + evenFar + start;
        y1 = odd + oddFar + start;
        y2 = Avx512F.FusedMultiplyAdd(farSquare, evenFar, Avx512F.FusedMultiplyAdd(nearSquare, even, start));
        y3 = Avx512F.FusedMultiplyAdd(farSquare, oddFar, Avx512F.FusedMultiplyAdd(nearSquare, odd, m5 + start));
    }

    // A^T of F(2, 5): column p is (1, p).
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Transform(V m0, V m1, V m2, V m3, V m4, V m5, V start, out V y0, out V y1)
    {
        y0 = m0 + (m1 + m2) + (m3 + m4) + start;
        V near = Avx512F.FusedMultiplyAdd(Vector512.Create(WinogradPoints.Near), m1 - m2, m5 + start);
        y1 = Avx512F.FusedMultiplyAdd(Vector512.Create(WinogradPoints.Far), m3 - m4, near);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put(V pixels, float* y, int columns)
    {
        if (columns >= 16)
            pixels.Store(y);
        else if (columns > 0)
            Avx512F.MaskStore(y, Vector512.LessThan(Vector512<int>.Indices, Vector512.Create(columns)).AsSingle(), pixels);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Pick(V a, V b, Vector512<int> lanes) => Avx512F.PermuteVar16x32x2(a, lanes, b);
}
