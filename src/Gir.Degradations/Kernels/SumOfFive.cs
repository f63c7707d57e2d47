using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Gir.Degradations.Kernels;

/// <summary>clamp((((a + b) + (c + d)) + e) scale, -limit, limit): one pass of a five-tap box.</summary>
/// <remarks>
/// Lane i of a vector holds sample i of its block of 16 or 8. The sources may overlap one another (shifted views of one row), but not the
/// destination; all are at least as long as it.
/// </remarks>
internal static class SumOfFive
{
    public static void Invoke(
        ReadOnlySpan<float> a, ReadOnlySpan<float> b, ReadOnlySpan<float> c, ReadOnlySpan<float> d, ReadOnlySpan<float> e,
        float scale, float limit, Span<float> destination)
    {
        int length = destination.Length;
        ref float pa = ref MemoryMarshal.GetReference(a[..length]);
        ref float pb = ref MemoryMarshal.GetReference(b[..length]);
        ref float pc = ref MemoryMarshal.GetReference(c[..length]);
        ref float pd = ref MemoryMarshal.GetReference(d[..length]);
        ref float pe = ref MemoryMarshal.GetReference(e[..length]);
        ref float y = ref MemoryMarshal.GetReference(destination);
        int i = 0;
        if (Vector512.IsHardwareAccelerated)
        {
            for (; i <= length - 16; i += 16)
            {
                nuint n = (nuint)i;
                Vector512<float> sum = (Vector512.LoadUnsafe(ref pa, n) + Vector512.LoadUnsafe(ref pb, n))
                    + (Vector512.LoadUnsafe(ref pc, n) + Vector512.LoadUnsafe(ref pd, n)) + Vector512.LoadUnsafe(ref pe, n);
                Vector512.Min(Vector512.Max(sum * scale, Vector512.Create(-limit)), Vector512.Create(limit)).StoreUnsafe(ref y, n);
            }
        }

        if (Vector256.IsHardwareAccelerated)
        {
            for (; i <= length - 8; i += 8)
            {
                nuint n = (nuint)i;
                Vector256<float> sum = (Vector256.LoadUnsafe(ref pa, n) + Vector256.LoadUnsafe(ref pb, n))
                    + (Vector256.LoadUnsafe(ref pc, n) + Vector256.LoadUnsafe(ref pd, n)) + Vector256.LoadUnsafe(ref pe, n);
                Vector256.Min(Vector256.Max(sum * scale, Vector256.Create(-limit)), Vector256.Create(limit)).StoreUnsafe(ref y, n);
            }
        }

        InvokeScalar(a[i..length], b[i..length], c[i..length], d[i..length], e[i..length], scale, limit, destination[i..]);
    }

    /// <summary>The scalar twin.</summary>
    public static void InvokeScalar(
        ReadOnlySpan<float> a, ReadOnlySpan<float> b, ReadOnlySpan<float> c, ReadOnlySpan<float> d, ReadOnlySpan<float> e,
        float scale, float limit, Span<float> destination)
    {
        for (int i = 0; i < destination.Length; i++)
            destination[i] = MathF.Min(MathF.Max((((a[i] + b[i]) + (c[i] + d[i])) + e[i]) * scale, -limit), limit);
    }
}
