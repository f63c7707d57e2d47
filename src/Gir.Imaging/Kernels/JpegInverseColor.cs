using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Gir.Imaging.Kernels;

/// <summary>One row of level-shifted 8-bit Y, Cb and Cr (each -128..127) to RGB samples, level / 255f.</summary>
/// <remarks>16 pixels per step as two halves of 8 double words. Aliasing: outputs must not overlap inputs or one another. The last step overlaps the one before.</remarks>
internal static class JpegInverseColor
{
    private const int Bias = (1 << 15) + (128 << 16);

    /// <summary>Converts as many pixels as <paramref name="red"/> holds; all spans are at least as long.</summary>
    public static void Convert(
        ReadOnlySpan<short> luma, ReadOnlySpan<short> blueness, ReadOnlySpan<short> redness, Span<float> red, Span<float> green, Span<float> blue)
    {
        int count = red.Length;
        if (!Vector256.IsHardwareAccelerated || count < 16)
        {
            Scalar(luma, blueness, redness, red, green, blue);
            return;
        }

        ref short y = ref MemoryMarshal.GetReference(luma[..count]);
        ref short cb = ref MemoryMarshal.GetReference(blueness[..count]);
        ref short cr = ref MemoryMarshal.GetReference(redness[..count]);
        ref float r = ref MemoryMarshal.GetReference(red);
        ref float g = ref MemoryMarshal.GetReference(green[..count]);
        ref float b = ref MemoryMarshal.GetReference(blue[..count]);
        for (int i = 0; ; i = Math.Min(i + 16, count - 16))
        {
            if (Avx2.IsSupported)
            {
                Words(
                    Vector256.LoadUnsafe(ref y, (nuint)i) + Vector256.Create((short)128),
                    Vector256.LoadUnsafe(ref cb, (nuint)i),
                    Vector256.LoadUnsafe(ref cr, (nuint)i),
                    ref r,
                    ref g,
                    ref b,
                    (nuint)i);
                if (i == count - 16)
                    return;
                continue;
            }

            (Vector256<int> y0, Vector256<int> y1) = Vector256.Widen(Vector256.LoadUnsafe(ref y, (nuint)i));
            (Vector256<int> cb0, Vector256<int> cb1) = Vector256.Widen(Vector256.LoadUnsafe(ref cb, (nuint)i));
            (Vector256<int> cr0, Vector256<int> cr1) = Vector256.Widen(Vector256.LoadUnsafe(ref cr, (nuint)i));
            Step(y0, cb0, cr0, ref r, ref g, ref b, (nuint)i);
            Step(y1, cb1, cr1, ref r, ref g, ref b, (nuint)i + 8);
            if (i == count - 16)
                return;
        }
    }

    /// <summary>The scalar twin of <see cref="Convert"/>.</summary>
    internal static void Scalar(
        ReadOnlySpan<short> luma, ReadOnlySpan<short> blueness, ReadOnlySpan<short> redness, Span<float> red, Span<float> green, Span<float> blue)
    {
        for (int i = 0; i < red.Length; i++)
        {
            int y = luma[i], cb = blueness[i], cr = redness[i];
            red[i] = Math.Clamp(y + (((91881 * cr) + Bias) >> 16), 0, 255) / 255f;
            green[i] = Math.Clamp(y + (((-22554 * cb) - (46802 * cr) + Bias) >> 16), 0, 255) / 255f;
            blue[i] = Math.Clamp(y + (((116130 * cb) + Bias) >> 16), 0, 255) / 255f;
        }
    }

    // In words: with the weights' whole parts split off, (2 c w >> 16) + 1 >> 1 is c w / 65536 rounded as above.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Words(Vector256<short> y, Vector256<short> cb, Vector256<short> cr, ref float red, ref float green, ref float blue, nuint i)
    {
        Vector256<short> one = Vector256<short>.One;
        Vector256<short> redPart = (Avx2.MultiplyHigh(cr + cr, Vector256.Create((short)(91881 - 65536))) + one) >> 1;
        Vector256<short> bluePart = (Avx2.MultiplyHigh(cb + cb, Vector256.Create((short)(116130 - 131072))) + one) >> 1;
        Vector256<short> weights = Vector256.Create(unchecked((ushort)-22554) | ((65536 - 46802) << 16)).AsInt16();
        Vector256<int> half = Vector256.Create(1 << 15);
        Vector256<short> greenPart = Avx2.PackSignedSaturate(
            (Avx2.MultiplyAddAdjacent(Avx2.UnpackLow(cb, cr), weights) + half) >> 16,
            (Avx2.MultiplyAddAdjacent(Avx2.UnpackHigh(cb, cr), weights) + half) >> 16);
        UnitLevels.StoreUnit(Clamp(y + cr + redPart), ref red, i);
        UnitLevels.StoreUnit(Clamp(y - cr + greenPart), ref green, i);
        UnitLevels.StoreUnit(Clamp(y + cb + cb + bluePart), ref blue, i);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<short> Clamp(Vector256<short> level) =>
        Vector256.Min(Vector256.Max(level, Vector256<short>.Zero), Vector256.Create((short)255));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Step(Vector256<int> y, Vector256<int> cb, Vector256<int> cr, ref float red, ref float green, ref float blue, nuint i)
    {
        Vector256<int> bias = Vector256.Create(Bias);
        ToSample(y + (((cr * 91881) + bias) >> 16)).StoreUnsafe(ref red, i);
        ToSample(y + ((bias - (cb * 22554) - (cr * 46802)) >> 16)).StoreUnsafe(ref green, i);
        ToSample(y + (((cb * 116130) + bias) >> 16)).StoreUnsafe(ref blue, i);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> ToSample(Vector256<int> level)
    {
        level = Vector256.Min(Vector256.Max(level, Vector256<int>.Zero), Vector256.Create(255));
        return UnitLevels.Unit(Vector256.ConvertToSingle(level));
    }
}
