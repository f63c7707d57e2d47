using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Gir.Imaging.Kernels;

/// <summary>One row of a color matrix: destination = ((x a + y b) + z c) + offset, rounded after every operation.</summary>
/// <remarks>The destination may be any of the three sources, but must not overlap one otherwise. Lanes are neighboring samples.</remarks>
internal static unsafe class WeightedSum
{
    /// <summary>Weights all samples of the destination; the sources are at least as long.</summary>
    public static void Run(
        ReadOnlySpan<float> x, ReadOnlySpan<float> y, ReadOnlySpan<float> z, MatrixRow row, Span<float> destination)
    {
        int count = destination.Length;
        fixed (float* px = x[..count], py = y[..count], pz = z[..count], target = destination)
        {
            int i = 0;
            if (Vector512.IsHardwareAccelerated)
                i = Run<Lanes512<float>>(px, py, pz, row, target, i, count);
            if (Vector256.IsHardwareAccelerated)
                i = Run<Lanes256<float>>(px, py, pz, row, target, i, count);
            Run<Lanes1<float>>(px, py, pz, row, target, i, count);
        }
    }

    /// <summary>The scalar twin.</summary>
    public static void RunScalar(
        ReadOnlySpan<float> x, ReadOnlySpan<float> y, ReadOnlySpan<float> z, MatrixRow row, Span<float> destination)
    {
        int count = destination.Length;
        fixed (float* px = x[..count], py = y[..count], pz = z[..count], target = destination)
            Run<Lanes1<float>>(px, py, pz, row, target, 0, count);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static int Run<TLanes>(float* x, float* y, float* z, MatrixRow row, float* target, int i, int count)
        where TLanes : struct, ILanes<TLanes, float>
    {
        (TLanes a, TLanes b, TLanes c, TLanes offset) = (TLanes.Of(row.A), TLanes.Of(row.B), TLanes.Of(row.C), TLanes.Of(row.Offset));
        for (; i <= count - TLanes.Count; i += TLanes.Count)
            TLanes.Store((TLanes.Load(x + i) * a) + (TLanes.Load(y + i) * b) + (TLanes.Load(z + i) * c) + offset, target + i);
        return i;
    }
}

/// <summary>Weights of three channels and a constant.</summary>
internal readonly record struct MatrixRow(float A, float B, float C, float Offset);
