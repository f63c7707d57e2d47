using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Gir.Imaging.Kernels;

/// <summary>Transposes a small rectangle: target[x * targetStride + y] = source[y * sourceStride + x].</summary>
/// <remarks>
/// Source and destination must not overlap. Lanes: four rows of four samples are four vectors; two rounds of interleaving make them
/// four columns. Samples are only moved, so every path gives the same bits.
/// </remarks>
internal static class TransposeTile
{
    private const int Block = 4;

    /// <summary>Transposes rows x columns samples.</summary>
    public static void Run(ReadOnlySpan<float> source, int sourceStride, Span<float> target, int targetStride, int rows, int columns)
    {
        Check(source, sourceStride, target, targetStride, rows, columns);
        int blockRows = 0;
        int blockColumns = 0;
        if (Sse.IsSupported)
        {
            blockRows = rows / Block * Block;
            blockColumns = columns / Block * Block;
            ref float from = ref MemoryMarshal.GetReference(source);
            ref float to = ref MemoryMarshal.GetReference(target);
            for (int x = 0; x < blockColumns; x += Block)
            {
                for (int y = 0; y < blockRows; y += Block)
                {
                    Four(
                        ref Unsafe.Add(ref from, (y * (nint)sourceStride) + x), sourceStride,
                        ref Unsafe.Add(ref to, (x * (nint)targetStride) + y), targetStride);
                }
            }
        }

        Scalar(source, sourceStride, target, targetStride, blockRows, rows, 0, columns);
        Scalar(source, sourceStride, target, targetStride, 0, blockRows, blockColumns, columns);
    }

    /// <summary>The scalar twin.</summary>
    public static void RunScalar(ReadOnlySpan<float> source, int sourceStride, Span<float> target, int targetStride, int rows, int columns)
    {
        Check(source, sourceStride, target, targetStride, rows, columns);
        Scalar(source, sourceStride, target, targetStride, 0, rows, 0, columns);
    }

    private static void Check(ReadOnlySpan<float> source, int sourceStride, Span<float> target, int targetStride, int rows, int columns)
    {
        if (rows < 1 || columns < 1)
            return;
        if (((rows - 1) * (long)sourceStride) + columns > source.Length || ((columns - 1) * (long)targetStride) + rows > target.Length)
            throw new ArgumentException("The rectangle leaves a span.", nameof(source));
    }

    private static void Scalar(
        ReadOnlySpan<float> source, int sourceStride, Span<float> target, int targetStride, int firstRow, int rows, int firstColumn, int columns)
    {
        for (int x = firstColumn; x < columns; x++)
        {
            for (int y = firstRow; y < rows; y++)
                target[(x * targetStride) + y] = source[(y * sourceStride) + x];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Four(ref float from, nint sourceStride, ref float to, nint targetStride)
    {
        Vector128<float> a = Vector128.LoadUnsafe(ref from);
        Vector128<float> b = Vector128.LoadUnsafe(ref Unsafe.Add(ref from, sourceStride));
        Vector128<float> c = Vector128.LoadUnsafe(ref Unsafe.Add(ref from, 2 * sourceStride));
        Vector128<float> d = Vector128.LoadUnsafe(ref Unsafe.Add(ref from, 3 * sourceStride));
        Vector128<float> ab = Sse.UnpackLow(a, b);
        Vector128<float> cd = Sse.UnpackLow(c, d);
        Vector128<float> abHigh = Sse.UnpackHigh(a, b);
        Vector128<float> cdHigh = Sse.UnpackHigh(c, d);
        Sse.MoveLowToHigh(ab, cd).StoreUnsafe(ref to);
        Sse.MoveHighToLow(cd, ab).StoreUnsafe(ref Unsafe.Add(ref to, targetStride));
        Sse.MoveLowToHigh(abHigh, cdHigh).StoreUnsafe(ref Unsafe.Add(ref to, 2 * targetStride));
        Sse.MoveHighToLow(cdHigh, abHigh).StoreUnsafe(ref Unsafe.Add(ref to, 3 * targetStride));
    }
}
