using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Gir.Imaging.Kernels;

/// <summary>Full-range YCbCr in floating point, 255 to the unit and unrounded, Y level-shifted by 128: one row to it and back.</summary>
/// <remarks>8 pixels per step. Aliasing: outputs must not overlap inputs or one another. The last step overlaps the one before.</remarks>
internal static class JpegFloatColor
{
    /// <summary>RGB in [0, 1] to Y - 128, Cb - 128, Cr - 128.</summary>
    public static void Forward(
        ReadOnlySpan<float> red, ReadOnlySpan<float> green, ReadOnlySpan<float> blue, Span<float> luma, Span<float> blueness, Span<float> redness)
    {
        int count = red.Length;
        if (!Vector256.IsHardwareAccelerated || count < 8)
        {
            ForwardScalar(red, green, blue, luma, blueness, redness);
            return;
        }

        ref float r = ref MemoryMarshal.GetReference(red);
        ref float g = ref MemoryMarshal.GetReference(green[..count]);
        ref float b = ref MemoryMarshal.GetReference(blue[..count]);
        ref float y = ref MemoryMarshal.GetReference(luma[..count]);
        ref float cb = ref MemoryMarshal.GetReference(blueness[..count]);
        ref float cr = ref MemoryMarshal.GetReference(redness[..count]);
        for (int i = 0; ; i = Math.Min(i + 8, count - 8))
        {
            Vector256<float> vr = Vector256.LoadUnsafe(ref r, (nuint)i) * 255f;
            Vector256<float> vg = Vector256.LoadUnsafe(ref g, (nuint)i) * 255f;
            Vector256<float> vb = Vector256.LoadUnsafe(ref b, (nuint)i) * 255f;
            ((vr * 0.299f) + (vg * 0.587f) + (vb * 0.114f) - Vector256.Create(128f)).StoreUnsafe(ref y, (nuint)i);
            ((vr * -0.168736f) + (vg * -0.331264f) + (vb * 0.5f)).StoreUnsafe(ref cb, (nuint)i);
            ((vr * 0.5f) + (vg * -0.418688f) + (vb * -0.081312f)).StoreUnsafe(ref cr, (nuint)i);
            if (i == count - 8)
                return;
        }
    }

    /// <summary>Y - 128, Cb - 128, Cr - 128 to RGB, clamped to [0, 1]; NaN becomes 0.</summary>
    public static void Inverse(
        ReadOnlySpan<float> luma, ReadOnlySpan<float> blueness, ReadOnlySpan<float> redness, Span<float> red, Span<float> green, Span<float> blue)
    {
        int count = red.Length;
        if (!Vector256.IsHardwareAccelerated || count < 8)
        {
            InverseScalar(luma, blueness, redness, red, green, blue);
            return;
        }

        ref float y = ref MemoryMarshal.GetReference(luma[..count]);
        ref float cb = ref MemoryMarshal.GetReference(blueness[..count]);
        ref float cr = ref MemoryMarshal.GetReference(redness[..count]);
        ref float r = ref MemoryMarshal.GetReference(red);
        ref float g = ref MemoryMarshal.GetReference(green[..count]);
        ref float b = ref MemoryMarshal.GetReference(blue[..count]);
        for (int i = 0; ; i = Math.Min(i + 8, count - 8))
        {
            Vector256<float> vy = Vector256.LoadUnsafe(ref y, (nuint)i) + Vector256.Create(128f);
            Vector256<float> vb = Vector256.LoadUnsafe(ref cb, (nuint)i);
            Vector256<float> vr = Vector256.LoadUnsafe(ref cr, (nuint)i);
            ToSample(vy + (vr * 1.402f)).StoreUnsafe(ref r, (nuint)i);
            ToSample(vy + (vb * -0.344136f) + (vr * -0.714136f)).StoreUnsafe(ref g, (nuint)i);
            ToSample(vy + (vb * 1.772f)).StoreUnsafe(ref b, (nuint)i);
            if (i == count - 8)
                return;
        }
    }

    /// <summary>The scalar twin of <see cref="Forward"/>.</summary>
    internal static void ForwardScalar(
        ReadOnlySpan<float> red, ReadOnlySpan<float> green, ReadOnlySpan<float> blue, Span<float> luma, Span<float> blueness, Span<float> redness)
    {
        for (int i = 0; i < red.Length; i++)
        {
            (float r, float g, float b) = (red[i] * 255f, green[i] * 255f, blue[i] * 255f);
            luma[i] = (r * 0.299f) + (g * 0.587f) + (b * 0.114f) - 128f;
            blueness[i] = (r * -0.168736f) + (g * -0.331264f) + (b * 0.5f);
            redness[i] = (r * 0.5f) + (g * -0.418688f) + (b * -0.081312f);
        }
    }

    /// <summary>The scalar twin of <see cref="Inverse"/>.</summary>
    internal static void InverseScalar(
        ReadOnlySpan<float> luma, ReadOnlySpan<float> blueness, ReadOnlySpan<float> redness, Span<float> red, Span<float> green, Span<float> blue)
    {
        for (int i = 0; i < red.Length; i++)
        {
            float y = luma[i] + 128f;
            red[i] = ToSample(y + (redness[i] * 1.402f));
            green[i] = ToSample(y + (blueness[i] * -0.344136f) + (redness[i] * -0.714136f));
            blue[i] = ToSample(y + (blueness[i] * 1.772f));
        }
    }

    /// <summary>A value of 0..255, clamped, to [0, 1].</summary>
    internal static float ToSample(float value)
    {
        value = value > 0f ? value : 0f;
        return (value < 255f ? value : 255f) / 255f;
    }

    private static Vector256<float> ToSample(Vector256<float> value)
    {
        Vector256<float> top = Vector256.Create(255f);
        value = Vector256.ConditionalSelect(Vector256.GreaterThan(value, Vector256<float>.Zero), value, Vector256<float>.Zero);
        return Vector256.ConditionalSelect(Vector256.LessThan(value, top), value, top) / top;
    }
}
