using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Gir.Imaging.Kernels;

/// <summary>Samples to the nearest of the 256 levels: clamp(round-half-even(255 v)) / 255f; NaN gives 0.</summary>
/// <remarks>In place: source and destination are the same span. Lanes are neighbouring samples.</remarks>
internal static class QuantizeLevels
{
    /// <summary>Quantises every sample.</summary>
    public static void Run(Span<float> samples)
    {
        int i = 0;
        ref float data = ref MemoryMarshal.GetReference(samples);
        if (Vector512.IsHardwareAccelerated)
        {
            for (; i <= samples.Length - 16; i += 16)
            {
                Vector512<uint> levels = UnitLevels.Levels(Vector512.LoadUnsafe(ref data, (nuint)i));
                (Vector512.ConvertToSingle(levels.AsInt32()) / Vector512.Create(255f)).StoreUnsafe(ref data, (nuint)i);
            }
        }
        else if (Vector256.IsHardwareAccelerated)
        {
            for (; i <= samples.Length - 8; i += 8)
            {
                Vector256<uint> levels = UnitLevels.Levels(Vector256.LoadUnsafe(ref data, (nuint)i));
                (Vector256.ConvertToSingle(levels.AsInt32()) / Vector256.Create(255f)).StoreUnsafe(ref data, (nuint)i);
            }
        }

        RunScalar(samples[i..]);
    }

    /// <summary>The scalar twin.</summary>
    public static void RunScalar(Span<float> samples)
    {
        foreach (ref float sample in samples)
            sample = UnitLevels.ToLevel(sample, 255f) / 255f;
    }
}
