using System.Buffers;
using Gir.Imaging.Kernels;

namespace Gir.Imaging.Resampling;

/// <summary>Resampling in float32: one pass along each axis, the cheaper order first; the order depends on the sizes alone.</summary>
internal static class SeparableResampler
{
    // A horizontal tap moves data between lanes, a vertical one does not.
    private const double HorizontalCost = 3;

    // Rows kept between the passes should stay in the second-level cache.
    private const int BandSamples = 48 * 1024;

    private const int Grain = 16;

    public static void Apply(ImageBuffer source, ImageBuffer destination, AxisWeights vertical, AxisWeights horizontal, Parallelism parallelism)
    {
        (bool sameRows, bool sameColumns) = (vertical.IsIdentity, horizontal.IsIdentity);
        if (sameRows && sameColumns)
        {
            source.Samples.CopyTo(destination.Samples);
            return;
        }

        double verticalFirst = ((double)vertical.OutputLength * horizontal.InputLength * vertical.Taps)
            + ((double)vertical.OutputLength * horizontal.OutputLength * horizontal.Taps * HorizontalCost);
        double horizontalFirst = ((double)vertical.InputLength * horizontal.OutputLength * horizontal.Taps * HorizontalCost)
            + ((double)vertical.OutputLength * horizontal.OutputLength * vertical.Taps);
        var tables = new Tables(
            source,
            destination,
            vertical,
            horizontal.Starts,
            vertical.SingleWeights(),
            horizontal.SingleWeightsByTap(),
            sameRows,
            sameColumns);
        int rows = destination.Channels * destination.Height;
        if (sameRows || sameColumns || verticalFirst <= horizontalFirst)
            parallelism.For(rows, Grain, new RowByRow(tables));
        else
            parallelism.For(rows, Grain, new BandByBand(tables));
    }

    private sealed record Tables(
        ImageBuffer Source,
        ImageBuffer Destination,
        AxisWeights Vertical,
        int[] Starts,
        float[] VerticalWeights,
        float[] HorizontalWeights,
        bool SameRows,
        bool SameColumns)
    {
        public void Horizontal(ReadOnlySpan<float> row, Span<float> result) =>
            ResampleHorizontal.Apply(row, Starts, HorizontalWeights, result);

        // The rows lie at the start of the span, stride samples apart.
        public void VerticalAt(int y, ReadOnlySpan<float> rows, int stride, Span<float> result) =>
            ResampleVertical.Combine(rows, stride, VerticalWeights.AsSpan(y * Vertical.Taps, Vertical.Taps), result);
    }

    /// <summary>Vertical pass into one row, horizontal pass out of it (or one of the two alone).</summary>
    private readonly struct RowByRow(Tables tables) : IRangeBody
    {
        public void Invoke(int start, int end)
        {
            (ImageBuffer source, ImageBuffer destination) = (tables.Source, tables.Destination);
            int width = source.Width;
            float[] scratch = ArrayPool<float>.Shared.Rent(width);
            for (int r = start; r < end; r++)
            {
                (int c, int y) = Math.DivRem(r, destination.Height);
                Span<float> result = destination.Row(c, y);
                if (tables.SameRows)
                {
                    tables.Horizontal(source.Row(c, y), result);
                    continue;
                }

                Span<float> combined = tables.SameColumns ? result : scratch.AsSpan(0, width);
                tables.VerticalAt(y, source.Plane(c)[(tables.Vertical.Starts[y] * width)..], width, combined);
                if (!tables.SameColumns)
                    tables.Horizontal(combined, result);
            }

            ArrayPool<float>.Shared.Return(scratch);
        }
    }

    /// <summary>Horizontal pass into a sliding band of rows, vertical pass out of it.</summary>
    private readonly struct BandByBand(Tables tables) : IRangeBody
    {
        public void Invoke(int start, int end)
        {
            (ImageBuffer source, ImageBuffer destination) = (tables.Source, tables.Destination);
            int width = destination.Width;
            int taps = tables.Vertical.Taps;
            int capacity = Math.Min(Math.Max(2 * taps, BandSamples / width), source.Height);
            float[] band = ArrayPool<float>.Shared.Rent(checked(capacity * width));
            (int channel, int first, int last) = (-1, 0, 0);
            for (int r = start; r < end; r++)
            {
                (int c, int y) = Math.DivRem(r, destination.Height);
                int top = tables.Vertical.Starts[y];
                if (c != channel)
                    (channel, first, last) = (c, top, top);
                if (top + taps > first + capacity)
                {
                    int kept = Math.Max(last - top, 0);
                    if (kept > 0)
                        band.AsSpan((top - first) * width, kept * width).CopyTo(band);
                    (first, last) = (top, top + kept);
                }

                for (; last < top + taps; last++)
                    tables.Horizontal(source.Row(c, last), band.AsSpan((last - first) * width, width));
                tables.VerticalAt(y, band.AsSpan((top - first) * width), width, destination.Row(c, y));
            }

            ArrayPool<float>.Shared.Return(band);
        }
    }
}
