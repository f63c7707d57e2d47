using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Gir.Imaging.Kernels;

/// <summary>Applies one row's filter (PNG specification, chapter 9) and measures what is left.</summary>
/// <remarks>
/// The rows have one length and must not overlap. Lanes are 32 neighboring bytes: unlike undoing it, filtering needs no result of its own. The last
/// step overlaps the one before, whose magnitudes it leaves out.
/// </remarks>
internal static class PngFilter
{
    private static readonly Vector256<byte> Indices = Vector256.Create(
        (byte)0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31);

    private interface IPredictor
    {
        static abstract Vector256<byte> Predict(Vector256<byte> left, Vector256<byte> up, Vector256<byte> upperLeft);
    }

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
        if (!Vector128.IsHardwareAccelerated || row.Length < pixelBytes + Vector256<byte>.Count)
            return RunScalar(filter, row, above, destination, pixelBytes);
        Scalar(filter, row, above, destination, pixelBytes, 0, pixelBytes);
        long head = MagnitudeScalar(destination[..pixelBytes]);
        return head + filter switch
        {
            0 => Rows<None>(row, above, destination, pixelBytes),
            1 => Rows<Sub>(row, above, destination, pixelBytes),
            2 => Rows<Up>(row, above, destination, pixelBytes),
            3 => Rows<Average>(row, above, destination, pixelBytes),
            _ => Rows<Paeth>(row, above, destination, pixelBytes),
        };
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

    // From the second pixel on; at least one vector long.
    private static long Rows<TPredictor>(ReadOnlySpan<byte> row, ReadOnlySpan<byte> above, Span<byte> destination, int pixelBytes)
        where TPredictor : struct, IPredictor
    {
        ref byte x = ref MemoryMarshal.GetReference(row);
        ref byte b = ref MemoryMarshal.GetReference(above);
        ref byte d = ref MemoryMarshal.GetReference(destination);
        Vector256<ulong> sums = Vector256<ulong>.Zero;
        int last = row.Length - Vector256<byte>.Count;
        int i = pixelBytes;
        for (; i <= last; i += Vector256<byte>.Count)
            sums += Sums(Step<TPredictor>(ref x, ref b, ref d, i, pixelBytes));
        int overlap = i - last;
        if (overlap < Vector256<byte>.Count)
        {
            Vector256<byte> magnitude = Step<TPredictor>(ref x, ref b, ref d, last, pixelBytes);
            sums += Sums(magnitude & Vector256.GreaterThanOrEqual(Indices, Vector256.Create((byte)overlap)));
        }

        return (long)Vector256.Sum(sums);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<byte> Step<TPredictor>(ref byte row, ref byte above, ref byte destination, int i, int pixelBytes)
        where TPredictor : struct, IPredictor
    {
        Vector256<byte> value = Vector256.LoadUnsafe(ref row, (nuint)i) - TPredictor.Predict(
            Vector256.LoadUnsafe(ref row, (nuint)(i - pixelBytes)),
            Vector256.LoadUnsafe(ref above, (nuint)i),
            Vector256.LoadUnsafe(ref above, (nuint)(i - pixelBytes)));
        value.StoreUnsafe(ref destination, (nuint)i);
        return Vector256.Min(value, Vector256<byte>.Zero - value);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<ulong> Sums(Vector256<byte> bytes)
    {
        if (Avx2.IsSupported)
            return Avx2.SumAbsoluteDifferences(bytes, Vector256<byte>.Zero).AsUInt64();
        (Vector256<ushort> low, Vector256<ushort> high) = Vector256.Widen(bytes);
        (Vector256<uint> a, Vector256<uint> b) = Vector256.Widen(low + high);
        (Vector256<ulong> c, Vector256<ulong> e) = Vector256.Widen(a + b);
        return c + e;
    }

    private static long MagnitudeScalar(ReadOnlySpan<byte> filtered)
    {
        long sum = 0;
        foreach (byte value in filtered)
            sum += Math.Min(value, 256 - value);
        return sum;
    }

    private readonly struct None : IPredictor
    {
        public static Vector256<byte> Predict(Vector256<byte> left, Vector256<byte> up, Vector256<byte> upperLeft) => Vector256<byte>.Zero;
    }

    private readonly struct Sub : IPredictor
    {
        public static Vector256<byte> Predict(Vector256<byte> left, Vector256<byte> up, Vector256<byte> upperLeft) => left;
    }

    private readonly struct Up : IPredictor
    {
        public static Vector256<byte> Predict(Vector256<byte> left, Vector256<byte> up, Vector256<byte> upperLeft) => up;
    }

    private readonly struct Average : IPredictor
    {
        // The mean rounded down, without a ninth bit: what both have, and half of what one has.
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256<byte> Predict(Vector256<byte> left, Vector256<byte> up, Vector256<byte> upperLeft) =>
            (left & up) + (((left ^ up).AsUInt16() >>> 1).AsByte() & Vector256.Create((byte)0x7F));
    }

    private readonly struct Paeth : IPredictor
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256<byte> Predict(Vector256<byte> left, Vector256<byte> up, Vector256<byte> upperLeft) =>
            PaethPredictor.Of(left, up, upperLeft);
    }
}
