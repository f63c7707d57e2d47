using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Gir.Imaging.Kernels;

namespace Gir.Metrics.Kernels;

/// <summary>Squared gradient magnitudes of one row, by central differences; beyond the edges the last sample goes on.</summary>
/// <remarks>Lanes are columns. The target must not overlap the rows; rows may be the same.</remarks>
internal static unsafe class GradientEnergy
{
    /// <summary>One row; <paramref name="above"/> and <paramref name="below"/> are the row itself at the image's edges.</summary>
    public static void Row(ReadOnlySpan<float> above, ReadOnlySpan<float> row, ReadOnlySpan<float> below, Span<float> target)
    {
        fixed (float* a = above, r = row, b = below, t = target)
        {
            if (Vector512.IsHardwareAccelerated)
                Row<Lanes512<float>>(a, r, b, t, target.Length);
            else if (Vector256.IsHardwareAccelerated)
                Row<Lanes256<float>>(a, r, b, t, target.Length);
            else
                Row<Lanes1<float>>(a, r, b, t, target.Length);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    internal static void Row<T>(float* above, float* row, float* below, float* target, int length)
        where T : struct, ILanes<T, float>
    {
        if (length == 0)
            return;
        target[0] = Single(row[0], row[Math.Min(1, length - 1)], above[0], below[0]);
        int i = 1;
        for (; i <= length - 1 - T.Count; i += T.Count)
            T.Store(Energy(T.Load(row + i - 1), T.Load(row + i + 1), T.Load(above + i), T.Load(below + i)), target + i);
        for (; i < length; i++)
            target[i] = Single(row[i - 1], row[Math.Min(i + 1, length - 1)], above[i], below[i]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Energy<T>(T left, T right, T above, T below)
        where T : struct, ILanes<T, float>
    {
        T across = (right - left) * T.Of(0.5f);
        T down = (below - above) * T.Of(0.5f);
        return (across * across) + (down * down);
    }

    private static float Single(float left, float right, float above, float below) =>
        Energy(Lanes1<float>.Of(left), Lanes1<float>.Of(right), Lanes1<float>.Of(above), Lanes1<float>.Of(below)).Value;
}
