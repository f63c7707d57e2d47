using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Gir.Imaging.Kernels;

/// <summary>One output row as a weighted sum of equally spaced input rows.</summary>
/// <remarks>
/// Lanes are neighboring columns; every column adds its taps from first to last, unfused, whatever the width of the vectors.
/// The destination must not overlap the source.
/// </remarks>
internal static unsafe class ResampleVertical
{
    /// <param name="source">The first row at its start; row t starts at t * stride.</param>
    /// <param name="stride">Distance of rows in the source.</param>
    /// <param name="weights">One weight per row, at least one.</param>
    /// <param name="destination">The output row; its length is the number of columns.</param>
    public static void Combine(ReadOnlySpan<float> source, int stride, ReadOnlySpan<float> weights, Span<float> destination)
    {
        // Checked here, once: the loops below use pointers.
        _ = source.Slice((weights.Length - 1) * stride, destination.Length);
        fixed (float* s = source, w = weights, d = destination)
        {
            int x = 0;
            if (Vector512.IsHardwareAccelerated)
                x = Run<Lanes512<float>>(s, stride, w, weights.Length, d, x, destination.Length);
            if (Vector256.IsHardwareAccelerated)
                x = Run<Lanes256<float>>(s, stride, w, weights.Length, d, x, destination.Length);
            Run<Lanes1<float>>(s, stride, w, weights.Length, d, x, destination.Length);
        }
    }

    /// <summary>The scalar twin.</summary>
    internal static void CombineScalar(ReadOnlySpan<float> source, int stride, ReadOnlySpan<float> weights, Span<float> destination)
    {
        _ = source.Slice((weights.Length - 1) * stride, destination.Length);
        fixed (float* s = source, w = weights, d = destination)
            Run<Lanes1<float>>(s, stride, w, weights.Length, d, 0, destination.Length);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static int Run<TLanes>(float* source, nint stride, float* weights, int taps, float* destination, int x, int length)
        where TLanes : struct, ILanes<TLanes, float>
    {
        int lanes = TLanes.Count;
        for (; x <= length - (4 * lanes); x += 4 * lanes)
        {
            float* column = source + x;
            TLanes weight = TLanes.Of(*weights);
            TLanes a = TLanes.Load(column) * weight;
            TLanes b = TLanes.Load(column + lanes) * weight;
            TLanes c = TLanes.Load(column + (2 * lanes)) * weight;
            TLanes d = TLanes.Load(column + (3 * lanes)) * weight;
            for (int t = 1; t < taps; t++)
            {
                column += stride;
                weight = TLanes.Of(weights[t]);
                a += TLanes.Load(column) * weight;
                b += TLanes.Load(column + lanes) * weight;
                c += TLanes.Load(column + (2 * lanes)) * weight;
                d += TLanes.Load(column + (3 * lanes)) * weight;
            }

            TLanes.Store(a, destination + x);
            TLanes.Store(b, destination + x + lanes);
            TLanes.Store(c, destination + x + (2 * lanes));
            TLanes.Store(d, destination + x + (3 * lanes));
        }

        for (; x <= length - lanes; x += lanes)
        {
            float* column = source + x;
            TLanes sum = TLanes.Load(column) * TLanes.Of(*weights);
            for (int t = 1; t < taps; t++)
            {
                column += stride;
                sum += TLanes.Load(column) * TLanes.Of(weights[t]);
            }

            TLanes.Store(sum, destination + x);
        }

        return x;
    }
}
