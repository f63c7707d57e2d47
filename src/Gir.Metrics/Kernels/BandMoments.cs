using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Gir.Imaging.Kernels;

namespace Gir.Metrics.Kernels;

/// <summary>Second moments of a block's three bands: of the reference, of the result, and of both.</summary>
/// <remarks>
/// The bands are differences of four neighboring scales of each image. Lane layout: column c of the block is summed in lane c, downwards, and
/// the 16 lanes are added up from left to right in double precision, whatever the vector width. Nothing is written to the planes, which may alias.
/// </remarks>
internal static unsafe class BandMoments
{
    /// <summary>Differences of four scales.</summary>
    public const int Bands = 3;

    /// <summary>Numbers per block: for each band the sums of x x, r r and x r.</summary>
    public const int Count = 3 * Bands;

    /// <summary>Most columns of a block.</summary>
    public const int Width = 16;

    /// <summary>Sums over a block of at most 16 columns.</summary>
    /// <param name="x">The block's first sample in the four scales of the reference, from fine to coarse.</param>
    /// <param name="r">The same of the result.</param>
    /// <param name="stride">Samples from one row to the next in all planes.</param>
    /// <param name="rows">Rows of the block.</param>
    /// <param name="columns">Columns of the block, 1..16.</param>
    /// <param name="sums">Receives <see cref="Count"/> numbers.</param>
    public static void Sum(float** x, float** r, nint stride, int rows, int columns, double* sums)
    {
        if (Vector512.IsHardwareAccelerated)
            Sum<Lanes512<float>>(x, r, stride, rows, columns, sums);
        else if (Vector256.IsHardwareAccelerated)
            Sum<Lanes256<float>>(x, r, stride, rows, columns, sums);
        else
            Sum<Lanes1<float>>(x, r, stride, rows, columns, sums);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    internal static void Sum<T>(float** x, float** r, nint stride, int rows, int columns, double* sums)
        where T : struct, ILanes<T, float>
    {
        float* lanes = stackalloc float[Count * Width];
        int column = 0;
        for (; column <= columns - T.Count; column += T.Count)
            Columns<T>(x, r, stride, rows, column, lanes);
        for (; column < columns; column++)
            Columns<Lanes1<float>>(x, r, stride, rows, column, lanes);
        for (int i = 0; i < Count; i++)
        {
            double sum = 0;
            for (int c = 0; c < columns; c++)
                sum += lanes[(i * Width) + c];
            sums[i] = sum;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Columns<T>(float** x, float** r, nint stride, int rows, int column, float* lanes)
        where T : struct, ILanes<T, float>
    {
        T xx0 = T.Of(0), rr0 = xx0, xr0 = xx0, xx1 = xx0, rr1 = xx0, xr1 = xx0, xx2 = xx0, rr2 = xx0, xr2 = xx0;
        nint at = column;
        for (int row = 0; row < rows; row++, at += stride)
        {
            T x1 = T.Load(x[1] + at), x2 = T.Load(x[2] + at);
            T r1 = T.Load(r[1] + at), r2 = T.Load(r[2] + at);
            Add(T.Load(x[0] + at) - x1, T.Load(r[0] + at) - r1, ref xx0, ref rr0, ref xr0);
            Add(x1 - x2, r1 - r2, ref xx1, ref rr1, ref xr1);
            Add(x2 - T.Load(x[3] + at), r2 - T.Load(r[3] + at), ref xx2, ref rr2, ref xr2);
        }

        float* target = lanes + column;
        T.Store(xx0, target);
        T.Store(rr0, target + Width);
        T.Store(xr0, target + (2 * Width));
        T.Store(xx1, target + (3 * Width));
        T.Store(rr1, target + (4 * Width));
        T.Store(xr1, target + (5 * Width));
        T.Store(xx2, target + (6 * Width));
        T.Store(rr2, target + (7 * Width));
        T.Store(xr2, target + (8 * Width));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add<T>(T x, T r, ref T xx, ref T rr, ref T xr)
        where T : struct, ILanes<T, float>
    {
        xx += x * x;
        rr += r * r;
        xr += x * r;
    }
}
