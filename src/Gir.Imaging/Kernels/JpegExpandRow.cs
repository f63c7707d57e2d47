using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Gir.Imaging.Kernels;

/// <summary>One row of level-shifted 8-bit samples (-128..127) to samples in [0, 1]: (s + 128) / 255f.</summary>
/// <remarks>16 samples per step. Aliasing: the output must not overlap the input. The last step overlaps the one before.</remarks>
internal static class JpegExpandRow
{
    /// <summary>Converts as many samples as <paramref name="target"/> holds; the source is at least as long.</summary>
    public static void Convert(ReadOnlySpan<short> source, Span<float> target)
    {
        int count = target.Length;
        if (!Vector256.IsHardwareAccelerated || count < 16)
        {
            Scalar(source, target);
            return;
        }

        ref short s = ref MemoryMarshal.GetReference(source[..count]);
        ref float t = ref MemoryMarshal.GetReference(target);
        Vector256<short> shift = Vector256.Create((short)128);
        for (int i = 0; ; i = Math.Min(i + 16, count - 16))
        {
            UnitLevels.StoreUnit(Vector256.LoadUnsafe(ref s, (nuint)i) + shift, ref t, (nuint)i);
            if (i == count - 16)
                return;
        }
    }

    /// <summary>The scalar twin of <see cref="Convert"/>.</summary>
    internal static void Scalar(ReadOnlySpan<short> source, Span<float> target)
    {
        for (int i = 0; i < target.Length; i++)
            target[i] = (source[i] + 128) / 255f;
    }
}
