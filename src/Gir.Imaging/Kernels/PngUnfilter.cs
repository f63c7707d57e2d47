using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Gir.Imaging.Kernels;

/// <summary>Undoes one row's filter (PNG specification, chapter 9).</summary>
/// <remarks>
/// The three rows have one length and must not overlap. Lanes: the bytes of one pixel, read as four (up to 4 bytes a pixel) or eight
/// at once; lanes past the pixel hold bytes of its right neighbor and are overwritten when that one is done. A pixel needs its left
/// neighbor, so pixels follow one another; only Up is wide.
/// </remarks>
internal static class PngUnfilter
{
    /// <summary>Restores a row.</summary>
    /// <param name="filter">0 None, 1 Sub, 2 Up, 3 Average, 4 Paeth.</param>
    /// <param name="source">Filtered bytes.</param>
    /// <param name="above">The restored row above; zeros for the first.</param>
    /// <param name="destination">Receives the restored bytes.</param>
    /// <param name="pixelBytes">Bytes from a sample to the same one of the next pixel: 1..8.</param>
    public static void Run(int filter, ReadOnlySpan<byte> source, ReadOnlySpan<byte> above, Span<byte> destination, int pixelBytes)
    {
        Check(source, above, destination);
        int done = 0;
        if (Vector128.IsHardwareAccelerated)
        {
            ref byte x = ref MemoryMarshal.GetReference(source);
            ref byte b = ref MemoryMarshal.GetReference(above);
            ref byte d = ref MemoryMarshal.GetReference(destination);
            switch (filter)
            {
                case 1:
                    done = pixelBytes <= 4 ? Sub<uint>(ref x, ref d, source.Length, pixelBytes) : Sub<ulong>(ref x, ref d, source.Length, pixelBytes);
                    break;
                case 2:
                    done = Up(ref x, ref b, ref d, source.Length);
                    break;
                case 3:
                    done = pixelBytes <= 4
                        ? Average<uint>(ref x, ref b, ref d, source.Length, pixelBytes)
                        : Average<ulong>(ref x, ref b, ref d, source.Length, pixelBytes);
                    break;
                case 4:
                    done = pixelBytes <= 4
                        ? Paeth<uint>(ref x, ref b, ref d, source.Length, pixelBytes)
                        : Paeth<ulong>(ref x, ref b, ref d, source.Length, pixelBytes);
                    break;
            }
        }

        Scalar(filter, source, above, destination, pixelBytes, done);
    }

    /// <summary>The scalar twin.</summary>
    public static void RunScalar(int filter, ReadOnlySpan<byte> source, ReadOnlySpan<byte> above, Span<byte> destination, int pixelBytes)
    {
        Check(source, above, destination);
        Scalar(filter, source, above, destination, pixelBytes, 0);
    }

    /// <summary>What a filter expects a byte to be.</summary>
    public static int Predict(int filter, int left, int above, int upperLeft) => filter switch
    {
        0 => 0,
        1 => left,
        2 => above,
        3 => (left + above) >> 1,
        4 => PaethPredictor.OfScalar(left, above, upperLeft),
        _ => throw new ArgumentOutOfRangeException(nameof(filter), filter, "Expected 0..4."),
    };

    private static void Check(ReadOnlySpan<byte> source, ReadOnlySpan<byte> above, Span<byte> destination)
    {
        if (above.Length != source.Length || destination.Length != source.Length)
            throw new ArgumentException("The rows differ in length.", nameof(above));
    }

    private static void Scalar(
        int filter, ReadOnlySpan<byte> source, ReadOnlySpan<byte> above, Span<byte> destination, int pixelBytes, int start)
    {
        for (int i = start; i < source.Length; i++)
        {
            int left = i >= pixelBytes ? destination[i - pixelBytes] : 0;
            int upperLeft = i >= pixelBytes ? above[i - pixelBytes] : 0;
            destination[i] = (byte)(source[i] + Predict(filter, left, above[i], upperLeft));
        }
    }

    private static int Up(ref byte source, ref byte above, ref byte destination, int length)
    {
        int i = 0;
        if (Vector256.IsHardwareAccelerated)
        {
            for (; i <= length - 32; i += 32)
                (Vector256.LoadUnsafe(ref source, (nuint)i) + Vector256.LoadUnsafe(ref above, (nuint)i)).StoreUnsafe(ref destination, (nuint)i);
        }

        for (; i <= length - 16; i += 16)
            (Vector128.LoadUnsafe(ref source, (nuint)i) + Vector128.LoadUnsafe(ref above, (nuint)i)).StoreUnsafe(ref destination, (nuint)i);
        return i;
    }

    private static int Sub<TPixel>(ref byte source, ref byte destination, int length, int pixelBytes)
        where TPixel : unmanaged
    {
        Vector128<byte> left = Vector128<byte>.Zero;
        int i = 0;
        for (; i <= length - Unsafe.SizeOf<TPixel>(); i += pixelBytes)
        {
            left += Load<TPixel>(ref source, i);
            Store<TPixel>(left, ref destination, i);
        }

        return i;
    }

    private static int Average<TPixel>(ref byte source, ref byte above, ref byte destination, int length, int pixelBytes)
        where TPixel : unmanaged
    {
        Vector128<byte> left = Vector128<byte>.Zero;
        int i = 0;
        for (; i <= length - Unsafe.SizeOf<TPixel>(); i += pixelBytes)
        {
            Vector128<byte> b = Load<TPixel>(ref above, i);
            // floor((left + b) / 2) without a ninth bit.
            Vector128<byte> half = ((left ^ b).AsUInt16() >>> 1).AsByte() & Vector128.Create((byte)0x7F);
            left = Load<TPixel>(ref source, i) + ((left & b) + half);
            Store<TPixel>(left, ref destination, i);
        }

        return i;
    }

    private static int Paeth<TPixel>(ref byte source, ref byte above, ref byte destination, int length, int pixelBytes)
        where TPixel : unmanaged
    {
        Vector128<short> a = Vector128<short>.Zero;
        Vector128<short> c = Vector128<short>.Zero;
        int i = 0;
        for (; i <= length - Unsafe.SizeOf<TPixel>(); i += pixelBytes)
        {
            Vector128<short> b = Vector128.WidenLower(Load<TPixel>(ref above, i)).AsInt16();
            Vector128<short> x = Vector128.WidenLower(Load<TPixel>(ref source, i)).AsInt16();
            a = (x + PaethPredictor.Of(a, b, c)) & Vector128.Create((short)0xFF);
            c = b;
            Store<TPixel>(Vector128.Narrow(a.AsUInt16(), a.AsUInt16()), ref destination, i);
        }

        return i;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> Load<TPixel>(ref byte row, int index)
        where TPixel : unmanaged =>
        Vector128.CreateScalarUnsafe(Unsafe.ReadUnaligned<TPixel>(ref Unsafe.Add(ref row, index))).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store<TPixel>(Vector128<byte> pixel, ref byte row, int index)
        where TPixel : unmanaged =>
        Unsafe.WriteUnaligned(ref Unsafe.Add(ref row, index), pixel.As<byte, TPixel>().ToScalar());
}
