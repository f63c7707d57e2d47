using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Gir.Imaging.Kernels;

/// <summary>Finds the first sample whose magnitude exceeds a limit; NaN and the infinities exceed every limit.</summary>
/// <remarks>
/// Without its sign bit a float's bits, read as an integer, grow with its magnitude, and infinity and NaN come after every number: one
/// integer comparison of eight or sixteen lanes finds them all.
/// </remarks>
internal static class MagnitudeScan
{
    private const int Magnitude = 0x7FFFFFFF;

    /// <summary>Index of the first sample beyond <paramref name="limit"/>, or -1.</summary>
    /// <param name="samples">The samples.</param>
    /// <param name="limit">A finite number, at least 0; <see cref="float.MaxValue"/> finds what is not finite.</param>
    public static int FirstBeyond(ReadOnlySpan<float> samples, float limit)
    {
        ReadOnlySpan<int> bits = MemoryMarshal.Cast<float, int>(samples);
        ref int first = ref MemoryMarshal.GetReference(bits);
        int largest = BitConverter.SingleToInt32Bits(limit);
        int i = 0;
        if (Vector512.IsHardwareAccelerated)
        {
            (Vector512<int> mask, Vector512<int> most) = (Vector512.Create(Magnitude), Vector512.Create(largest));
            while (i <= bits.Length - 64 && !Vector512.GreaterThanAny(Largest512(ref Unsafe.Add(ref first, i), mask), most))
                i += 64;
            while (i <= bits.Length - 16 && !Vector512.GreaterThanAny(Vector512.LoadUnsafe(ref first, (nuint)i) & mask, most))
                i += 16;
        }
        else if (Vector256.IsHardwareAccelerated)
        {
            (Vector256<int> mask, Vector256<int> most) = (Vector256.Create(Magnitude), Vector256.Create(largest));
            while (i <= bits.Length - 32 && !Vector256.GreaterThanAny(Largest256(ref Unsafe.Add(ref first, i), mask), most))
                i += 32;
            while (i <= bits.Length - 8 && !Vector256.GreaterThanAny(Vector256.LoadUnsafe(ref first, (nuint)i) & mask, most))
                i += 8;
        }

        int rest = FirstBeyondScalar(samples[i..], limit);
        return rest < 0 ? -1 : i + rest;
    }

    // Four registers at a time: one decision for all of them.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<int> Largest512(ref int bits, Vector512<int> mask) => Vector512.Max(
        Vector512.Max(Vector512.LoadUnsafe(ref bits) & mask, Vector512.LoadUnsafe(ref bits, 16) & mask),
        Vector512.Max(Vector512.LoadUnsafe(ref bits, 32) & mask, Vector512.LoadUnsafe(ref bits, 48) & mask));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Largest256(ref int bits, Vector256<int> mask) => Vector256.Max(
        Vector256.Max(Vector256.LoadUnsafe(ref bits) & mask, Vector256.LoadUnsafe(ref bits, 8) & mask),
        Vector256.Max(Vector256.LoadUnsafe(ref bits, 16) & mask, Vector256.LoadUnsafe(ref bits, 24) & mask));

    /// <summary>The scalar twin.</summary>
    public static int FirstBeyondScalar(ReadOnlySpan<float> samples, float limit)
    {
        for (int i = 0; i < samples.Length; i++)
        {
            if (!(MathF.Abs(samples[i]) <= limit))
                return i;
        }

        return -1;
    }
}
