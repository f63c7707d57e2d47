using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Gir.Imaging.Kernels;

/// <summary>One row of 8-bit levels from another, every output from a window of its own, in float64, rounded half up and clipped.</summary>
/// <remarks>
/// Lanes are neighboring outputs; every output adds its taps from first to last, unfused, whatever the width of the vectors. Levels are
/// widened to 32-bit integers by the caller, which gathers can load. The destination must not overlap the source.
/// </remarks>
internal static unsafe class ResampleLevelsHorizontal
{
    /// <param name="source">The input row, levels 0..255.</param>
    /// <param name="starts">First input of every output's window, never decreasing; the windows lie inside the row.</param>
    /// <param name="weights">Tap after tap, one weight per output: taps * outputs.</param>
    /// <param name="destination">The output row, as long as <paramref name="starts"/>.</param>
    public static void Apply(ReadOnlySpan<int> source, ReadOnlySpan<int> starts, ReadOnlySpan<double> weights, Span<byte> destination)
    {
        int outputs = starts.Length;
        int taps = weights.Length / outputs;
        // Checked here, once: the loops below use pointers. Starts never decrease, so the ends bound them all.
        if (destination.Length != outputs || starts[0] < 0 || starts[^1] + taps > source.Length)
            throw new ArgumentException("Windows lie outside the row, or the lengths differ.", nameof(starts));
        int o = 0;
        if (Avx512F.IsSupported)
        {
            fixed (int* s = source, first = starts)
            fixed (double* w = weights)
            fixed (byte* d = destination)
            {
                for (; o <= outputs - 16; o += 16)
                {
                    Vector256<int> low = Rounded(s, first + o, w + o, taps, outputs);
                    Vector256<int> high = Rounded(s, first + o + 8, w + o + 8, taps, outputs);
                    Avx512F.ConvertToVector128Byte(Vector512.Create(low, high)).Store(d + o);
                }
            }
        }

        ApplyScalar(source, starts, weights, destination, o);
    }

    internal static void ApplyScalar(
        ReadOnlySpan<int> source, ReadOnlySpan<int> starts, ReadOnlySpan<double> weights, Span<byte> destination, int from = 0)
    {
        int outputs = starts.Length;
        int taps = weights.Length / outputs;
        for (int o = from; o < outputs; o++)
        {
            ReadOnlySpan<int> window = source.Slice(starts[o], taps);
            double sum = 0;
            for (int t = 0; t < window.Length; t++)
                sum += window[t] * weights[(t * outputs) + o];
            destination[o] = RoundedLevels.Of(sum);
        }
    }

    private static Vector256<int> Rounded(int* source, int* first, double* weights, int taps, int outputs)
    {
        Vector256<int> index = Vector256.Load(first);
        Vector512<double> sum = Vector512<double>.Zero;
        for (int t = 0; t < taps; t++)
        {
            sum += Avx512F.ConvertToVector512Double(Avx2.GatherVector256(source, index, sizeof(int))) * Vector512.Load(weights);
            index += Vector256<int>.One;
            weights += outputs;
        }

        return RoundedLevels.Of(sum);
    }
}
