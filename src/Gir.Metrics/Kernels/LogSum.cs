using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Gir.Imaging.Kernels;

namespace Gir.Metrics.Kernels;

/// <summary>Sums decimal logarithms of a short row of numbers of at least 1: the logarithm of eight lane products.</summary>
/// <remarks>Lane layout: element i multiplies lane i mod 8; at most 64 elements, so a product of eight cannot overflow below 1e38 each.</remarks>
internal static unsafe class LogSum
{
    private const int Lanes = 8;

    public static double Of(ReadOnlySpan<double> values)
    {
        fixed (double* p = values)
        {
            return Vector512.IsHardwareAccelerated ? Of<Lanes512<double>>(p, values.Length)
                : Vector256.IsHardwareAccelerated ? Of<Lanes256<double>>(p, values.Length)
                : Of<Lanes1<double>>(p, values.Length);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    internal static double Of<T>(double* values, int length)
        where T : struct, ILanes<T, double>
    {
        double* lanes = stackalloc double[Lanes];
        int whole = length & ~(Lanes - 1);
        for (int lane = 0; lane < Lanes; lane += T.Count)
        {
            T product = T.Of(1);
            for (int i = lane; i < whole; i += Lanes)
                product *= T.Load(values + i);
            T.Store(product, lanes + lane);
        }

        for (int i = whole; i < length; i++)
            lanes[i - whole] *= values[i];
        double sum = 0;
        for (int lane = 0; lane < Lanes; lane++)
            sum += Math.Log10(lanes[lane]);
        return sum;
    }
}
