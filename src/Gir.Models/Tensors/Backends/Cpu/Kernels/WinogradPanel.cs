using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using V = System.Runtime.Intrinsics.Vector512<float>;

namespace Gir.Models.Tensors.Backends.Cpu.Kernels;

/// <summary>
/// The transforms of both operands of a weight gradient by Winograd's minimal filtering (Lavin, Gray 2016), of 16 channels of up to 16 horizontally
/// adjacent tiles: V = B^T x B of tiles of 6 x 6 at steps of s, and U = C dy C^T of tiles of s x s, s = 4 or 2. B belongs to
/// <see cref="WinogradPoints"/>; C evaluates dy's polynomial there: its rows are (1, p, .., p^(s-1)), the last (0, .., 0, 1). Pixels are turned channel-minor first, so that the products over tiles find their operands in place. Lane layout: lane = channel. Needs AVX-512. Aliasing: none.
/// </summary>
internal static unsafe class WinogradPanel
{
    /// <summary>Channels of a call.</summary>
    public const int Channels = 16;

    /// <summary>Most tiles of a call.</summary>
    public const int Tiles = 16;

    /// <summary>Floats of working memory.</summary>
    public const int Scratch = WinogradPoints.Count * Pitch;

    // Up to 4 pixels of padding and then whole groups of 16 pixels, 66 of which are needed.
    private const int Pitch = 84 * Channels;

    private const int MicroKernelRows = 8;

    /// <summary>V of 16 channels of the input.</summary>
    /// <param name="x">The first channel's plane.</param>
    /// <param name="size">The plane's rows and columns; zeros around.</param>
    /// <param name="channels">Channels there are; V of the others is 0.</param>
    /// <param name="row">Row of the tiles' first pixels; may be negative.</param>
    /// <param name="column">Column of the first tile's first pixel; may be negative.</param>
    /// <param name="tiles">Number of tiles, 1 to 16.</param>
    /// <param name="step">Pixels from tile to tile.</param>
    /// <param name="v">Receives channel c of tile t at element e at v[e pitch + t tilePitch + c].</param>
    /// <param name="tilePitch">From tile to tile.</param>
    /// <param name="pitch">From element to element.</param>
    /// <param name="scratch">Working memory.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Input(
        float* x, (int Height, int Width) size, int channels, int row, int column, int tiles, int step, float* v, nint tilePitch, nint pitch, float* scratch)
    {
        int pixels = ((tiles - 1) * step) + WinogradPoints.Count;
        Turn(x, size, channels, row, WinogradPoints.Count, column, pixels, scratch);
        for (float* s = scratch; s < scratch + (pixels * Channels); s += Channels)
        {
            WinogradInput.Transform(
                Vector512.Load(s), Vector512.Load(s + Pitch), Vector512.Load(s + (2 * Pitch)), Vector512.Load(s + (3 * Pitch)), Vector512.Load(s + (4 * Pitch)),
                Vector512.Load(s + (5 * Pitch)), s, Pitch);
        }

        for (int t = 0; t < tiles; t++, v += tilePitch)
        {
            float* s = scratch + (t * step * Channels);
            float* to = v;
            for (int i = 0; i < WinogradPoints.Count; i++, s += Pitch, to += WinogradPoints.Count * pitch)
            {
                WinogradInput.Transform(
                    Vector512.Load(s), Vector512.Load(s + 16), Vector512.Load(s + 32), Vector512.Load(s + 48), Vector512.Load(s + 64), Vector512.Load(s + 80),
                    to, pitch);
            }
        }
    }

    /// <summary>U of 16 channels of the output's gradient, in two blocks of 8 channels as <see cref="MicroKernels"/> reads them.</summary>
    /// <param name="dy">The first channel's plane.</param>
    /// <param name="size">The plane's rows and columns; tiles that overhang are completed with zeros.</param>
    /// <param name="channels">Channels there are; U of the others is 0.</param>
    /// <param name="row">Row of the tiles' first pixels.</param>
    /// <param name="column">Column of the first tile's first pixel.</param>
    /// <param name="tiles">Number of tiles, 1 to 16.</param>
    /// <param name="step">Pixels of a tile and direction.</param>
    /// <param name="u">Receives channel c of tile t at element e at u[e pitch + c / 8 blockPitch + t 8 + c % 8].</param>
    /// <param name="blockPitch">From block to block.</param>
    /// <param name="pitch">From element to element.</param>
    /// <param name="scratch">Working memory.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Gradient(
        float* dy, (int Height, int Width) size, int channels, int row, int column, int tiles, int step, float* u, nint blockPitch, nint pitch, float* scratch)
    {
        Turn(dy, size, channels, row, step, column, tiles * step, scratch);
        V p0, p1, p2, p3, p4, p5;
        for (float* s = scratch; s < scratch + (tiles * step * Channels); s += Channels)
        {
            if (step == 4)
                Four(Vector512.Load(s), Vector512.Load(s + Pitch), Vector512.Load(s + (2 * Pitch)), Vector512.Load(s + (3 * Pitch)), out p0, out p1, out p2, out p3, out p4, out p5);
            else
                Two(Vector512.Load(s), Vector512.Load(s + Pitch), out p0, out p1, out p2, out p3, out p4, out p5);
            p0.Store(s);
            p1.Store(s + Pitch);
            p2.Store(s + (2 * Pitch));
            p3.Store(s + (3 * Pitch));
            p4.Store(s + (4 * Pitch));
            p5.Store(s + (5 * Pitch));
        }

        for (int t = 0; t < tiles; t++, u += MicroKernelRows)
        {
            float* s = scratch + (t * step * Channels);
            float* to = u;
            for (int i = 0; i < WinogradPoints.Count; i++, s += Pitch, to += WinogradPoints.Count * pitch)
            {
                if (step == 4)
                    Four(Vector512.Load(s), Vector512.Load(s + 16), Vector512.Load(s + 32), Vector512.Load(s + 48), out p0, out p1, out p2, out p3, out p4, out p5);
                else
                    Two(Vector512.Load(s), Vector512.Load(s + 16), out p0, out p1, out p2, out p3, out p4, out p5);
                Store(p0, to, blockPitch);
                Store(p1, to + pitch, blockPitch);
                Store(p2, to + (2 * pitch), blockPitch);
                Store(p3, to + (3 * pitch), blockPitch);
                Store(p4, to + (4 * pitch), blockPitch);
                Store(p5, to + (5 * pitch), blockPitch);
            }
        }
    }

    // Rows of pixels, 16 channels each, zeros outside of the plane.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Turn(float* x, (int Height, int Width) size, int channels, int row, int rows, int column, int pixels, float* to)
    {
        nint plane = (nint)size.Height * size.Width;
        int left = Math.Min(pixels, Math.Max(0, -column));
        int end = Math.Clamp(size.Width - column, left, pixels);
        for (int r = 0; r < rows; r++, to += Pitch)
        {
            if ((uint)(row + r) >= (uint)size.Height)
            {
                new Span<float>(to, pixels * Channels).Clear();
                continue;
            }

            new Span<float>(to, left * Channels).Clear();
            float* from = x + ((nint)(row + r) * size.Width) + column + left;
            for (int c = 0; c < Channels; c += WeightGradientPanel.Channels)
                WeightGradientPanel.Run(from + (c * plane), plane, channels - c, end - left, to + (left * Channels) + c, Channels);
            new Span<float>(to + (end * Channels), (pixels - end) * Channels).Clear();
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Four(V d0, V d1, V d2, V d3, out V p0, out V p1, out V p2, out V p3, out V p4, out V p5)
    {
        V nearSquare = Vector512.Create(WinogradPoints.NearSquare), farSquare = Vector512.Create(WinogradPoints.FarSquare);
        Pair(WinogradPoints.Near, Avx512F.FusedMultiplyAdd(nearSquare, d2, d0), Avx512F.FusedMultiplyAdd(nearSquare, d3, d1), out p1, out p2);
        Pair(WinogradPoints.Far, Avx512F.FusedMultiplyAdd(farSquare, d2, d0), Avx512F.FusedMultiplyAdd(farSquare, d3, d1), out p3, out p4);
        (p0, p5) = (d0, d3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Two(V d0, V d1, out V p0, out V p1, out V p2, out V p3, out V p4, out V p5)
    {
        Pair(WinogradPoints.Near, d0, d1, out p1, out p2);
        Pair(WinogradPoints.Far, d0, d1, out p3, out p4);
        (p0, p5) = (d0, d1);
    }

    // The values at a point and at its negative, from the even and the odd part.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Pair(float point, V even, V odd, out V plus, out V minus)
    {
        V p = Vector512.Create(point);
        plus = Avx512F.FusedMultiplyAdd(p, odd, even);
        minus = Avx512F.FusedMultiplyAddNegated(p, odd, even);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(V channels, float* to, nint blockPitch)
    {
        channels.GetLower().Store(to);
        channels.GetUpper().Store(to + blockPitch);
    }
}
