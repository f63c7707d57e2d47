using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Gir.Degradations.Kernels;

/// <summary>sample = clamp(sample + scale * draw, 0, 1).</summary>
/// <remarks>In place; the draws must not overlap the samples and be as many. Lanes are neighbouring samples; products and sums are not fused.</remarks>
internal static class AddScaledKernel
{
    /// <summary>All samples.</summary>
    public static void Run(Span<float> samples, ReadOnlySpan<float> draws, float scale)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(draws.Length, samples.Length);
        int i = 0;
        ref float data = ref MemoryMarshal.GetReference(samples);
        ref float other = ref MemoryMarshal.GetReference(draws);
        if (Vector512.IsHardwareAccelerated)
        {
            for (; i <= samples.Length - 16; i += 16)
            {
                Vector512<float> sample = Vector512.LoadUnsafe(ref data, (nuint)i);
                Vector512<float> draw = Vector512.LoadUnsafe(ref other, (nuint)i);
                UnitClamp.Of(sample + (draw * Vector512.Create(scale))).StoreUnsafe(ref data, (nuint)i);
            }
        }
        else if (Vector256.IsHardwareAccelerated)
        {
            for (; i <= samples.Length - 8; i += 8)
            {
                Vector256<float> sample = Vector256.LoadUnsafe(ref data, (nuint)i);
                Vector256<float> draw = Vector256.LoadUnsafe(ref other, (nuint)i);
                UnitClamp.Of(sample + (draw * Vector256.Create(scale))).StoreUnsafe(ref data, (nuint)i);
            }
        }

        RunScalar(samples[i..], draws[i..], scale);
    }

    /// <summary>The scalar twin.</summary>
    public static void RunScalar(Span<float> samples, ReadOnlySpan<float> draws, float scale)
    {
        for (int i = 0; i < samples.Length; i++)
            samples[i] = UnitClamp.Of(samples[i] + (draws[i] * scale));
    }
}
