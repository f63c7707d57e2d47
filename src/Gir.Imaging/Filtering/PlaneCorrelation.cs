using System.Buffers;
using System.Numerics;
using Gir.Imaging.Kernels;

namespace Gir.Imaging.Filtering;

/// <summary>Takes the rows of a filter's result; rows come in any order, from any thread, each once.</summary>
internal unsafe interface IRowSink<T>
    where T : unmanaged
{
    /// <summary>Takes one row.</summary>
    /// <param name="row">plane * height + y.</param>
    /// <param name="samples">The row's samples; valid during the call, may be overwritten.</param>
    void Accept(int row, T* samples);
}

/// <summary>Correlates planes with a kernel, four rows at a time, and hands every row to a sink while it is still in the first cache.</summary>
internal static class PlaneCorrelation
{
    /// <summary>Rows that are worked on together.</summary>
    internal const int StripRows = 4;

    /// <summary>Filters planes * height rows.</summary>
    /// <param name="source">planes x height x width samples (or more).</param>
    /// <param name="planes">Number of planes.</param>
    /// <param name="height">Rows of a plane.</param>
    /// <param name="width">Columns.</param>
    /// <param name="kernel">The kernel.</param>
    /// <param name="border">What lies beyond the edge; the caller has called <see cref="Border.Check"/>.</param>
    /// <param name="sink">Receives the rows; must not write to <paramref name="source"/>.</param>
    /// <param name="parallelism">Threads.</param>
    /// <param name="cancellationToken">Checked before every range of rows.</param>
    public static void Run<T, TSink>(
        T[] source,
        int planes,
        int height,
        int width,
        PreparedKernel<T> kernel,
        PadMode border,
        in TSink sink,
        Parallelism parallelism,
        CancellationToken cancellationToken = default)
        where T : unmanaged, IFloatingPointIeee754<T>
        where TSink : struct, IRowSink<T>
    {
        // Every range copies about a kernel's height of rows anew, so ranges are not much shorter than that.
        int grain = Math.Max(16, kernel.Height);
        if (kernel.Column is not null)
            parallelism.For(planes * height, grain, new SeparableBody<T, TSink>(source, height, width, kernel, border, sink), cancellationToken);
        else if (kernel.Folded is not null && FoldedCorrelation<T, TSink>.Fits(kernel, width))
            parallelism.For(planes * height, grain, new FoldedCorrelation<T, TSink>(source, height, width, kernel, border, sink), cancellationToken);
        else
            parallelism.For(planes * height, grain, new DirectBody<T, TSink>(source, height, width, kernel, border, sink), cancellationToken);
    }

    /// <summary>The place of a row in a ring of rows.</summary>
    internal static int Slot(int row, int slots) => ((row % slots) + slots) % slots;

    /// <summary>Copies a row, extended beyond both edges; a row beyond the upper or lower edge is what the border says it is.</summary>
    internal static unsafe void LoadRow<T>(T* plane, int position, int height, int width, PreparedKernel<T> kernel, PadMode border, T* destination)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        int before = kernel.Width / 2;
        int after = kernel.Width - 1 - before;
        var target = new Span<T>(destination, before + width + after);
        int from = Border.Source(position, height, border);
        if (from < 0)
        {
            target.Clear();
            return;
        }

        new ReadOnlySpan<T>(plane + ((nint)from * width), width).CopyTo(target[before..]);
        if (border == PadMode.LinearRamp)
        {
            T factor = T.CreateTruncating(Border.Factor(position, height, kernel.Height / 2, kernel.Height - 1 - (kernel.Height / 2), border));
            for (int x = 0; x < width; x++)
                target[before + x] *= factor;
        }

        Border.Extend(target, before, width, after, border);
    }

    /// <summary>Down the columns straight from the image, then along the rows.</summary>
    private readonly unsafe struct SeparableBody<T, TSink>(T[] source, int height, int width, PreparedKernel<T> kernel, PadMode border, TSink sink) : IRangeBody
        where T : unmanaged, IFloatingPointIeee754<T>
        where TSink : struct, IRowSink<T>
    {
        public void Invoke(int start, int end)
        {
            int above = kernel.Height / 2;
            int before = kernel.Width / 2;
            int after = kernel.Width - 1 - before;
            int extended = width + kernel.Width - 1;
            T[] scratch = ArrayPool<T>.Shared.Rent((StripRows * extended) + (2 * width) + kernel.Height);
            nint[] pointers = ArrayPool<nint>.Shared.Rent(kernel.Height + StripRows);
            fixed (T* image = source, blurred = scratch, column = kernel.Column, row = kernel.Row)
            fixed (nint* rowPointers = pointers)
            {
                T* zeros = blurred + (StripRows * (nint)extended);
                T* result = zeros + width;
                T* ramp = result + width;
                new Span<T>(zeros, width).Clear();
                T** rows = (T**)rowPointers;
                for (int y = start; y < end;)
                {
                    int planeStart = y / height * height;
                    int count = Math.Min(StripRows, Math.Min(end, planeStart + height) - y);
                    T* plane = image + ((nint)planeStart * width);
                    int top = y - planeStart - above;
                    for (int i = 0; i < kernel.Height + count - 1; i++)
                    {
                        int from = Border.Source(top + i, height, border);
                        rows[i] = from < 0 ? zeros : plane + ((nint)from * width);
                    }

                    if (count == StripRows && border != PadMode.LinearRamp)
                        CorrelateRows.Four(rows, column, kernel.Height, 1, blurred + before, extended, width);
                    else
                        SumColumns(rows, column, ramp, top, count, blurred + before, extended);

                    for (int r = 0; r < count; r++, y++)
                    {
                        T* line = blurred + (r * (nint)extended);
                        Border.Extend(new Span<T>(line, extended), before, width, after, border);
                        CorrelateRows.One(&line, row, null, 1, kernel.Width, result, width);
                        sink.Accept(y, result);
                    }
                }
            }

            ArrayPool<nint>.Shared.Return(pointers);
            ArrayPool<T>.Shared.Return(scratch);
        }

        private void SumColumns(T** rows, T* column, T* ramp, int top, int count, T* destination, int stride)
        {
            for (int r = 0; r < count; r++)
            {
                T* weights = column;
                if (border == PadMode.LinearRamp)
                {
                    weights = ramp;
                    int above = kernel.Height / 2;
                    for (int i = 0; i < kernel.Height; i++)
                        ramp[i] = column[i] * T.CreateTruncating(Border.Factor(top + r + i, height, above, kernel.Height - 1 - above, border));
                }

                CorrelateRows.One(rows + r, weights, null, kernel.Height, 1, destination + (r * (nint)stride), width);
            }
        }
    }

    /// <summary>All weights at once, on rows that have been extended beyond both edges.</summary>
    private readonly unsafe struct DirectBody<T, TSink>(T[] source, int height, int width, PreparedKernel<T> kernel, PadMode border, TSink sink) : IRangeBody
        where T : unmanaged, IFloatingPointIeee754<T>
        where TSink : struct, IRowSink<T>
    {
        public void Invoke(int start, int end)
        {
            int extended = width + kernel.Width - 1;
            // The source rows that a strip of outputs needs, each copied once: row i lies in slot i modulo their number.
            int slots = kernel.Height + StripRows - 1;
            T[] scratch = ArrayPool<T>.Shared.Rent((slots * extended) + (StripRows * width));
            nint[] pointers = ArrayPool<nint>.Shared.Rent(slots);
            fixed (T* image = source, ring = scratch, weights = kernel.Weights)
            fixed (nint* rowPointers = pointers)
            fixed (int* ranges = kernel.Ranges)
            {
                T* sums = ring + ((nint)slots * extended);
                T** rows = (T**)rowPointers;
                int loaded = 0;
                int plane = -1;
                for (int y = start; y < end;)
                {
                    int planeStart = y / height * height;
                    int count = Math.Min(StripRows, Math.Min(end, planeStart + height) - y);
                    int top = y - planeStart - (kernel.Height / 2);
                    if (plane != planeStart)
                        (plane, loaded) = (planeStart, top);
                    for (; loaded < top + kernel.Height + count - 1; loaded++)
                        LoadRow(image + ((nint)planeStart * width), loaded, height, width, kernel, border, ring + ((nint)Slot(loaded, slots) * extended));
                    for (int i = 0; i < kernel.Height + count - 1; i++)
                        rows[i] = ring + ((nint)Slot(top + i, slots) * extended);

                    if (count == StripRows && ranges == null)
                    {
                        CorrelateRows.Four(rows, weights, kernel.Height, kernel.Width, sums, width, width);
                    }
                    else
                    {
                        for (int r = 0; r < count; r++)
                            CorrelateRows.One(rows + r, weights, ranges, kernel.Height, kernel.Width, sums + ((nint)r * width), width);
                    }

                    for (int r = 0; r < count; r++, y++)
                        sink.Accept(y, sums + ((nint)r * width));
                }
            }

            ArrayPool<nint>.Shared.Return(pointers);
            ArrayPool<T>.Shared.Return(scratch);
        }
    }
}
