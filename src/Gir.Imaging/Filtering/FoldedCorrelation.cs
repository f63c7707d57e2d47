using System.Buffers;
using System.Numerics;
using System.Numerics.Tensors;
using Gir.Imaging.Kernels;

namespace Gir.Imaging.Filtering;

/// <summary>
/// Correlates with a kernel whose rows read the same backwards: samples at equal distance left and right are added first, once for all
/// the output rows that need them, which leaves about half of the products.
/// </summary>
internal readonly unsafe struct FoldedCorrelation<T, TSink>(T[] source, int height, int width, PreparedKernel<T> kernel, PadMode border, TSink sink) : IRangeBody
    where T : unmanaged, IFloatingPointIeee754<T>
    where TSink : struct, IRowSink<T>
{
    // Folded rows are many times as long as plain ones; they pay only while they stay in the second cache.
    private const long LargestRing = 1 << 20;

    private const int CacheLine = 64;

    /// <summary>Whether the folded rows of a strip fit the cache; a matter of sizes alone, so results do not depend on the machine.</summary>
    public static bool Fits(PreparedKernel<T> kernel, int width) =>
        (long)Slots(kernel) * ((kernel.Width / 2) + 1) * Stride(width) * sizeof(T) <= LargestRing;

    public void Invoke(int start, int end)
    {
        int taps = (kernel.Width / 2) + 1;
        int stride = Stride(width);
        int slots = Slots(kernel);
        nint slotLength = (nint)taps * stride;
        int extended = width + kernel.Width - 1;
        T[] scratch = ArrayPool<T>.Shared.Rent((int)(slots * slotLength) + extended + (PlaneCorrelation.StripRows * width) + (CacheLine / sizeof(T)));
        nint[] pointers = ArrayPool<nint>.Shared.Rent(slots);
        fixed (T* image = source, memory = scratch, weights = kernel.Folded)
        fixed (nint* rowPointers = pointers)
        {
            T* ring = (T*)(((nint)memory + CacheLine - 1) & -CacheLine);
            T* plain = ring + (slots * slotLength);
            T* sums = plain + extended;
            T** rows = (T**)rowPointers;
            int loaded = 0;
            int plane = -1;
            for (int y = start; y < end;)
            {
                int planeStart = y / height * height;
                int count = Math.Min(PlaneCorrelation.StripRows, Math.Min(end, planeStart + height) - y);
                int top = y - planeStart - (kernel.Height / 2);
                if (plane != planeStart)
                    (plane, loaded) = (planeStart, top);
                for (; loaded < top + kernel.Height + count - 1; loaded++)
                {
                    PlaneCorrelation.LoadRow(image + ((nint)planeStart * width), loaded, height, width, kernel, border, plain);
                    Fold(plain, taps - 1, stride, ring + (PlaneCorrelation.Slot(loaded, slots) * slotLength));
                }

                for (int i = 0; i < kernel.Height + count - 1; i++)
                    rows[i] = ring + (PlaneCorrelation.Slot(top + i, slots) * slotLength);

                if (count == PlaneCorrelation.StripRows)
                {
                    CorrelateRows.Four(rows, weights, kernel.Height, taps, sums, width, width, stride);
                }
                else
                {
                    for (int r = 0; r < count; r++)
                        CorrelateRows.One(rows + r, weights, null, kernel.Height, taps, sums + ((nint)r * width), width, stride);
                }

                for (int r = 0; r < count; r++, y++)
                    sink.Accept(y, sums + ((nint)r * width));
            }
        }

        ArrayPool<nint>.Shared.Return(pointers);
        ArrayPool<T>.Shared.Return(scratch);
    }

    private static int Slots(PreparedKernel<T> kernel) => kernel.Height + PlaneCorrelation.StripRows - 1;

    // An odd number of cache lines: the rows of neighboring taps then never compete for the same lines.
    private static int Stride(int width)
    {
        int line = CacheLine / sizeof(T);
        return (((width + line - 1) / line) | 1) * line;
    }

    /// <summary>Row k of the result holds sample x - k plus sample x + k; row 0 the samples themselves.</summary>
    private void Fold(T* plain, int reach, int stride, T* folded)
    {
        new ReadOnlySpan<T>(plain + reach, width).CopyTo(new Span<T>(folded, width));
        for (int k = 1; k <= reach; k++)
        {
            TensorPrimitives.Add(
                new ReadOnlySpan<T>(plain + reach - k, width), new ReadOnlySpan<T>(plain + reach + k, width), new Span<T>(folded + ((nint)k * stride), width));
        }
    }
}
