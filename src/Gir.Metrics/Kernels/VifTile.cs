using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Gir.Imaging.Kernels;

namespace Gir.Metrics.Kernels;

/// <summary>The per-pixel arithmetic of VIFp on a tile of filtered maps: x, y, x^2, y^2, x y.</summary>
/// <remarks>Lanes are columns; the same operations in every width. Writes one plus signal-to-noise ratio, Width values each; targets must not overlap the rows.</remarks>
internal static unsafe class VifTile
{
    public const int Maps = 5;
    private const double Tiny = 1e-10;
    private const double NoiseVariance = 2;

    /// <summary>Fills x^2, y^2 and x y from x and y, which are in the first two maps.</summary>
    public static void Products(double* scratch)
    {
        if (Vector512.IsHardwareAccelerated)
            Products<Lanes512<double>>(scratch);
        else if (Vector256.IsHardwareAccelerated)
            Products<Lanes256<double>>(scratch);
        else
            Products<Lanes1<double>>(scratch);
    }

    public static void Combine(double** rows, double* weights, int taps, double* distorted, double* reference)
    {
        if (Vector512.IsHardwareAccelerated)
            Combine<Lanes512<double>>(rows, weights, taps, distorted, reference);
        else if (Vector256.IsHardwareAccelerated)
            Combine<Lanes256<double>>(rows, weights, taps, distorted, reference);
        else
            Combine<Lanes1<double>>(rows, weights, taps, distorted, reference);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    internal static void Products<T>(double* scratch)
        where T : struct, ILanes<T, double>
    {
        for (int i = 0; i < WindowTile.InputWidth; i += T.Count)
        {
            T x = T.Load(scratch + i);
            T y = T.Load(scratch + WindowTile.InputWidth + i);
            T.Store(x * x, scratch + (2 * WindowTile.InputWidth) + i);
            T.Store(y * y, scratch + (3 * WindowTile.InputWidth) + i);
            T.Store(x * y, scratch + (4 * WindowTile.InputWidth) + i);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    internal static void Combine<T>(double** rows, double* weights, int taps, double* distorted, double* reference)
        where T : struct, ILanes<T, double>
    {
        T zero = T.Of(0);
        T one = T.Of(1);
        T tiny = T.Of(Tiny);
        T noise = T.Of(NoiseVariance);
        for (int i = 0; i < WindowTile.Width; i += T.Count)
        {
            T meanX = WindowTile.Column<T>(rows, weights, taps, i);
            T meanY = WindowTile.Column<T>(rows, weights, taps, WindowTile.Width + i);
            T varianceX = WindowTile.Column<T>(rows, weights, taps, (2 * WindowTile.Width) + i) - (meanX * meanX);
            T varianceY = WindowTile.Column<T>(rows, weights, taps, (3 * WindowTile.Width) + i) - (meanY * meanY);
            T covariance = WindowTile.Column<T>(rows, weights, taps, (4 * WindowTile.Width) + i) - (meanX * meanY);
            varianceX = T.IfGreater(zero, varianceX, zero, varianceX);
            varianceY = T.IfGreater(zero, varianceY, zero, varianceY);
            T gain = covariance / (varianceX + tiny);
            T residual = varianceY - (gain * covariance);
            gain = T.IfGreater(tiny, varianceX, zero, gain);
            residual = T.IfGreater(tiny, varianceX, varianceY, residual);
            varianceX = T.IfGreater(tiny, varianceX, zero, varianceX);
            gain = T.IfGreater(tiny, varianceY, zero, gain);
            residual = T.IfGreater(tiny, varianceY, zero, residual);
            residual = T.IfGreater(zero, gain, varianceY, residual);
            gain = T.IfGreater(zero, gain, zero, gain);
            residual = T.IfGreater(residual, tiny, residual, tiny);
            T.Store(one + (gain * gain * varianceX / (residual + noise)), distorted + i);
            T.Store(one + (varianceX / noise), reference + i);
        }
    }
}
