using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Gir.Imaging.Kernels;

namespace Gir.Degradations.Kernels;

/// <summary>Sum over i of min(a[i], b[i]): how much two histograms have in common.</summary>
/// <remarks>
/// For whole numbers whose sum stays below 2^53, as counts of samples are: every partial sum is exact, so that the order of the additions, and with it the
/// width of the lanes, changes no bit. The inputs are equally long and may alias one another; nothing is written.
/// </remarks>
internal static unsafe class OverlapSum
{
    public static double Invoke(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        fixed (double* pa = a, pb = b[..a.Length])
        {
            return Vector512.IsHardwareAccelerated ? Run<Lanes512<double>>(pa, pb, a.Length)
                : Vector256.IsHardwareAccelerated ? Run<Lanes256<double>>(pa, pb, a.Length)
                : Run<Lanes1<double>>(pa, pb, a.Length);
        }
    }

    /// <summary>The scalar twin.</summary>
    public static double InvokeScalar(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        fixed (double* pa = a, pb = b[..a.Length])
            return Run<Lanes1<double>>(pa, pb, a.Length);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static double Run<TLanes>(double* a, double* b, int length)
        where TLanes : struct, ILanes<TLanes, double>
    {
        // Two sums, so that one addition need not wait for the other.
        TLanes even = TLanes.Of(0);
        TLanes odd = TLanes.Of(0);
        int i = 0;
        for (; i <= length - (2 * TLanes.Count); i += 2 * TLanes.Count)
        {
            even += TLanes.Min(TLanes.Load(a + i), TLanes.Load(b + i));
            odd += TLanes.Min(TLanes.Load(a + i + TLanes.Count), TLanes.Load(b + i + TLanes.Count));
        }

        double* lanes = stackalloc double[TLanes.Count];
        TLanes.Store(even + odd, lanes);
        double sum = 0;
        for (int lane = 0; lane < TLanes.Count; lane++)
            sum += lanes[lane];
        for (; i < length; i++)
            sum += a[i] < b[i] ? a[i] : b[i];
        return sum;
    }
}
