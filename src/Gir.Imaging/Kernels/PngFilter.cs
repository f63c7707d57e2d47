using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Gir.Imaging.Kernels;

/// <summary>Applies one row's filter (PNG specification, chapter 9) and measures what is left.</summary>
/// <remarks>The rows have one length and must not overlap. Lanes are neighbouring bytes: unlike undoing it, filtering needs no result of its own.</remarks>
internal static class PngFilter
{
    // A step adds at most 2 * 128 to a lane of sixteen bits; 128 steps stay well below its end.
    private const int StepsPerBlock = 128;

    /// <summary>Filters a row.</summary>
    /// <param name="filter">0 None, 1 Sub, 2 Up, 3 Average, 4 Paeth.</param>
    /// <param name="row">The bytes of the row.</param>
    /// <param name="above">The row above; zeros for the first.</param>
    /// <param name="destination">Receives the filtered bytes.</param>
    /// <param name="pixelBytes">Bytes from a sample to the same one of the next pixel: 1..8.</param>
    /// <returns>The sum of the filtered bytes' magnitudes, taken as signed.</returns>
    public static long Run(int filter, ReadOnlySpan<byte> row, ReadOnlySpan<byte> above, Span<byte> destination, int pixelBytes)
    {
        Check(row, above, destination);
        int head = Math.Min(pixelBytes, row.Length);
        Scalar(filter, row, above, destination, pixelBytes, 0, head);
        int done = head;
        if (Vector128.IsHardwareAccelerated && filter is >= 1 and <= 4)
        {
            ref byte x = ref MemoryMarshal.GetReference(row);
            ref byte b = ref MemoryMarshal.GetReference(above);
            ref byte d = ref MemoryMarshal.GetReference(destination);
            for (; done <= row.Length - Vector128<byte>.Count; done += Vector128<byte>.Count)
            {
                Vector128<byte> left = Vector128.LoadUnsafe(ref x, (nuint)(done - pixelBytes));
                Vector128<byte> up = Vector128.LoadUnsafe(ref b, (nuint)done);
                Vector128<byte> predictor = filter switch
                {
                    1 => left,
                    2 => up,
                    3 => (left & up) + (((left ^ up).AsUInt16() >>> 1).AsByte() & Vector128.Create((byte)0x7F)),
                    _ => Paeth(left, up, Vector128.LoadUnsafe(ref b, (nuint)(done - pixelBytes))),
                };
                (Vector128.LoadUnsafe(ref x, (nuint)done) - predictor).StoreUnsafe(ref d, (nuint)done);
            }
        }

        Scalar(filter, row, above, destination, pixelBytes, done, row.Length);
        return Magnitude(destination);
    }

    /// <summary>The scalar twin.</summary>
    public static long RunScalar(int filter, ReadOnlySpan<byte> row, ReadOnlySpan<byte> above, Span<byte> destination, int pixelBytes)
    {
        Check(row, above, destination);
        Scalar(filter, row, above, destination, pixelBytes, 0, row.Length);
        return MagnitudeScalar(destination);
    }

    private static void Check(ReadOnlySpan<byte> row, ReadOnlySpan<byte> above, Span<byte> destination)
    {
        if (above.Length != row.Length || destination.Length != row.Length)
            throw new ArgumentException("The rows differ in length.", nameof(above));
    }

    private static void Scalar(
        int filter, ReadOnlySpan<byte> row, ReadOnlySpan<byte> above, Span<byte> destination, int pixelBytes, int start, int end)
    {
        for (int i = start; i < end; i++)
        {
            int left = i >= pixelBytes ? row[i - pixelBytes] : 0;
            int upperLeft = i >= pixelBytes ? above[i - pixelBytes] : 0;
            destination[i] = (byte)(row[i] - PngUnfilter.Predict(filter, left, above[i], upperLeft));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> Paeth(Vector128<byte> left, Vector128<byte> up, Vector128<byte> upperLeft) =>
        Vector128.Narrow(
            PaethPredictor.Of(Vector128.WidenLower(left).AsInt16(), Vector128.WidenLower(up).AsInt16(), Vector128.WidenLower(upperLeft).AsInt16()).AsUInt16(),
            PaethPredictor.Of(Vector128.WidenUpper(left).AsInt16(), Vector128.WidenUpper(up).AsInt16(), Vector128.WidenUpper(upperLeft).AsInt16()).AsUInt16());

    private static long Magnitude(ReadOnlySpan<byte> filtered)
    {
        long sum = 0;
        int i = 0;
        if (Vector128.IsHardwareAccelerated)
        {
            ref byte x = ref MemoryMarshal.GetReference(filtered);
            while (i <= filtered.Length - Vector128<byte>.Count)
            {
                Vector128<ushort> lanes = Vector128<ushort>.Zero;
                for (int step = 0; step < StepsPerBlock && i <= filtered.Length - Vector128<byte>.Count; step++, i += Vector128<byte>.Count)
                {
                    Vector128<byte> value = Vector128.LoadUnsafe(ref x, (nuint)i);
                    Vector128<byte> magnitude = Vector128.Min(value, Vector128<byte>.Zero - value);
                    lanes += Vector128.WidenLower(magnitude) + Vector128.WidenUpper(magnitude);
                }

                (Vector128<uint> low, Vector128<uint> high) = Vector128.Widen(lanes);
                sum += Vector128.Sum(low + high);
            }
        }

        return sum + MagnitudeScalar(filtered[i..]);
    }

    private static long MagnitudeScalar(ReadOnlySpan<byte> filtered)
    {
        long sum = 0;
        foreach (byte value in filtered)
            sum += Math.Min(value, 256 - value);
        return sum;
    }
}
