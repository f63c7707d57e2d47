using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Gir.Imaging.Kernels;

/// <summary>One row of 8-bit levels as a weighted sum of equally spaced rows of levels, in float64, rounded half up and clipped.</summary>
/// <remarks>
/// Lanes are neighboring columns; every column adds its taps from first to last, unfused, whatever the width of the vectors.
/// The destination must not overlap the source.
/// </remarks>
internal static class ResampleLevelsVertical
{
    /// <param name="source">The first row at its start; row t starts at t * stride.</param>
    /// <param name="stride">Distance of rows in the source.</param>
    /// <param name="weights">One weight per row, at least one.</param>
    /// <param name="destination">The output row; its length is the number of columns.</param>
    public static void Combine(ReadOnlySpan<byte> source, int stride, ReadOnlySpan<double> weights, Span<byte> destination)
    {
        // Checked here, once: the loops below use references.
        _ = source.Slice((weights.Length - 1) * stride, destination.Length);
        ref byte s = ref MemoryMarshal.GetReference(source);
        ref byte d = ref MemoryMarshal.GetReference(destination);
        int x = 0;
        if (Avx512F.IsSupported)
        {
            for (; x <= destination.Length - 16; x += 16)
            {
                Vector512<double> low = Vector512<double>.Zero;
                Vector512<double> high = Vector512<double>.Zero;
                for (int t = 0; t < weights.Length; t++)
                {
                    Vector512<int> levels = Avx512F.ConvertToVector512Int32(Vector128.LoadUnsafe(ref s, (nuint)(((long)t * stride) + x)));
                    Vector512<double> weight = Vector512.Create(weights[t]);
                    low += Avx512F.ConvertToVector512Double(levels.GetLower()) * weight;
                    high += Avx512F.ConvertToVector512Double(levels.GetUpper()) * weight;
                }

                Vector512<int> rounded = Vector512.Create(RoundedLevels.Of(low), RoundedLevels.Of(high));
                Avx512F.ConvertToVector128Byte(rounded).StoreUnsafe(ref d, (nuint)x);
            }
        }

        CombineScalar(source, stride, weights, destination, x);
    }

    internal static void CombineScalar(
        ReadOnlySpan<byte> source, int stride, ReadOnlySpan<double> weights, Span<byte> destination, int start = 0)
    {
        for (int x = start; x < destination.Length; x++)
        {
            double sum = 0;
            for (int t = 0; t < weights.Length; t++)
                sum += source[(t * stride) + x] * weights[t];
            destination[x] = RoundedLevels.Of(sum);
        }
    }
}
