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
            while (i <= bits.Length - 16 && !Vector512.GreaterThanAny(Vector512.LoadUnsafe(ref first, (nuint)i) & mask, most))
                i += 16;
        }
        else if (Vector256.IsHardwareAccelerated)
        {
            (Vector256<int> mask, Vector256<int> most) = (Vector256.Create(Magnitude), Vector256.Create(largest));
            while (i <= bits.Length - 8 && !Vector256.GreaterThanAny(Vector256.LoadUnsafe(ref first, (nuint)i) & mask, most))
                i += 8;
        }

        int rest = FirstBeyondScalar(samples[i..], limit);
        return rest < 0 ? -1 : i + rest;
    }

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
