using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Gir.Imaging.Kernels;

namespace Gir.Degradations.Kernels;

/// <summary>clamp((((a + b) + (c + d)) + e) scale, -limit, limit): one pass of a five-tap box.</summary>
/// <remarks>
/// Lanes are neighboring samples. The sources may overlap one another (shifted views of one row), but not the destination; all are at least
/// as long as it.
/// </remarks>
internal static unsafe class SumOfFive
{
    public static void Invoke(
        ReadOnlySpan<float> a, ReadOnlySpan<float> b, ReadOnlySpan<float> c, ReadOnlySpan<float> d, ReadOnlySpan<float> e,
        float scale, float limit, Span<float> destination)
    {
        int length = destination.Length;
        fixed (float* pa = a[..length], pb = b[..length], pc = c[..length], pd = d[..length], pe = e[..length], y = destination)
        {
            int i = 0;
            if (Vector512.IsHardwareAccelerated)
                i = Run<Lanes512<float>>(pa, pb, pc, pd, pe, scale, limit, y, i, length);
            if (Vector256.IsHardwareAccelerated)
                i = Run<Lanes256<float>>(pa, pb, pc, pd, pe, scale, limit, y, i, length);
            Run<Lanes1<float>>(pa, pb, pc, pd, pe, scale, limit, y, i, length);
        }
    }

    /// <summary>The scalar twin.</summary>
    public static void InvokeScalar(
        ReadOnlySpan<float> a, ReadOnlySpan<float> b, ReadOnlySpan<float> c, ReadOnlySpan<float> d, ReadOnlySpan<float> e,
        float scale, float limit, Span<float> destination)
    {
        int length = destination.Length;
        fixed (float* pa = a[..length], pb = b[..length], pc = c[..length], pd = d[..length], pe = e[..length], y = destination)
            Run<Lanes1<float>>(pa, pb, pc, pd, pe, scale, limit, y, 0, length);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static int Run<TLanes>(float* a, float* b, float* c, float* d, float* e, float scale, float limit, float* y, int i, int length)
        where TLanes : struct, ILanes<TLanes, float>
    {
        for (; i <= length - TLanes.Count; i += TLanes.Count)
        {
            TLanes sum = (TLanes.Load(a + i) + TLanes.Load(b + i)) + (TLanes.Load(c + i) + TLanes.Load(d + i)) + TLanes.Load(e + i);
            TLanes.Store(TLanes.Min(TLanes.Max(sum * TLanes.Of(scale), TLanes.Of(-limit)), TLanes.Of(limit)), y + i);
        }

        return i;
    }
}
