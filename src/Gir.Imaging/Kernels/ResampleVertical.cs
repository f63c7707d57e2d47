using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Gir.Imaging.Kernels;

/// <summary>One output row as a weighted sum of equally spaced input rows.</summary>
/// <remarks>
/// Lanes are neighbouring columns; every column adds its taps from first to last, unfused, whatever the width of the vectors.
/// The destination must not overlap the source.
/// </remarks>
internal static class ResampleVertical
{
    /// <param name="source">The first row at its start; row t starts at t * stride.</param>
    /// <param name="stride">Distance of rows in the source.</param>
    /// <param name="weights">One weight per row, at least one.</param>
    /// <param name="destination">The output row; its length is the number of columns.</param>
    public static void Combine(ReadOnlySpan<float> source, int stride, ReadOnlySpan<float> weights, Span<float> destination)
    {
        // Checked here, once: the loops below use references.
        _ = source.Slice((weights.Length - 1) * stride, destination.Length);
        ref float s = ref MemoryMarshal.GetReference(source);
        ref float w = ref MemoryMarshal.GetReference(weights);
        ref float d = ref MemoryMarshal.GetReference(destination);
        int taps = weights.Length;
        int length = destination.Length;
        int x = 0;
        if (Vector512.IsHardwareAccelerated)
        {
            for (; x <= length - 64; x += 64)
            {
                ref float column = ref Unsafe.Add(ref s, x);
                Vector512<float> weight = Vector512.Create(w);
                Vector512<float> a = Vector512.LoadUnsafe(ref column) * weight;
                Vector512<float> b = Vector512.LoadUnsafe(ref column, 16) * weight;
                Vector512<float> c = Vector512.LoadUnsafe(ref column, 32) * weight;
                Vector512<float> e = Vector512.LoadUnsafe(ref column, 48) * weight;
                for (int t = 1; t < taps; t++)
                {
                    column = ref Unsafe.Add(ref column, stride);
                    weight = Vector512.Create(Unsafe.Add(ref w, t));
                    a += Vector512.LoadUnsafe(ref column) * weight;
                    b += Vector512.LoadUnsafe(ref column, 16) * weight;
                    c += Vector512.LoadUnsafe(ref column, 32) * weight;
                    e += Vector512.LoadUnsafe(ref column, 48) * weight;
                }

                a.StoreUnsafe(ref d, (nuint)x);
                b.StoreUnsafe(ref d, (nuint)x + 16);
                c.StoreUnsafe(ref d, (nuint)x + 32);
                e.StoreUnsafe(ref d, (nuint)x + 48);
            }

            for (; x <= length - 16; x += 16)
            {
                ref float column = ref Unsafe.Add(ref s, x);
                Vector512<float> a = Vector512.LoadUnsafe(ref column) * w;
                for (int t = 1; t < taps; t++)
                {
                    column = ref Unsafe.Add(ref column, stride);
                    a += Vector512.LoadUnsafe(ref column) * Unsafe.Add(ref w, t);
                }

                a.StoreUnsafe(ref d, (nuint)x);
            }
        }

        if (Vector256.IsHardwareAccelerated)
        {
            for (; x <= length - 32; x += 32)
            {
                ref float column = ref Unsafe.Add(ref s, x);
                Vector256<float> weight = Vector256.Create(w);
                Vector256<float> a = Vector256.LoadUnsafe(ref column) * weight;
                Vector256<float> b = Vector256.LoadUnsafe(ref column, 8) * weight;
                Vector256<float> c = Vector256.LoadUnsafe(ref column, 16) * weight;
                Vector256<float> e = Vector256.LoadUnsafe(ref column, 24) * weight;
                for (int t = 1; t < taps; t++)
                {
                    column = ref Unsafe.Add(ref column, stride);
                    weight = Vector256.Create(Unsafe.Add(ref w, t));
                    a += Vector256.LoadUnsafe(ref column) * weight;
                    b += Vector256.LoadUnsafe(ref column, 8) * weight;
                    c += Vector256.LoadUnsafe(ref column, 16) * weight;
                    e += Vector256.LoadUnsafe(ref column, 24) * weight;
                }

                a.StoreUnsafe(ref d, (nuint)x);
                b.StoreUnsafe(ref d, (nuint)x + 8);
                c.StoreUnsafe(ref d, (nuint)x + 16);
                e.StoreUnsafe(ref d, (nuint)x + 24);
            }

            for (; x <= length - 8; x += 8)
            {
                ref float column = ref Unsafe.Add(ref s, x);
                Vector256<float> a = Vector256.LoadUnsafe(ref column) * w;
                for (int t = 1; t < taps; t++)
                {
                    column = ref Unsafe.Add(ref column, stride);
                    a += Vector256.LoadUnsafe(ref column) * Unsafe.Add(ref w, t);
                }

                a.StoreUnsafe(ref d, (nuint)x);
            }
        }

        CombineScalar(source, stride, weights, destination, x);
    }

    internal static void CombineScalar(
        ReadOnlySpan<float> source, int stride, ReadOnlySpan<float> weights, Span<float> destination, int start = 0)
    {
        for (int x = start; x < destination.Length; x++)
        {
            float sum = source[x] * weights[0];
            for (int t = 1; t < weights.Length; t++)
                sum += source[(t * stride) + x] * weights[t];
            destination[x] = sum;
        }
    }
}
