using System.Buffers;
using System.Numerics.Tensors;
using Gir.Degradations.Kernels;
using Gir.Imaging;
using Gir.Imaging.Kernels;
using Gir.Imaging.Random;

namespace Gir.Degradations.Rain;

/// <summary>
/// The reference generator's streak layer: sparse bright noise, sharpened by a 3 x 3 filter, dragged along a motion kernel, and
/// stretched to 8-bit levels.
/// </summary>
/// <remarks>
/// Fewer than one pixel in a hundred is bright, so both filters run over the bright pixels only. Every output row gathers its
/// contributions from sources in ascending order, whichever thread computes it.
/// </remarks>
internal static class RainStreaks
{
    private const double CenterTap = 8;
    private const double NeighborTap = 0.1;

    /// <summary>Steps 2 to 5: the layer, 1 x H x W, levels / 255; all zero where chance put no drop into a small image.</summary>
    /// <param name="height">Rows.</param>
    /// <param name="width">Columns.</param>
    /// <param name="strength">The share of bright pixels is strength / 25600.</param>
    /// <param name="kernel">The motion kernel.</param>
    /// <param name="kernelSize">Its side.</param>
    /// <param name="seed">The noise's seed.</param>
    /// <param name="context">Threads and cancellation.</param>
    public static ImageBuffer CreateLayer(int height, int width, double strength, double[] kernel, int kernelSize, ulong seed, DegradationContext context)
    {
        var bright = new SparseRow[height];
        context.Parallelism.For(height, 32, new NoiseBody(bright, width, seed, Threshold(strength)), context.CancellationToken);

        var drops = new SparseRow[height];
        context.Parallelism.For(height, 32, new SharpenBody(bright, drops, width), context.CancellationToken);

        double[] streaks = ArrayPool<double>.Shared.Rent(height * width);
        try
        {
            (double minimum, double maximum) = Drag(drops, height, width, kernel, kernelSize, streaks, context);
            ImageBuffer layer = ImagePool.Rent(1, height, width);
            if (maximum > minimum)
                context.Parallelism.For(height, 16, new StretchBody(streaks, layer, minimum, maximum - minimum), context.CancellationToken);
            else
                layer.Samples.Clear();
            return layer;
        }
        finally
        {
            ArrayPool<double>.Shared.Return(streaks);
        }
    }

    /// <summary>Values of U(0, 256) below this become 0.</summary>
    internal static double Threshold(double strength) => 256 - (strength / 100);

    /// <summary>The pixels of a row of uniform noise in [0, 256) that stay.</summary>
    internal static SparseRow Keep(ReadOnlySpan<double> values, double threshold)
    {
        int count = 0;
        foreach (double value in values)
            count += value < threshold ? 0 : 1;
        if (count == 0)
            return SparseRow.Empty;

        var row = new SparseRow(new int[count], new double[count]);
        for (int x = 0, i = 0; x < values.Length; x++)
        {
            if (values[x] < threshold)
                continue;
            row.Columns[i] = x;
            row.Values[i++] = values[x];
        }

        return row;
    }

    /// <summary>Row <paramref name="y"/> of the 3 x 3 filter [[0, .1, 0], [.1, 8, .1], [0, .1, 0]] with reflected borders.</summary>
    /// <param name="bright">All rows of the input.</param>
    /// <param name="y">The row.</param>
    /// <param name="scratch">A row of zeros; zero again afterwards.</param>
    internal static SparseRow Sharpen(SparseRow[] bright, int y, Span<double> scratch)
    {
        SparseRow above = bright[Reflection.Index(y - 1, bright.Length)];
        SparseRow below = bright[Reflection.Index(y + 1, bright.Length)];
        SparseRow here = bright[y];
        if (above.Columns.Length + below.Columns.Length + here.Columns.Length == 0)
            return SparseRow.Empty;

        var touched = new SortedSet<int>();
        Scatter(above, NeighborTap, scratch, touched);
        Scatter(below, NeighborTap, scratch, touched);
        Scatter(here, CenterTap, scratch, touched);
        int width = scratch.Length;
        for (int i = 0; i < here.Columns.Length; i++)
        {
            int column = here.Columns[i];
            // Every place whose left or right neighbor is this pixel, reflection included (then the neighbor counts twice).
            for (int x = Math.Max(column - 1, 0); x <= Math.Min(column + 1, width - 1); x++)
            {
                int times = (Reflection.Index(x - 1, width) == column ? 1 : 0) + (Reflection.Index(x + 1, width) == column ? 1 : 0);
                if (times == 0)
                    continue;
                scratch[x] += NeighborTap * times * here.Values[i];
                touched.Add(x);
            }
        }

        var row = new SparseRow([.. touched], new double[touched.Count]);
        for (int i = 0; i < row.Columns.Length; i++)
        {
            row.Values[i] = scratch[row.Columns[i]];
            scratch[row.Columns[i]] = 0;
        }

        return row;
    }

    /// <summary>
    /// Correlates sparse rows with a square kernel anchored at its middle (size / 2), reflected borders; every sample of
    /// <paramref name="streaks"/> is written.
    /// </summary>
    /// <returns>Minimum and maximum.</returns>
    internal static (double Minimum, double Maximum) Drag(
        SparseRow[] drops, int height, int width, double[] kernel, int size, double[] streaks, DegradationContext context)
    {
        FlippedRow[] kernelRows = Flip(kernel, size);
        var padded = new SparseRow[height];
        for (int y = 0; y < height; y++)
            padded[y] = PadColumns(drops[y], width, size);

        var minima = new double[height];
        var maxima = new double[height];
        context.Parallelism.For(
            height, 8, new DragBody(padded, kernelRows, size, width, streaks, minima, maxima), context.CancellationToken);
        return (minima.Min(), maxima.Max());
    }

    private static void Scatter(SparseRow row, double tap, Span<double> scratch, SortedSet<int> touched)
    {
        for (int i = 0; i < row.Columns.Length; i++)
        {
            scratch[row.Columns[i]] += tap * row.Values[i];
            touched.Add(row.Columns[i]);
        }
    }

    /// <summary>The row as the filter sees it: columns -size / 2 to width - 1 + (size - 1 - size / 2), reflections included.</summary>
    private static SparseRow PadColumns(SparseRow row, int width, int size)
    {
        if (row.Columns.Length == 0)
            return row;

        var columns = new List<int>(row.Columns.Length + 4);
        var values = new List<double>(row.Columns.Length + 4);
        Add(-(size / 2), 0);
        columns.AddRange(row.Columns);
        values.AddRange(row.Values);
        Add(width, width + size - 1 - (size / 2));
        return new SparseRow([.. columns], [.. values]);

        void Add(int from, int to)
        {
            for (int position = from; position < to; position++)
            {
                int index = System.Array.BinarySearch(row.Columns, Reflection.Index(position, width));
                if (index < 0)
                    continue;
                columns.Add(position);
                values.Add(row.Values[index]);
            }
        }
    }

    private static FlippedRow[] Flip(double[] kernel, int size)
    {
        var rows = new FlippedRow[size];
        for (int i = 0; i < size; i++)
        {
            ReadOnlySpan<double> row = kernel.AsSpan(i * size, size);
            int first = row.IndexOfAnyExcept(0d);
            int last = row.LastIndexOfAnyExcept(0d);
            double[] taps = first < 0 ? [] : row[first..(last + 1)].ToArray();
            System.Array.Reverse(taps);
            rows[i] = new FlippedRow((size / 2) - last, taps);
        }

        return rows;
    }

    /// <summary>A kernel row as one source pixel paints it: reversed, from <paramref name="Offset"/> columns beside the pixel on.</summary>
    private readonly record struct FlippedRow(int Offset, double[] Taps);

    private readonly struct NoiseBody(SparseRow[] bright, int width, ulong seed, double threshold) : IRangeBody
    {
        public void Invoke(int start, int end)
        {
            double[] values = ArrayPool<double>.Shared.Rent(width);
            Span<double> row = values.AsSpan(0, width);
            for (int y = start; y < end; y++)
            {
                Philox4x32.FillUniform(row, seed, RainDegradation.NoiseStream, (ulong)y * (ulong)width);
                for (int x = 0; x < row.Length; x++)
                    row[x] *= 256;
                bright[y] = Keep(row, threshold);
            }

            ArrayPool<double>.Shared.Return(values);
        }
    }

    private readonly struct SharpenBody(SparseRow[] bright, SparseRow[] drops, int width) : IRangeBody
    {
        public void Invoke(int start, int end)
        {
            double[] scratch = ArrayPool<double>.Shared.Rent(width);
            scratch.AsSpan(0, width).Clear();
            for (int y = start; y < end; y++)
                drops[y] = Sharpen(bright, y, scratch.AsSpan(0, width));
            ArrayPool<double>.Shared.Return(scratch);
        }
    }

    private readonly struct DragBody(
        SparseRow[] padded, FlippedRow[] kernel, int size, int width, double[] streaks, double[] minima, double[] maxima) : IRangeBody
    {
        public void Invoke(int start, int end)
        {
            for (int y = start; y < end; y++)
            {
                Span<double> row = streaks.AsSpan(y * width, width);
                row.Clear();
                for (int i = 0; i < size; i++)
                {
                    SparseRow source = padded[Reflection.Index(y + i - (size / 2), padded.Length)];
                    FlippedRow taps = kernel[i];
                    if (taps.Taps.Length == 0)
                        continue;
                    for (int n = 0; n < source.Columns.Length; n++)
                        Paint(row, source.Columns[n] + taps.Offset, taps.Taps, source.Values[n]);
                }

                minima[y] = TensorPrimitives.Min<double>(row);
                maxima[y] = TensorPrimitives.Max<double>(row);
            }
        }

        private static void Paint(Span<double> row, int left, ReadOnlySpan<double> taps, double value)
        {
            int skip = Math.Max(0, -left);
            int count = Math.Min(taps.Length, row.Length - left) - skip;
            if (count > 0)
            {
                Span<double> target = row.Slice(left + skip, count);
                RowMap.Invoke(target, taps.Slice(skip, count), target, new AddScaled(value));
            }
        }
    }

    private readonly struct StretchBody(double[] streaks, ImageBuffer layer, double minimum, double range) : IRangeBody
    {
        public void Invoke(int start, int end)
        {
            for (int y = start; y < end; y++)
                StretchToLevels.Invoke(streaks.AsSpan(y * layer.Width, layer.Width), minimum, range, layer.Row(0, y));
        }
    }
}
