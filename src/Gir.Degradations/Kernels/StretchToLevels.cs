using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Gir.Imaging.Kernels;

namespace Gir.Degradations.Kernels;

/// <summary>floor((v - minimum) 255 / range) / 255f for v at or above the minimum: doubles stretched to 8-bit levels, truncated.</summary>
/// <remarks>
/// Lanes are neighboring samples. The last division is made in double and rounded to float once more, which gives the quotient of floats itself:
/// 53 bits are more than twice 24 and two. The spans have one length and do not overlap.
/// </remarks>
internal static unsafe class StretchToLevels
{
    public static void Invoke(ReadOnlySpan<double> source, double minimum, double range, Span<float> destination)
    {
        int length = destination.Length;
        fixed (double* x = source[..length])
        fixed (float* y = destination)
        {
            int i = 0;
            if (Vector512.IsHardwareAccelerated)
                i = Run<Lanes512<double>>(x, minimum, range, y, i, length);
            if (Vector256.IsHardwareAccelerated)
                i = Run<Lanes256<double>>(x, minimum, range, y, i, length);
            Run<Lanes1<double>>(x, minimum, range, y, i, length);
        }
    }

    /// <summary>The scalar twin.</summary>
    public static void InvokeScalar(ReadOnlySpan<double> source, double minimum, double range, Span<float> destination)
    {
        for (int i = 0; i < destination.Length; i++)
            destination[i] = (float)Math.Floor((source[i] - minimum) * 255 / range) / 255f;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static int Run<TLanes>(double* x, double minimum, double range, float* y, int i, int length)
        where TLanes : struct, ILanes<TLanes, double>
    {
        TLanes levels = TLanes.Of(byte.MaxValue);
        for (; i <= length - TLanes.Count; i += TLanes.Count)
        {
            TLanes level = TLanes.Floor((TLanes.Load(x + i) - TLanes.Of(minimum)) * levels / TLanes.Of(range));
            LaneBits.StoreSingles(level / levels, y + i);
        }

        return i;
    }
}
