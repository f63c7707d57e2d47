using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Gir.Imaging.Kernels;

namespace Gir.Metrics.Kernels;

/// <summary>One row of GMSD: one minus the similarity of the Prewitt gradient magnitudes of two images.</summary>
/// <remarks>
/// The three rows of each image start one column left of the first output and hold two columns more than it. Lanes are
/// columns, with the same operations in every width. The target must not overlap the rows.
/// </remarks>
internal static unsafe class GradientSimilarity
{
    private const double Stabiliser = 170;

    public static void Row(ReadOnlySpan<double> x, ReadOnlySpan<double> y, int stride, Span<double> target)
    {
        fixed (double* px = x, py = y, pt = target)
        {
            if (Vector512.IsHardwareAccelerated)
                Row<Lanes512<double>>(px, py, stride, pt, target.Length);
            else if (Vector256.IsHardwareAccelerated)
                Row<Lanes256<double>>(px, py, stride, pt, target.Length);
            else
                Row<Lanes1<double>>(px, py, stride, pt, target.Length);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    internal static void Row<T>(double* x, double* y, int stride, double* target, int length)
        where T : struct, ILanes<T, double>
    {
        int i = 0;
        for (; i <= length - T.Count; i += T.Count)
            T.Store(Dissimilarity<T>(x + i, y + i, stride), target + i);
        for (; i < length; i++)
            Lanes1<double>.Store(Dissimilarity<Lanes1<double>>(x + i, y + i, stride), target + i);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Dissimilarity<T>(double* x, double* y, int stride)
        where T : struct, ILanes<T, double>
    {
        T squareX = SquaredMagnitude<T>(x, stride);
        T squareY = SquaredMagnitude<T>(y, stride);
        T product = T.Sqrt(squareX * squareY);
        T sum = squareX + squareY;
        // 1 - (2 ab + T) / (a^2 + b^2 + T), written so that equal magnitudes give exactly 0.
        return (sum - (product + product)) / (sum + T.Of(Stabiliser));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T SquaredMagnitude<T>(double* p, int stride)
        where T : struct, ILanes<T, double>
    {
        double* q = p + stride;
        double* r = q + stride;
        T topLeft = T.Load(p);
        T topRight = T.Load(p + 2);
        T bottomLeft = T.Load(r);
        T bottomRight = T.Load(r + 2);
        T horizontal = (topRight - topLeft) + (T.Load(q + 2) - T.Load(q)) + (bottomRight - bottomLeft);
        T vertical = (bottomLeft - topLeft) + (T.Load(r + 1) - T.Load(p + 1)) + (bottomRight - topRight);
        return ((horizontal * horizontal) + (vertical * vertical)) * T.Of(1.0 / 9);
    }
}
