using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Gir.Metrics.Kernels;

/// <summary>Sums a row of doubles, or of their squares.</summary>
/// <remarks>Lane layout: element i is added to lane i mod 8, and the lanes are added up in order, whatever the vector width.</remarks>
internal static unsafe class RowSum
{
    private const int Lanes = 8;

    public static double Of(ReadOnlySpan<double> values)
    {
        fixed (double* p = values)
        {
            return Vector512.IsHardwareAccelerated ? Of<Lanes8>(p, values.Length)
                : Vector256.IsHardwareAccelerated ? Of<Lanes4>(p, values.Length)
                : Of<Lanes1>(p, values.Length);
        }
    }

    /// <summary>Sums the squares.</summary>
    public static double OfSquares(ReadOnlySpan<double> values)
    {
        fixed (double* p = values)
        {
            return Vector512.IsHardwareAccelerated ? Of<Lanes8>(p, values.Length, squared: true)
                : Vector256.IsHardwareAccelerated ? Of<Lanes4>(p, values.Length, squared: true)
                : Of<Lanes1>(p, values.Length, squared: true);
        }
    }

    internal static double Of<T>(double* values, int length, bool squared = false)
        where T : struct, ILanes<T>
    {
        double* lanes = stackalloc double[Lanes];
        Unsafe.InitBlock(lanes, 0, Lanes * sizeof(double));
        int whole = length & ~(Lanes - 1);
        for (int lane = 0; lane < Lanes; lane += T.Count)
        {
            T sum = T.Of(0);
            if (squared)
            {
                for (int i = lane; i < whole; i += Lanes)
                    sum += T.Load(values + i) * T.Load(values + i);
            }
            else
            {
                for (int i = lane; i < whole; i += Lanes)
                    sum += T.Load(values + i);
            }

            T.Store(sum, lanes + lane);
        }

        for (int i = whole; i < length; i++)
            lanes[i - whole] += squared ? values[i] * values[i] : values[i];
        double total = 0;
        for (int lane = 0; lane < Lanes; lane++)
            total += lanes[lane];
        return total;
    }
}
