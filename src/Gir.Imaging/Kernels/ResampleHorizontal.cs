using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Gir.Imaging.Kernels;

/// <summary>One output row from one input row, every output from a window of its own.</summary>
/// <remarks>
/// Lanes are neighboring outputs; every output adds its taps from first to last, unfused, whatever the width of the vectors.
/// Where the windows of 16 outputs lie within 32 inputs (enlarging, mild shrinking), the inputs stay in two registers and are
/// permuted; otherwise they are gathered. The destination must not overlap the source.
/// </remarks>
internal static unsafe class ResampleHorizontal
{
    /// <param name="source">The input row.</param>
    /// <param name="starts">First input of every output's window, never decreasing; the windows lie inside the row.</param>
    /// <param name="weights">Tap after tap, one weight per output: taps * outputs.</param>
    /// <param name="destination">The output row, as long as <paramref name="starts"/>.</param>
    public static void Apply(ReadOnlySpan<float> source, ReadOnlySpan<int> starts, ReadOnlySpan<float> weights, Span<float> destination)
    {
        int outputs = starts.Length;
        int taps = weights.Length / outputs;
        int o = 0;
        // Checked here, once: the loops below use pointers. Starts never decrease, so the ends bound them all.
        if (destination.Length != outputs || starts[0] < 0 || starts[^1] + taps > source.Length)
            throw new ArgumentException("Windows lie outside the row, or the lengths differ.", nameof(starts));
        fixed (float* s = source, w = weights, d = destination)
        fixed (int* first = starts)
        {
            if (Avx512F.IsSupported)
            {
                for (; o <= outputs - 16; o += 16)
                {
                    int origin = Math.Min(first[o], source.Length - 32);
                    Vector512<float> sum = origin >= 0 && first[o + 15] + taps - origin <= 32
                        ? Permuted(s + origin, origin, first + o, w + o, taps, outputs)
                        : Vector512.Create(
                            Gathered(s, first + o, w + o, taps, outputs),
                            Gathered(s, first + o + 8, w + o + 8, taps, outputs));
                    sum.Store(d + o);
                }
            }

            if (Avx2.IsSupported)
            {
                for (; o <= outputs - 8; o += 8)
                    Gathered(s, first + o, w + o, taps, outputs).Store(d + o);
            }
        }

        ApplyScalar(source, starts, weights, destination, o);
    }

    internal static void ApplyScalar(
        ReadOnlySpan<float> source, ReadOnlySpan<int> starts, ReadOnlySpan<float> weights, Span<float> destination, int from = 0)
    {
        int outputs = starts.Length;
        int taps = weights.Length / outputs;
        for (int o = from; o < outputs; o++)
        {
            ReadOnlySpan<float> window = source.Slice(starts[o], taps);
            float sum = window[0] * weights[o];
            for (int t = 1; t < taps; t++)
                sum += window[t] * weights[(t * outputs) + o];
            destination[o] = sum;
        }
    }

    private static Vector512<float> Permuted(float* inputs, int origin, int* first, float* weights, int taps, int outputs)
    {
        Vector512<float> low = Vector512.Load(inputs);
        Vector512<float> high = Vector512.Load(inputs + 16);
        Vector512<int> index = Vector512.Load(first) - Vector512.Create(origin);
        Vector512<float> sum = Avx512F.PermuteVar16x32x2(low, index, high) * Vector512.Load(weights);
        for (int t = 1; t < taps; t++)
        {
            index += Vector512<int>.One;
            weights += outputs;
            sum += Avx512F.PermuteVar16x32x2(low, index, high) * Vector512.Load(weights);
        }

        return sum;
    }

    private static Vector256<float> Gathered(float* source, int* first, float* weights, int taps, int outputs)
    {
        Vector256<int> index = Vector256.Load(first);
        Vector256<float> sum = Avx2.GatherVector256(source, index, sizeof(float)) * Vector256.Load(weights);
        for (int t = 1; t < taps; t++)
        {
            index += Vector256<int>.One;
            weights += outputs;
            sum += Avx2.GatherVector256(source, index, sizeof(float)) * Vector256.Load(weights);
        }

        return sum;
    }
}
