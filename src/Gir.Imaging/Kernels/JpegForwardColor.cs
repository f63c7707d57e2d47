using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Gir.Imaging.Kernels;

/// <summary>One row of RGB samples in [0, 1] to level-shifted 8-bit Y, Cb and Cr (each -128..127).</summary>
/// <remarks>
/// 16 pixels per step, one to a double word, as two halves where vectors have 8. Aliasing: outputs must not overlap inputs or one another. The last step overlaps the one before.
/// </remarks>
internal static class JpegForwardColor
{
    private const int Half = 1 << 15;
    private const int Shift = 128 << 16;

    /// <summary>Converts the pixels that <paramref name="red"/> holds; all spans are at least as long.</summary>
    public static void Convert(
        ReadOnlySpan<float> red, ReadOnlySpan<float> green, ReadOnlySpan<float> blue, Span<short> luma, Span<short> blueness, Span<short> redness)
    {
        int count = red.Length;
        if (!Vector256.IsHardwareAccelerated || count < 16)
        {
            Scalar(red, green, blue, luma, blueness, redness);
            return;
        }

        ref float r = ref MemoryMarshal.GetReference(red);
        ref float g = ref MemoryMarshal.GetReference(green[..count]);
        ref float b = ref MemoryMarshal.GetReference(blue[..count]);
        ref short y = ref MemoryMarshal.GetReference(luma[..count]);
        ref short cb = ref MemoryMarshal.GetReference(blueness[..count]);
        ref short cr = ref MemoryMarshal.GetReference(redness[..count]);
        for (int i = 0; ; i = Math.Min(i + 16, count - 16))
        {
            if (Avx512BW.IsSupported && Vector512.IsHardwareAccelerated)
            {
                Step(ref r, ref g, ref b, ref y, ref cb, ref cr, (nuint)i);
                if (i == count - 16)
                    return;
                continue;
            }

            Step(ref r, ref g, ref b, (nuint)i, out Vector256<int> y0, out Vector256<int> cb0, out Vector256<int> cr0);
            Step(ref r, ref g, ref b, (nuint)i + 8, out Vector256<int> y1, out Vector256<int> cb1, out Vector256<int> cr1);
            Vector256.Narrow(y0, y1).StoreUnsafe(ref y, (nuint)i);
            Vector256.Narrow(cb0, cb1).StoreUnsafe(ref cb, (nuint)i);
            Vector256.Narrow(cr0, cr1).StoreUnsafe(ref cr, (nuint)i);
            if (i == count - 16)
                return;
        }
    }

    /// <summary>The scalar twin of <see cref="Convert"/>.</summary>
    internal static void Scalar(
        ReadOnlySpan<float> red, ReadOnlySpan<float> green, ReadOnlySpan<float> blue, Span<short> luma, Span<short> blueness, Span<short> redness)
    {
        for (int i = 0; i < red.Length; i++)
        {
            int r = JpegQuantizeRow.Level(red[i]), g = JpegQuantizeRow.Level(green[i]), b = JpegQuantizeRow.Level(blue[i]);
            luma[i] = (short)(((19595 * r) + (38470 * g) + (7471 * b) + Half - Shift) >> 16);
            blueness[i] = (short)((((b << 15) - (11059 * r) - (21709 * g)) + Half - 1) >> 16);
            redness[i] = (short)((((r << 15) - (27439 * g) - (5329 * b)) + Half - 1) >> 16);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Step(
        ref float red, ref float green, ref float blue, nuint i, out Vector256<int> luma, out Vector256<int> blueness, out Vector256<int> redness)
    {
        Vector256<int> r = JpegQuantizeRow.Level(Vector256.LoadUnsafe(ref red, i));
        Vector256<int> g = JpegQuantizeRow.Level(Vector256.LoadUnsafe(ref green, i));
        Vector256<int> b = JpegQuantizeRow.Level(Vector256.LoadUnsafe(ref blue, i));
        Vector256<int> bias = Vector256.Create(Half - 1);
        if (Avx2.IsSupported)
        {
            // Levels fit sixteen bits: two products and their sum are one instruction. Green's weight for luma does not, and is split.
            Vector256<short> redGreen = (r | (g << 16)).AsInt16();
            Vector256<short> blueGreen = (b | (g << 16)).AsInt16();
            luma = (Avx2.MultiplyAddAdjacent(redGreen, Pair(19595, 38470 - 16384)) + Avx2.MultiplyAddAdjacent(blueGreen, Pair(7471, 16384))
                + Vector256.Create(Half - Shift)) >> 16;
            blueness = ((b << 15) + Avx2.MultiplyAddAdjacent(redGreen, Pair(-11059, -21709)) + bias) >> 16;
            redness = ((r << 15) + Avx2.MultiplyAddAdjacent(blueGreen, Pair(-5329, -27439)) + bias) >> 16;
            return;
        }

        luma = ((r * 19595) + (g * 38470) + (b * 7471) + Vector256.Create(Half - Shift)) >> 16;
        blueness = ((b << 15) - (r * 11059) - (g * 21709) + bias) >> 16;
        redness = ((r << 15) - (g * 27439) - (b * 5329) + bias) >> 16;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Step(
        ref float red, ref float green, ref float blue, ref short luma, ref short blueness, ref short redness, nuint i)
    {
        Vector512<int> r = JpegQuantizeRow.Level(Vector512.LoadUnsafe(ref red, i));
        Vector512<int> g = JpegQuantizeRow.Level(Vector512.LoadUnsafe(ref green, i));
        Vector512<int> b = JpegQuantizeRow.Level(Vector512.LoadUnsafe(ref blue, i));
        Vector512<short> redGreen = (r | (g << 16)).AsInt16();
        Vector512<short> blueGreen = (b | (g << 16)).AsInt16();
        Vector512<int> bias = Vector512.Create(Half - 1);
        Vector512<int> y = Avx512BW.MultiplyAddAdjacent(redGreen, WidePair(19595, 38470 - 16384))
            + Avx512BW.MultiplyAddAdjacent(blueGreen, WidePair(7471, 16384)) + Vector512.Create(Half - Shift);
        Vector512<int> cb = (b << 15) + Avx512BW.MultiplyAddAdjacent(redGreen, WidePair(-11059, -21709)) + bias;
        Vector512<int> cr = (r << 15) + Avx512BW.MultiplyAddAdjacent(blueGreen, WidePair(-5329, -27439)) + bias;
        Avx512F.ConvertToVector256Int16(y >> 16).StoreUnsafe(ref luma, i);
        Avx512F.ConvertToVector256Int16(cb >> 16).StoreUnsafe(ref blueness, i);
        Avx512F.ConvertToVector256Int16(cr >> 16).StoreUnsafe(ref redness, i);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<short> WidePair(int low, int high) => Vector512.Create((low & 0xFFFF) | (high << 16)).AsInt16();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<short> Pair(int low, int high) => Vector256.Create((low & 0xFFFF) | (high << 16)).AsInt16();
}
