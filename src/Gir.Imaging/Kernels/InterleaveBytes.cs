using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Gir.Imaging.Kernels;

/// <summary>Float planes to interleaved 8-bit pixels: clamp(round-half-even(255 v)), NaN to 0.</summary>
/// <remarks>
/// Source and destination must not overlap. Lanes (3 channels): sixteen levels of each channel are spread over three output vectors by byte
/// shuffles (index 255 gives 0) and or-ed together.
/// </remarks>
internal static class InterleaveBytes
{
    // Entry [v][c] puts into output vector v what it holds of channel c.
    private static readonly Vector128<byte>[] Spreads = MakeSpreads();

    /// <summary>Converts pixels.Length / channels pixels; plane c begins at source[c * planeStride].</summary>
    public static void Run(ReadOnlySpan<float> source, int planeStride, int channels, Span<byte> pixels)
    {
        int count = Check(source, planeStride, channels, pixels);
        int done = 0;
        if (Vector128.IsHardwareAccelerated)
        {
            ref float planes = ref MemoryMarshal.GetReference(source);
            ref byte target = ref MemoryMarshal.GetReference(pixels);
            if (channels == 1)
                done = Gray(ref planes, ref target, count);
            else if (channels == 3)
                done = Rgb(ref planes, planeStride, ref target, count);
        }

        Scalar(source, planeStride, channels, pixels, done, count);
    }

    /// <summary>The scalar twin.</summary>
    public static void RunScalar(ReadOnlySpan<float> source, int planeStride, int channels, Span<byte> pixels) =>
        Scalar(source, planeStride, channels, pixels, 0, Check(source, planeStride, channels, pixels));

    private static int Check(ReadOnlySpan<float> source, int planeStride, int channels, Span<byte> pixels)
    {
        int count = pixels.Length / channels;
        if (count > 0 && ((long)planeStride * (channels - 1)) + count > source.Length)
            throw new ArgumentException("The source is too short for the pixels.", nameof(source));
        return count;
    }

    private static void Scalar(ReadOnlySpan<float> source, int planeStride, int channels, Span<byte> pixels, int start, int count)
    {
        for (int c = 0; c < channels; c++)
        {
            ReadOnlySpan<float> plane = source[(c * planeStride)..];
            for (int i = start, p = (start * channels) + c; i < count; i++, p += channels)
                pixels[p] = (byte)UnitLevels.ToLevel(plane[i], 255f);
        }
    }

    private static int Gray(ref float planes, ref byte target, int count)
    {
        int i = 0;
        for (; i <= count - UnitLevels.Width; i += UnitLevels.Width)
            UnitLevels.LoadLevels(ref Unsafe.Add(ref planes, i)).StoreUnsafe(ref target, (nuint)i);
        return i;
    }

    private static int Rgb(ref float planes, int planeStride, ref byte target, int count)
    {
        Vector128<byte>[] s = Spreads;
        (Vector128<byte> r0, Vector128<byte> g0, Vector128<byte> b0) = (s[0], s[1], s[2]);
        (Vector128<byte> r1, Vector128<byte> g1, Vector128<byte> b1) = (s[3], s[4], s[5]);
        (Vector128<byte> r2, Vector128<byte> g2, Vector128<byte> b2) = (s[6], s[7], s[8]);
        int i = 0;
        for (; i <= count - UnitLevels.Width; i += UnitLevels.Width)
        {
            ref float at = ref Unsafe.Add(ref planes, i);
            Vector128<byte> r = UnitLevels.LoadLevels(ref at);
            Vector128<byte> g = UnitLevels.LoadLevels(ref Unsafe.Add(ref at, (nint)planeStride));
            Vector128<byte> b = UnitLevels.LoadLevels(ref Unsafe.Add(ref at, 2 * (nint)planeStride));
            nuint to = (nuint)i * 3;
            (UnitLevels.Pick(r, r0) | UnitLevels.Pick(g, g0) | UnitLevels.Pick(b, b0)).StoreUnsafe(ref target, to);
            (UnitLevels.Pick(r, r1) | UnitLevels.Pick(g, g1) | UnitLevels.Pick(b, b1)).StoreUnsafe(ref target, to + 16);
            (UnitLevels.Pick(r, r2) | UnitLevels.Pick(g, g2) | UnitLevels.Pick(b, b2)).StoreUnsafe(ref target, to + 32);
        }

        return i;
    }

    private static Vector128<byte>[] MakeSpreads()
    {
        var spreads = new Vector128<byte>[9];
        Span<byte> spread = stackalloc byte[16];
        for (int v = 0; v < 3; v++)
        {
            for (int c = 0; c < 3; c++)
            {
                for (int i = 0; i < 16; i++)
                {
                    int at = (16 * v) + i;
                    spread[i] = at % 3 == c ? (byte)(at / 3) : (byte)255;
                }

                spreads[(3 * v) + c] = Vector128.Create<byte>(spread);
            }
        }

        return spreads;
    }
}
