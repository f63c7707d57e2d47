using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Gir.Imaging.Kernels;

namespace Gir.Metrics.Kernels;

/// <summary>Sums a row of doubles, or the squares of their deviations from a number.</summary>
/// <remarks>Lane layout: element i is added to lane i mod 8, and the lanes are added up in order, whatever the vector width.</remarks>
internal static unsafe class RowSum
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

    /// <summary>Sums (v - center)^2.</summary>
    public static double OfSquares(ReadOnlySpan<double> values, double center = 0)
    {
        fixed (double* p = values)
        {
            return Vector512.IsHardwareAccelerated ? OfSquares<Lanes512<double>>(p, values.Length, center)
                : Vector256.IsHardwareAccelerated ? OfSquares<Lanes256<double>>(p, values.Length, center)
                : OfSquares<Lanes1<double>>(p, values.Length, center);
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
            T sum = T.Of(0);
            for (int i = lane; i < whole; i += Lanes)
                sum += T.Load(values + i);
            T.Store(sum, lanes + lane);
        }

        for (int i = whole; i < length; i++)
            lanes[i - whole] += values[i];
        return AddUp(lanes);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    internal static double OfSquares<T>(double* values, int length, double center)
        where T : struct, ILanes<T, double>
    {
        double* lanes = stackalloc double[Lanes];
        int whole = length & ~(Lanes - 1);
        for (int lane = 0; lane < Lanes; lane += T.Count)
        {
            T sum = T.Of(0);
            for (int i = lane; i < whole; i += Lanes)
            {
                T deviation = T.Load(values + i) - T.Of(center);
                sum += deviation * deviation;
            }

            T.Store(sum, lanes + lane);
        }

        for (int i = whole; i < length; i++)
            lanes[i - whole] += (values[i] - center) * (values[i] - center);
        return AddUp(lanes);
    }

    private static double AddUp(double* lanes)
    {
        double total = 0;
        for (int lane = 0; lane < Lanes; lane++)
            total += lanes[lane];
        return total;
    }
}
