using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Gir.Imaging.Kernels;

/// <summary>Interleaved 8-bit pixels to float planes: plane c at index i receives level / 255f of channel c of pixel i.</summary>
/// <remarks>
/// Source and destination must not overlap. Lanes (3 channels): 48 bytes are three vectors; the sixteen levels of one channel are picked
/// from each by a byte shuffle (index 255 gives 0) and or-ed together.
/// </remarks>
internal static class DeinterleaveBytes
{
    // Byte i of channel c lies at 3 i + c; entry [c][v] picks what of it lies in vector v of the three.
    private static readonly Vector128<byte>[] Picks = MakePicks();

    /// <summary>Converts pixels.Length / channels pixels; plane c begins at destination[c * planeStride].</summary>
    public static void Run(ReadOnlySpan<byte> pixels, int channels, Span<float> destination, int planeStride)
    {
        int count = Check(pixels, channels, destination, planeStride);
        int done = 0;
        if (Vector128.IsHardwareAccelerated)
        {
            ref byte source = ref MemoryMarshal.GetReference(pixels);
            ref float target = ref MemoryMarshal.GetReference(destination);
            if (channels == 1)
                done = Gray(ref source, ref target, count);
            else if (channels == 3)
                done = Rgb(ref source, ref target, count, planeStride);
        }

        Scalar(pixels, channels, destination, planeStride, done, count);
    }

    /// <summary>The scalar twin.</summary>
    public static void RunScalar(ReadOnlySpan<byte> pixels, int channels, Span<float> destination, int planeStride) =>
        Scalar(pixels, channels, destination, planeStride, 0, Check(pixels, channels, destination, planeStride));

    private static int Check(ReadOnlySpan<byte> pixels, int channels, Span<float> destination, int planeStride)
    {
        int count = pixels.Length / channels;
        if (count > 0 && ((long)planeStride * (channels - 1)) + count > destination.Length)
            throw new ArgumentException("The destination is too short for the pixels.", nameof(destination));
        return count;
    }

    private static void Scalar(ReadOnlySpan<byte> pixels, int channels, Span<float> destination, int planeStride, int start, int count)
    {
        for (int c = 0; c < channels; c++)
        {
            Span<float> plane = destination[(c * planeStride)..];
            for (int i = start, p = (start * channels) + c; i < count; i++, p += channels)
                plane[i] = pixels[p] / 255f;
        }
    }

    private static int Gray(ref byte source, ref float target, int count)
    {
        int i = 0;
        for (; i <= count - UnitLevels.Width; i += UnitLevels.Width)
            UnitLevels.StoreUnit(Vector128.LoadUnsafe(ref source, (nuint)i), ref Unsafe.Add(ref target, i));
        return i;
    }

    private static int Rgb(ref byte source, ref float target, int count, int planeStride)
    {
        Vector128<byte>[] p = Picks;
        (Vector128<byte> r0, Vector128<byte> r1, Vector128<byte> r2) = (p[0], p[1], p[2]);
        (Vector128<byte> g0, Vector128<byte> g1, Vector128<byte> g2) = (p[3], p[4], p[5]);
        (Vector128<byte> b0, Vector128<byte> b1, Vector128<byte> b2) = (p[6], p[7], p[8]);
        int i = 0;
        for (; i <= count - UnitLevels.Width; i += UnitLevels.Width)
        {
            nuint at = (nuint)i * 3;
            Vector128<byte> x = Vector128.LoadUnsafe(ref source, at);
            Vector128<byte> y = Vector128.LoadUnsafe(ref source, at + 16);
            Vector128<byte> z = Vector128.LoadUnsafe(ref source, at + 32);
            ref float red = ref Unsafe.Add(ref target, i);
            UnitLevels.StoreUnit(Merge(x, y, z, r0, r1, r2), ref red);
            UnitLevels.StoreUnit(Merge(x, y, z, g0, g1, g2), ref Unsafe.Add(ref red, (nint)planeStride));
            UnitLevels.StoreUnit(Merge(x, y, z, b0, b1, b2), ref Unsafe.Add(ref red, 2 * (nint)planeStride));
        }

        return i;
    }

    private static Vector128<byte> Merge(
        Vector128<byte> x, Vector128<byte> y, Vector128<byte> z, Vector128<byte> pickX, Vector128<byte> pickY, Vector128<byte> pickZ) =>
        UnitLevels.Pick(x, pickX) | UnitLevels.Pick(y, pickY) | UnitLevels.Pick(z, pickZ);

    private static Vector128<byte>[] MakePicks()
    {
        var picks = new Vector128<byte>[9];
        Span<byte> pick = stackalloc byte[16];
        for (int c = 0; c < 3; c++)
        {
            for (int v = 0; v < 3; v++)
            {
                pick.Fill(255);
                for (int i = 0; i < 16; i++)
                {
                    int at = (3 * i) + c - (16 * v);
                    if (at is >= 0 and < 16)
                        pick[i] = (byte)at;
                }

                picks[(3 * c) + v] = Vector128.Create<byte>(pick);
            }
        }

        return picks;
    }
}
