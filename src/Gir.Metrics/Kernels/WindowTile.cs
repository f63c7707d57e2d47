using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Gir.Imaging.Kernels;

namespace Gir.Metrics.Kernels;

/// <summary>Filters several maps with a symmetric odd window, on a tile <see cref="Width"/> columns wide that stays in the cache.</summary>
/// <remarks>
/// A scratch row holds the maps side by side, <see cref="InputWidth"/> doubles each; a filtered row holds them
/// <see cref="Width"/> doubles each. Lanes are columns; all vector widths do the same operations per column: outermost pair
/// of taps first, the center last. Buffers must not overlap.
/// </remarks>
internal static unsafe class WindowTile
{
    /// <summary>Columns of output in a tile.</summary>
    public const int Width = 64;

    /// <summary>Largest window.</summary>
    public const int MaxTaps = 17;

    /// <summary>Columns of input: Width + MaxTaps - 1.</summary>
    public const int InputWidth = Width + MaxTaps - 1;

    /// <summary>Filters every map along the row.</summary>
    public static void FilterRow(double* scratch, int maps, double* weights, int taps, double* row)
    {
        if (Vector512.IsHardwareAccelerated)
            FilterRow<Lanes512<double>>(scratch, maps, weights, taps, row);
        else if (Vector256.IsHardwareAccelerated)
            FilterRow<Lanes256<double>>(scratch, maps, weights, taps, row);
        else
            FilterRow<Lanes1<double>>(scratch, maps, weights, taps, row);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    internal static void FilterRow<T>(double* scratch, int maps, double* weights, int taps, double* row)
        where T : struct, ILanes<T, double>
    {
        int half = taps / 2;
        for (int map = 0; map < maps; map++)
        {
            double* source = scratch + (map * InputWidth);
            double* target = row + (map * Width);
            for (int i = 0; i < Width; i += T.Count)
            {
                double* first = source + i;
                double* last = first + taps - 1;
                T sum = T.Of(weights[0]) * (T.Load(first) + T.Load(last));
                for (int tap = 1; tap < half; tap++)
                    sum += T.Of(weights[tap]) * (T.Load(first + tap) + T.Load(last - tap));
                T.Store(sum + (T.Of(weights[half]) * T.Load(first + half)), target + i);
            }
        }
    }

    /// <summary>One vector of a map filtered along y; <paramref name="offset"/> is map x Width + column.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static T Column<T>(double** rows, double* weights, int taps, int offset)
        where T : struct, ILanes<T, double>
    {
        int half = taps / 2;
        T sum = T.Of(weights[0]) * (T.Load(rows[0] + offset) + T.Load(rows[taps - 1] + offset));
        for (int tap = 1; tap < half; tap++)
            sum += T.Of(weights[tap]) * (T.Load(rows[tap] + offset) + T.Load(rows[taps - 1 - tap] + offset));
        return sum + (T.Of(weights[half]) * T.Load(rows[half] + offset));
    }
}
