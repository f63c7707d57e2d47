using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Gir.Imaging.Kernels;

namespace Gir.Metrics.Kernels;

/// <summary>The squared difference of two blocks, the second after a gain and an offset: sum of (gain r + offset - x)^2.</summary>
/// <remarks>Lane layout as in <see cref="BandMoments"/>: column c in lane c, downwards; the lanes are added up from left to right in double precision. The planes may alias.</remarks>
internal static unsafe class BlockError
{
    /// <summary>Sums over a block of at most 16 columns.</summary>
    public static double Sum(float* x, float* r, nint stride, int rows, int columns, float gain, float offset) =>
        Vector512.IsHardwareAccelerated ? Sum<Lanes512<float>>(x, r, stride, rows, columns, gain, offset)
        : Vector256.IsHardwareAccelerated ? Sum<Lanes256<float>>(x, r, stride, rows, columns, gain, offset)
        : Sum<Lanes1<float>>(x, r, stride, rows, columns, gain, offset);

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    internal static double Sum<T>(float* x, float* r, nint stride, int rows, int columns, float gain, float offset)
        where T : struct, ILanes<T, float>
    {
        float* lanes = stackalloc float[BandMoments.Width];
        int column = 0;
        for (; column <= columns - T.Count; column += T.Count)
            T.Store(Columns<T>(x + column, r + column, stride, rows, gain, offset), lanes + column);
        for (; column < columns; column++)
            lanes[column] = Columns<Lanes1<float>>(x + column, r + column, stride, rows, gain, offset).Value;
        double sum = 0;
        for (int c = 0; c < columns; c++)
            sum += lanes[c];
        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static T Columns<T>(float* x, float* r, nint stride, int rows, float gain, float offset)
        where T : struct, ILanes<T, float>
    {
        T sum = T.Of(0);
        (T g, T o) = (T.Of(gain), T.Of(offset));
        for (int row = 0; row < rows; row++, x += stride, r += stride)
        {
            T difference = (T.Load(r) * g) + o - T.Load(x);
            sum += difference * difference;
        }

        return sum;
    }
}
