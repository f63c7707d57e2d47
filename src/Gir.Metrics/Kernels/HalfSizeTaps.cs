using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Gir.Imaging.Kernels;

namespace Gir.Metrics.Kernels;

/// <summary>The eight taps [-3, -9, 29, 111, 111, 29, -9, -3] / 256 down columns and, at every second sample, along a row.</summary>
/// <remarks>Down columns, lanes are columns. Along a row the samples are taken one by one. Outer pair first in both; outputs must not overlap inputs.</remarks>
internal static unsafe class HalfSizeTaps
{
    private const double W0 = -3.0 / 256;
    private const double W1 = -9.0 / 256;
    private const double W2 = 29.0 / 256;
    private const double W3 = 111.0 / 256;

    public static void Column(double** rows, double* target, int length)
    {
        if (Vector512.IsHardwareAccelerated)
            Column<Lanes512<double>>(rows, target, length);
        else if (Vector256.IsHardwareAccelerated)
            Column<Lanes256<double>>(rows, target, length);
        else
            Column<Lanes1<double>>(rows, target, length);
    }

    /// <summary>target[i] from source[2 i .. 2 i + 7].</summary>
    public static void Row(double* source, double* target, int length)
    {
        for (int i = 0; i < length; i++)
        {
            double* s = source + (2 * i);
            target[i] = (W0 * (s[0] + s[7])) + (W1 * (s[1] + s[6])) + (W2 * (s[2] + s[5])) + (W3 * (s[3] + s[4]));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    internal static void Column<T>(double** rows, double* target, int length)
        where T : struct, ILanes<T, double>
    {
        int i = 0;
        for (; i <= length - T.Count; i += T.Count)
            T.Store(Sum<T>(rows, i), target + i);
        for (; i < length; i++)
            Lanes1<double>.Store(Sum<Lanes1<double>>(rows, i), target + i);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Sum<T>(double** rows, int i)
        where T : struct, ILanes<T, double> =>
        (T.Of(W0) * (T.Load(rows[0] + i) + T.Load(rows[7] + i))) + (T.Of(W1) * (T.Load(rows[1] + i) + T.Load(rows[6] + i)))
        + (T.Of(W2) * (T.Load(rows[2] + i) + T.Load(rows[5] + i))) + (T.Of(W3) * (T.Load(rows[3] + i) + T.Load(rows[4] + i)));
}
