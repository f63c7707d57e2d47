using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Gir.Imaging.Kernels;

/// <summary>The weighted sum of several rows: the vertical half of a separable filter.</summary>
/// <remarks>
/// destination[x] = weights[0] * rows[0][x] + weights[1] * rows[1][x] + ..., added one product after the other, starting from zero.
/// The destination must not overlap a row; rows may repeat. Lanes are neighbouring columns.
/// </remarks>
internal static unsafe class SeparableColumns
{
    /// <summary>Sums <paramref name="taps"/> rows.</summary>
    public static void Sum<T>(T** rows, T* weights, int taps, T* destination, int length)
        where T : unmanaged, INumber<T>
    {
        int done = 0;
        if (Vector512.IsHardwareAccelerated)
            done = Run<T, Vector512<T>, Lanes512<T>>(rows, weights, taps, destination, done, length);
        else if (Vector256.IsHardwareAccelerated)
            done = Run<T, Vector256<T>, Lanes256<T>>(rows, weights, taps, destination, done, length);
        Run<T, T, Lanes1<T>>(rows, weights, taps, destination, done, length);
    }

    /// <summary>The scalar twin.</summary>
    public static void SumScalar<T>(T** rows, T* weights, int taps, T* destination, int length)
        where T : unmanaged, INumber<T> =>
        Run<T, T, Lanes1<T>>(rows, weights, taps, destination, 0, length);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int Run<T, TVector, TLanes>(T** rows, T* weights, int taps, T* destination, int start, int length)
        where T : unmanaged, INumber<T>
        where TVector : struct
        where TLanes : ILanes<T, TVector>
    {
        int x = start;
        int step = TLanes.Count;
        for (; x <= length - (4 * step); x += 4 * step)
        {
            TVector sum0 = TLanes.Broadcast(T.Zero), sum1 = sum0, sum2 = sum0, sum3 = sum0;
            for (int k = 0; k < taps; k++)
            {
                T* row = rows[k] + x;
                TVector weight = TLanes.Broadcast(weights[k]);
                sum0 = TLanes.Add(sum0, TLanes.Multiply(TLanes.Load(row), weight));
                sum1 = TLanes.Add(sum1, TLanes.Multiply(TLanes.Load(row + step), weight));
                sum2 = TLanes.Add(sum2, TLanes.Multiply(TLanes.Load(row + (2 * step)), weight));
                sum3 = TLanes.Add(sum3, TLanes.Multiply(TLanes.Load(row + (3 * step)), weight));
            }

            TLanes.Store(sum0, destination + x);
            TLanes.Store(sum1, destination + x + step);
            TLanes.Store(sum2, destination + x + (2 * step));
            TLanes.Store(sum3, destination + x + (3 * step));
        }

        for (; x <= length - step; x += step)
        {
            TVector sum = TLanes.Broadcast(T.Zero);
            for (int k = 0; k < taps; k++)
                sum = TLanes.Add(sum, TLanes.Multiply(TLanes.Load(rows[k] + x), TLanes.Broadcast(weights[k])));
            TLanes.Store(sum, destination + x);
        }

        return x;
    }
}
