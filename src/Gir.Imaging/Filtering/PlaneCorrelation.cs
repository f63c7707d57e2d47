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

/// <summary>Correlates planes with a kernel, row by row, and hands every row to a sink while it is still in the first cache.</summary>
internal static class PlaneCorrelation
{
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
        where T : unmanaged, INumber<T>
        where TSink : struct, IRowSink<T>
    {
        // Every range filters or copies about a kernel's height of rows anew, so ranges are not much shorter than that.
        int grain = Math.Max(16, kernel.Height);
        if (kernel.Column is not null && kernel.Row is not null)
            parallelism.For(planes * height, grain, new SeparableBody<T, TSink>(source, height, width, kernel, border, sink), cancellationToken);
        else
            parallelism.For(planes * height, grain, new DirectBody<T, TSink>(source, height, width, kernel, border, sink), cancellationToken);
    }

    /// <summary>The length of a row buffer: room for whole registers beyond the end, so that the inner loops have no tails.</summary>
    private static int RoundUp(int width) => (width + 15) & ~15;

    private readonly unsafe struct SeparableBody<T, TSink>(T[] source, int height, int width, PreparedKernel<T> kernel, PadMode border, TSink sink) : IRangeBody
        where T : unmanaged, INumber<T>
        where TSink : struct, IRowSink<T>
    {
        public void Invoke(int start, int end)
        {
            int before = kernel.Width / 2;
            int after = kernel.Width - 1 - before;
            int rounded = RoundUp(width);
            int extended = rounded + kernel.Width - 1;
            T[] scratch = ArrayPool<T>.Shared.Rent(extended + (2 * rounded) + kernel.Height);
            // Pointers do not fit the pool's type arguments.
            nint[] pointers = ArrayPool<nint>.Shared.Rent(kernel.Height);
            fixed (T* plane0 = source, buffer = scratch, column = kernel.Column, rowWeights = kernel.Row)
            fixed (nint* rows = pointers)
            {
                new Span<T>(buffer, extended + (2 * rounded)).Clear();
                T* blurred = buffer;
                T* result = buffer + extended;
                T* zeros = result + rounded;
                T* weights = zeros + rounded;
                for (int row = start; row < end; row++)
                {
                    T* plane = plane0 + ((nint)(row / height) * height * width);
                    int top = (row % height) - (kernel.Height / 2);
                    for (int k = 0; k < kernel.Height; k++)
                    {
                        int from = Border.Source(top + k, height, border);
                        rows[k] = (nint)(from < 0 ? zeros : plane + ((nint)from * width));
                        weights[k] = column[k];
                        if (border == PadMode.LinearRamp)
                            weights[k] *= T.CreateTruncating(Border.Factor(top + k, height, kernel.Height / 2, kernel.Height - 1 - (kernel.Height / 2), border));
                    }

                    SeparableColumns.Sum((T**)rows, weights, kernel.Height, blurred + before, width);
                    Border.Extend(new Span<T>(blurred, before + width + after), before, width, after, border);
                    new Span<T>(result, rounded).Clear();
                    CorrelateRows.Accumulate(blurred, rowWeights, kernel.Width, result, rounded);
                    sink.Accept(row, result);
                }
            }

            ArrayPool<nint>.Shared.Return(pointers);
            ArrayPool<T>.Shared.Return(scratch);
        }
    }

    private readonly unsafe struct DirectBody<T, TSink>(T[] source, int height, int width, PreparedKernel<T> kernel, PadMode border, TSink sink) : IRangeBody
        where T : unmanaged, INumber<T>
        where TSink : struct, IRowSink<T>
    {
        private const int StripRows = 4;

        public void Invoke(int start, int end)
        {
            int rounded = RoundUp(width);
            int extended = rounded + kernel.Width - 1;
            // The source rows that a strip of outputs needs, extended sideways, each loaded once: row i in slot i modulo their number.
            int slots = kernel.Height + StripRows - 1;
            T[] scratch = ArrayPool<T>.Shared.Rent((slots * extended) + (StripRows * rounded));
            fixed (T* plane0 = source, ring = scratch, weights = kernel.Weights)
            {
                T* sums = ring + ((nint)slots * extended);
                new Span<T>(ring, slots * extended).Clear();
                for (int row = start; row < end;)
                {
                    int planeStart = row / height * height;
                    int last = Math.Min(end, planeStart + height);
                    T* plane = plane0 + ((nint)planeStart * width);
                    int loaded = row - planeStart - (kernel.Height / 2);
                    for (; row < last; row += StripRows)
                    {
                        int count = Math.Min(StripRows, last - row);
                        int top = row - planeStart - (kernel.Height / 2);
                        for (; loaded < top + kernel.Height + count - 1; loaded++)
                            LoadRow(plane, loaded, ring + ((nint)Slot(loaded, slots) * extended));
                        new Span<T>(sums, StripRows * rounded).Clear();
                        Strip(ring, slots, extended, top, count, weights, sums, rounded);
                        for (int r = 0; r < count; r++)
                            sink.Accept(row + r, sums + ((nint)r * rounded));
                    }

                    row = last;
                }
            }

            ArrayPool<T>.Shared.Return(scratch);
        }

        private static int Slot(int row, int slots) => ((row % slots) + slots) % slots;

        // Source rows from the top down, so that each output row meets the kernel's rows in their order whatever strip it is in.
        private void Strip(T* ring, int slots, int extended, int top, int count, T* weights, T* sums, int rounded)
        {
            for (int i = 0; i < kernel.Height + count - 1; i++)
            {
                T* from = ring + ((nint)Slot(top + i, slots) * extended);
                if (count == StripRows && !kernel.SkipsZeros && i >= StripRows - 1 && i < kernel.Height)
                {
                    CorrelateRows.Accumulate4(from, weights + ((nint)i * kernel.Width), kernel.Width, kernel.Width, sums, rounded, rounded);
                    continue;
                }

                for (int r = Math.Max(0, i - kernel.Height + 1); r <= Math.Min(count - 1, i); r++)
                {
                    int first = kernel.SkipsZeros ? kernel.RowStart[i - r] : 0;
                    int taps = (kernel.SkipsZeros ? kernel.RowEnd[i - r] : kernel.Width) - first;
                    if (taps > 0)
                        CorrelateRows.Accumulate(from + first, weights + ((nint)(i - r) * kernel.Width) + first, taps, sums + ((nint)r * rounded), rounded);
                }
            }
        }

        private void LoadRow(T* plane, int position, T* destination)
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
    }
}
