using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using V = System.Runtime.Intrinsics.Vector512<float>;

namespace Gir.Models.Tensors.Backends.Cpu.Kernels;

/// <summary>
/// The input transform of Winograd's minimal filtering (Lavin, Gray 2016), V = B^T d B, of up to 16 horizontally adjacent tiles of one plane.
/// Lane layout: lane = tile; pixels are sorted into lanes by their column modulo the tile's step. All 16 lanes are stored: lanes beyond the last
/// tile hold what lies further right. Needs AVX-512. Aliasing: none.
/// </summary>
internal static unsafe class WinogradInput
{
    /// <summary>Floats of working memory.</summary>
    public const int Scratch = 6 * 6 * 16;

    /// <summary>F(4x4, 3x3): tiles of 6 x 6 at steps of 4.</summary>
    /// <param name="x">The plane.</param>
    /// <param name="height">Its rows; zeros around.</param>
    /// <param name="width">Its columns.</param>
    /// <param name="row">Row of the tiles' first pixels; may be negative.</param>
    /// <param name="column">Column of the first tile's first pixel; may be negative.</param>
    /// <param name="v">Receives lane t of element e at v[e pitch + t].</param>
    /// <param name="pitch">From element to element.</param>
    /// <param name="scratch">Working memory.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void SixByFour(float* x, int height, int width, int row, int column, float* v, nint pitch, float* scratch)
    {
        Vector512<int> even = Vector512<int>.Indices + Vector512<int>.Indices;
        Vector512<int> odd = even + Vector512<int>.One;
        bool inside = column >= 0 && column + 66 <= width;
        (V m0, V m1) = (Inside(column, width), Inside(column + 16, width));
        (V m2, V m3) = (Inside(column + 32, width), Inside(column + 48, width));
        for (int r = 0; r < 6; r++)
        {
            float* to = scratch + (r * 96);
            if ((uint)(row + r) >= (uint)height)
            {
                for (int j = 0; j < 96; j += 16)
                    V.Zero.Store(to + j);
                continue;
            }

            float* s = x + ((long)(row + r) * width) + column;
            V a, b, c, d, e, f;
            if (inside)
            {
                (a, b) = (Vector512.Load(s), Vector512.Load(s + 16));
                (c, d) = (Vector512.Load(s + 32), Vector512.Load(s + 48));
                (e, f) = (Vector512.CreateScalarUnsafe(s[64]), Vector512.CreateScalarUnsafe(s[65]));
            }
            else
            {
                (a, b) = (Avx512F.MaskLoad(s, m0, V.Zero), Avx512F.MaskLoad(s + 16, m1, V.Zero));
                (c, d) = (Avx512F.MaskLoad(s + 32, m2, V.Zero), Avx512F.MaskLoad(s + 48, m3, V.Zero));
                e = Vector512.CreateScalarUnsafe(column + 64 < width ? s[64] : 0);
                f = Vector512.CreateScalarUnsafe(column + 65 < width ? s[65] : 0);
            }

            V abEven = Pick(a, b, even), abOdd = Pick(a, b, odd), cdEven = Pick(c, d, even), cdOdd = Pick(c, d, odd);
            V p0 = Pick(abEven, cdEven, even), p2 = Pick(abEven, cdEven, odd), p1 = Pick(abOdd, cdOdd, even), p3 = Pick(abOdd, cdOdd, odd);
            Transform(p0, p1, p2, p3, Next(p0, e), Next(p1, f), to, 16);
        }

        Columns(scratch, v, pitch);
    }

    /// <summary>F(2x2, 5x5): tiles of 6 x 6 at steps of 2; see <see cref="SixByFour"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void SixByTwo(float* x, int height, int width, int row, int column, float* v, nint pitch, float* scratch)
    {
        Vector512<int> even = Vector512<int>.Indices + Vector512<int>.Indices;
        Vector512<int> odd = even + Vector512<int>.One;
        (V m0, V m1, V m2) = (Inside(column, width), Inside(column + 16, width), Inside(column + 32, width));
        for (int r = 0; r < 6; r++)
        {
            float* to = scratch + (r * 96);
            if ((uint)(row + r) >= (uint)height)
            {
                for (int j = 0; j < 96; j += 16)
                    V.Zero.Store(to + j);
                continue;
            }

            float* s = x + ((long)(row + r) * width) + column;
            V a = Avx512F.MaskLoad(s, m0, V.Zero), b = Avx512F.MaskLoad(s + 16, m1, V.Zero), c = Avx512F.MaskLoad(s + 32, m2, V.Zero);
            V p0 = Pick(a, b, even), p1 = Pick(a, b, odd), cEven = Pick(c, c, even), cOdd = Pick(c, c, odd);
            Transform(p0, p1, Next(p0, cEven), Next(p1, cOdd), Next2(p0, cEven), Next2(p1, cOdd), to, 16);
        }

        Columns(scratch, v, pitch);
    }

    /// <summary>F(2x2, 3x3): tiles of 4 x 4 at steps of 2; see <see cref="SixByFour"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void FourByTwo(float* x, int height, int width, int row, int column, float* v, nint pitch, float* scratch)
    {
        Vector512<int> even = Vector512<int>.Indices + Vector512<int>.Indices;
        Vector512<int> odd = even + Vector512<int>.One;
        (V m0, V m1) = (Inside(column, width), Inside(column + 16, width));
        for (int r = 0; r < 4; r++)
        {
            float* to = scratch + (r * 64);
            if ((uint)(row + r) >= (uint)height)
            {
                for (int j = 0; j < 64; j += 16)
                    V.Zero.Store(to + j);
                continue;
            }

            float* s = x + ((long)(row + r) * width) + column;
            (V a, V b) = (Avx512F.MaskLoad(s, m0, V.Zero), Avx512F.MaskLoad(s + 16, m1, V.Zero));
            V p0 = Pick(a, b, even), p1 = Pick(a, b, odd);
            V p2 = Next(p0, Vector512.CreateScalarUnsafe(column + 32 < width ? s[32] : 0));
            V p3 = Next(p1, Vector512.CreateScalarUnsafe(column + 33 < width ? s[33] : 0));
            (p0 - p2).Store(to);
            (p1 + p2).Store(to + 16);
            (p2 - p1).Store(to + 32);
            (p1 - p3).Store(to + 48);
        }

        for (int j = 0; j < 4; j++)
        {
            float* s = scratch + (16 * j);
            V d0 = Vector512.Load(s), d1 = Vector512.Load(s + 64), d2 = Vector512.Load(s + 128), d3 = Vector512.Load(s + 192);
            float* to = v + (j * pitch);
            (d0 - d2).Store(to);
            (d1 + d2).Store(to + (4 * pitch));
            (d2 - d1).Store(to + (8 * pitch));
            (d1 - d3).Store(to + (12 * pitch));
        }
    }

    /// <summary>B^T of <see cref="WinogradPoints"/>: six vectors to six, pitch apart; to may be where they came from.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Transform(V d0, V d1, V d2, V d3, V d4, V d5, float* to, nint pitch)
    {
        V nearSquare = Vector512.Create(WinogradPoints.NearSquare), farSquare = Vector512.Create(WinogradPoints.FarSquare);
        V near = Vector512.Create(WinogradPoints.Near), far = Vector512.Create(WinogradPoints.Far);
        V sum = Vector512.Create(WinogradPoints.NearSquare + WinogradPoints.FarSquare), product = Vector512.Create(WinogradPoints.NearSquare * WinogradPoints.FarSquare);
        V evenNear = Avx512F.FusedMultiplyAddNegated(farSquare, d2, d4), oddNear = Avx512F.FusedMultiplyAddNegated(farSquare, d1, d3);
        V evenFar = Avx512F.FusedMultiplyAddNegated(nearSquare, d2, d4), oddFar = Avx512F.FusedMultiplyAddNegated(nearSquare, d1, d3);
        Avx512F.FusedMultiplyAdd(product, d0, Avx512F.FusedMultiplyAddNegated(sum, d2, d4)).Store(to);
        Avx512F.FusedMultiplyAdd(near, oddNear, evenNear).Store(to + pitch);
        Avx512F.FusedMultiplyAddNegated(near, oddNear, evenNear).Store(to + (2 * pitch));
        Avx512F.FusedMultiplyAdd(far, oddFar, evenFar).Store(to + (3 * pitch));
        Avx512F.FusedMultiplyAddNegated(far, oddFar, evenFar).Store(to + (4 * pitch));
        Avx512F.FusedMultiplyAdd(product, d1, Avx512F.FusedMultiplyAddNegated(sum, d3, d5)).Store(to + (5 * pitch));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Columns(float* scratch, float* v, nint pitch)
    {
        for (int j = 0; j < 6; j++)
        {
            float* s = scratch + (16 * j);
            Transform(
                Vector512.Load(s), Vector512.Load(s + 96), Vector512.Load(s + 192), Vector512.Load(s + 288), Vector512.Load(s + 384), Vector512.Load(s + 480),
                v + (j * pitch), 6 * pitch);
        }
    }

    // Lanes whose column lies in [0, width): the unsigned comparison sees both edges.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Inside(int column, int width) =>
        Vector512.LessThan((Vector512<int>.Indices + Vector512.Create(column)).AsUInt32(), Vector512.Create((uint)width)).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Pick(V a, V b, Vector512<int> lanes) => Avx512F.PermuteVar16x32x2(a, lanes, b);

    // Lanes 1 to 15, then the first lane of what follows.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Next(V lanes, V follower) => Avx512F.AlignRight32(follower.AsInt32(), lanes.AsInt32(), 1).AsSingle();

    // Lanes 2 to 15, then the first two lanes of what follows.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Next2(V lanes, V follower) => Avx512F.AlignRight32(follower.AsInt32(), lanes.AsInt32(), 2).AsSingle();
}
