using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Gir.Metrics.Kernels;

/// <summary>Finds the first sample that is NaN or infinite.</summary>
/// <remarks>A float is finite when its exponent bits are not all ones, so the scan compares integers, eight or sixteen at a time.</remarks>
internal static class FiniteScan
{
    private const int Exponent = 0x7F800000;

    /// <summary>Index of the first sample that is not finite, or -1.</summary>
    public static int FirstNonFinite(ReadOnlySpan<float> samples)
    {
        ReadOnlySpan<int> bits = MemoryMarshal.Cast<float, int>(samples);
        int i = 0;
        if (Vector512.IsHardwareAccelerated)
        {
            Vector512<int> exponent = Vector512.Create(Exponent);
            for (; i <= bits.Length - 16; i += 16)
            {
                if (Vector512.EqualsAny(Vector512.Create(bits.Slice(i, 16)) & exponent, exponent))
                    break;
            }
        }
        else if (Vector256.IsHardwareAccelerated)
        {
            Vector256<int> exponent = Vector256.Create(Exponent);
            for (; i <= bits.Length - 8; i += 8)
            {
                if (Vector256.EqualsAny(Vector256.Create(bits.Slice(i, 8)) & exponent, exponent))
                    break;
            }
        }

        int rest = FirstNonFiniteScalar(samples[i..]);
        return rest < 0 ? -1 : i + rest;
    }

    /// <summary>The scalar twin.</summary>
    internal static int FirstNonFiniteScalar(ReadOnlySpan<float> samples)
    {
        for (int i = 0; i < samples.Length; i++)
        {
            if (!float.IsFinite(samples[i]))
                return i;
        }

        return -1;
    }
}
