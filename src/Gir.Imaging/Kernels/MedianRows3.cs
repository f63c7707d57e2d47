using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Gir.Imaging.Kernels;

/// <summary>The median of 3 x 3 neighbours.</summary>
/// <remarks>
/// destination[x] = median of rows[0..2][x..x + 2]; source rows hold length + 2 samples and do not overlap the destination.
/// Lanes are neighbouring columns. Each column of three is sorted; the median of nine is the median of the largest minimum, the median of
/// the medians and the smallest maximum (J. L. Smith, "Implementing median filters in XC4000E FPGAs", 1996).
/// </remarks>
internal static unsafe class MedianRows3
{
    /// <summary>One row of medians.</summary>
    public static void Median(float** rows, float* destination, int length)
    {
        if (Vector512.IsHardwareAccelerated && length >= Vector512<float>.Count)
            Run<Vector512<float>, Lanes512<float>>(rows, destination, length);
        else if (Vector256.IsHardwareAccelerated && length >= Vector256<float>.Count)
            Run<Vector256<float>, Lanes256<float>>(rows, destination, length);
        else
            Run<float, Lanes1<float>>(rows, destination, length);
    }

    /// <summary>The scalar twin.</summary>
    public static void MedianScalar(float** rows, float* destination, int length) => Run<float, Lanes1<float>>(rows, destination, length);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run<TVector, TLanes>(float** rows, float* destination, int length)
        where TVector : struct
        where TLanes : ILanes<float, TVector>
    {
        for (int next = 0; next < length; next += TLanes.Count)
        {
            // The last register lies over the one before and computes the same again.
            int x = Math.Min(next, length - TLanes.Count);
            Sort<TVector, TLanes>(rows, x, out TVector low0, out TVector middle0, out TVector high0);
            Sort<TVector, TLanes>(rows, x + 1, out TVector low1, out TVector middle1, out TVector high1);
            Sort<TVector, TLanes>(rows, x + 2, out TVector low2, out TVector middle2, out TVector high2);
            TVector low = TLanes.Max(TLanes.Max(low0, low1), low2);
            TVector middle = Middle<TVector, TLanes>(middle0, middle1, middle2);
            TVector high = TLanes.Min(TLanes.Min(high0, high1), high2);
            TLanes.Store(Middle<TVector, TLanes>(low, middle, high), destination + x);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Sort<TVector, TLanes>(float** rows, int x, out TVector low, out TVector middle, out TVector high)
        where TVector : struct
        where TLanes : ILanes<float, TVector>
    {
        TVector a = TLanes.Load(rows[0] + x);
        TVector b = TLanes.Load(rows[1] + x);
        TVector c = TLanes.Load(rows[2] + x);
        (a, b) = (TLanes.Min(a, b), TLanes.Max(a, b));
        (b, high) = (TLanes.Min(b, c), TLanes.Max(b, c));
        (low, middle) = (TLanes.Min(a, b), TLanes.Max(a, b));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Middle<TVector, TLanes>(TVector a, TVector b, TVector c)
        where TVector : struct
        where TLanes : ILanes<float, TVector> =>
        TLanes.Max(TLanes.Min(a, b), TLanes.Min(TLanes.Max(a, b), c));
}
