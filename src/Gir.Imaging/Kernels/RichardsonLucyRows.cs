using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Gir.Imaging.Kernels;

/// <summary>The pointwise halves of a Richardson-Lucy iteration, one row at a time. Lanes are neighboring columns.</summary>
internal static unsafe class RichardsonLucyRows
{
    /// <summary>ratio = observed / (blurred + epsilon). The ratio may be the same memory as either input, but not overlap it otherwise.</summary>
    public static void Ratio<T>(T* observed, T* blurred, T epsilon, T* ratio, int length)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        int done = 0;
        if (Vector512.IsHardwareAccelerated)
            done = RatioRun<T, Lanes512<T>>(observed, blurred, epsilon, ratio, done, length);
        else if (Vector256.IsHardwareAccelerated)
            done = RatioRun<T, Lanes256<T>>(observed, blurred, epsilon, ratio, done, length);
        RatioRun<T, Lanes1<T>>(observed, blurred, epsilon, ratio, done, length);
    }

    /// <summary>The scalar twin of <see cref="Ratio"/>.</summary>
    public static void RatioScalar<T>(T* observed, T* blurred, T epsilon, T* ratio, int length)
        where T : unmanaged, IFloatingPointIeee754<T> =>
        RatioRun<T, Lanes1<T>>(observed, blurred, epsilon, ratio, 0, length);

    /// <summary>estimate = estimate * correction. The two must not overlap.</summary>
    public static void Multiply<T>(T* estimate, T* correction, int length)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        int done = 0;
        if (Vector512.IsHardwareAccelerated)
            done = MultiplyRun<T, Lanes512<T>>(estimate, correction, done, length);
        else if (Vector256.IsHardwareAccelerated)
            done = MultiplyRun<T, Lanes256<T>>(estimate, correction, done, length);
        MultiplyRun<T, Lanes1<T>>(estimate, correction, done, length);
    }

    /// <summary>The scalar twin of <see cref="Multiply"/>.</summary>
    public static void MultiplyScalar<T>(T* estimate, T* correction, int length)
        where T : unmanaged, IFloatingPointIeee754<T> =>
        MultiplyRun<T, Lanes1<T>>(estimate, correction, 0, length);

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static int RatioRun<T, TLanes>(T* observed, T* blurred, T epsilon, T* ratio, int start, int length)
        where T : unmanaged, IFloatingPointIeee754<T>
        where TLanes : struct, ILanes<TLanes, T>
    {
        int x = start;
        TLanes offset = TLanes.Of(epsilon);
        for (; x <= length - TLanes.Count; x += TLanes.Count)
            TLanes.Store(TLanes.Load(observed + x) / (TLanes.Load(blurred + x) + offset), ratio + x);
        return x;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static int MultiplyRun<T, TLanes>(T* estimate, T* correction, int start, int length)
        where T : unmanaged, IFloatingPointIeee754<T>
        where TLanes : struct, ILanes<TLanes, T>
    {
        int x = start;
        for (; x <= length - TLanes.Count; x += TLanes.Count)
            TLanes.Store(TLanes.Load(estimate + x) * TLanes.Load(correction + x), estimate + x);
        return x;
    }
}
