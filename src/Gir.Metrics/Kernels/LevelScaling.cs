using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Gir.Imaging.Kernels;

namespace Gir.Metrics.Kernels;

/// <summary>round(255 v / maximum), half to even.</summary>
/// <remarks>Elementwise; the target may be longer than the source and must not overlap it.</remarks>
internal static unsafe class LevelScaling
{
    public static void Row(ReadOnlySpan<double> source, Span<double> target, double maximum)
    {
        fixed (double* s = source, t = target)
        {
            if (Vector512.IsHardwareAccelerated)
                Row<Lanes512<double>>(s, t, source.Length, maximum);
            else if (Vector256.IsHardwareAccelerated)
                Row<Lanes256<double>>(s, t, source.Length, maximum);
            else
                Row<Lanes1<double>>(s, t, source.Length, maximum);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    internal static void Row<T>(double* source, double* target, int length, double maximum)
        where T : struct, ILanes<T, double>
    {
        int i = 0;
        for (; i <= length - T.Count; i += T.Count)
            T.Store(T.Round(T.Of(255) * T.Load(source + i) / T.Of(maximum)), target + i);
        for (; i < length; i++)
            Lanes1<double>.Store(Lanes1<double>.Round(Lanes1<double>.Of(255) * Lanes1<double>.Load(source + i) / Lanes1<double>.Of(maximum)), target + i);
    }
}
