using System.Runtime.CompilerServices;

namespace Gir.Imaging.Kernels;

/// <summary>The median of 3 x 3 neighbors.</summary>
/// <remarks>
/// destination[x] = median of rows[0..2][x..x + 2]; source rows hold length + 2 samples and do not overlap the destination.
/// Lanes are neighboring columns. Each column of three is sorted; the median of nine is the median of the largest minimum, the median of
/// the medians and the smallest maximum (J. L. Smith, "Implementing median filters in XC4000E FPGAs", 1996).
/// </remarks>
internal readonly unsafe struct MedianRows3 : IMedianRows
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Run<TLanes>(float** rows, float* destination, int length)
        where TLanes : struct, ILanes<TLanes, float>
    {
        for (int next = 0; next < length; next += TLanes.Count)
        {
            // The last register lies over the one before and computes the same again.
            int x = Math.Min(next, length - TLanes.Count);
            Sort<TLanes>(rows, x, out TLanes low0, out TLanes middle0, out TLanes high0);
            Sort<TLanes>(rows, x + 1, out TLanes low1, out TLanes middle1, out TLanes high1);
            Sort<TLanes>(rows, x + 2, out TLanes low2, out TLanes middle2, out TLanes high2);
            TLanes low = TLanes.Max(TLanes.Max(low0, low1), low2);
            TLanes middle = Middle<TLanes>(middle0, middle1, middle2);
            TLanes high = TLanes.Min(TLanes.Min(high0, high1), high2);
            TLanes.Store(Middle<TLanes>(low, middle, high), destination + x);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Sort<TLanes>(float** rows, int x, out TLanes low, out TLanes middle, out TLanes high)
        where TLanes : struct, ILanes<TLanes, float>
    {
        TLanes a = TLanes.Load(rows[0] + x);
        TLanes b = TLanes.Load(rows[1] + x);
        TLanes c = TLanes.Load(rows[2] + x);
        (a, b) = (TLanes.Min(a, b), TLanes.Max(a, b));
        (b, high) = (TLanes.Min(b, c), TLanes.Max(b, c));
        (low, middle) = (TLanes.Min(a, b), TLanes.Max(a, b));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TLanes Middle<TLanes>(TLanes a, TLanes b, TLanes c)
        where TLanes : struct, ILanes<TLanes, float> =>
        TLanes.Max(TLanes.Min(a, b), TLanes.Min(TLanes.Max(a, b), c));
}
