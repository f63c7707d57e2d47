using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Gir.Imaging.Kernels;

namespace Gir.Metrics.Kernels;

/// <summary>Mean-subtracted, contrast-normalized coefficients of a tile: (x - mean) / (deviation + c).</summary>
/// <remarks>The filtered maps are x and x^2. Lanes are columns; the same operations in every width. Outputs must not overlap inputs.</remarks>
internal static unsafe class MscnTile
{
    public const int Maps = 2;

    /// <summary>Fills x^2 from x, the first map.</summary>
    public static void Square(double* scratch)
    {
        if (Vector512.IsHardwareAccelerated)
            Square<Lanes512<double>>(scratch);
        else if (Vector256.IsHardwareAccelerated)
            Square<Lanes256<double>>(scratch);
        else
            Square<Lanes1<double>>(scratch);
    }

    /// <summary>Width values each of coefficients and local deviations; coefficients of magnitude below <paramref name="snap"/> become 0.</summary>
    public static void Combine(double** rows, double* weights, int taps, double* x, double snap, double* coefficients, double* deviations)
    {
        if (Vector512.IsHardwareAccelerated)
            Combine<Lanes512<double>>(rows, weights, taps, x, snap, coefficients, deviations);
        else if (Vector256.IsHardwareAccelerated)
            Combine<Lanes256<double>>(rows, weights, taps, x, snap, coefficients, deviations);
        else
            Combine<Lanes1<double>>(rows, weights, taps, x, snap, coefficients, deviations);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    internal static void Square<T>(double* scratch)
        where T : struct, ILanes<T, double>
    {
        for (int i = 0; i < WindowTile.InputWidth; i += T.Count)
        {
            T x = T.Load(scratch + i);
            T.Store(x * x, scratch + WindowTile.InputWidth + i);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    internal static void Combine<T>(double** rows, double* weights, int taps, double* x, double snap, double* coefficients, double* deviations)
        where T : struct, ILanes<T, double>
    {
        T zero = T.Of(0);
        for (int i = 0; i < WindowTile.Width; i += T.Count)
        {
            T mean = WindowTile.Column<T>(rows, weights, taps, i);
            T squares = WindowTile.Column<T>(rows, weights, taps, WindowTile.Width + i);
            T deviation = T.Sqrt(T.Abs(squares - (mean * mean)));
            T coefficient = (T.Load(x + i) - mean) / (deviation + T.Of(1));
            T.Store(T.IfGreater(T.Of(snap), T.Abs(coefficient), zero, coefficient), coefficients + i);
            T.Store(deviation, deviations + i);
        }
    }
}
