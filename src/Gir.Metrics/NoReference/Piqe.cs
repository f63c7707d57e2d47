using System.Buffers;
using Gir.Imaging;
using Gir.Imaging.Observability;
using Gir.Metrics.Kernels;

namespace Gir.Metrics.NoReference;

/// <summary>
/// Perception-based image quality evaluator (Venkatanath, Praneeth, Bh, Channappayya, Medasani: "Blind Image Quality
/// Evaluation Using Perception Based Features", 2015; MATLAB's piqe): the share of active 16 x 16 blocks that look blocky,
/// blurred or noisy, weighted by their variance. About 0 to 100; lower is better; an image without active blocks scores 100.
/// </summary>
/// <remarks>
/// Gray by 299/587/114, scaled so that its maximum is 255, rounded half to even; the right and bottom edges are mirrored by
/// the size modulo 16, as the original does. At least 16 x 16 pixels; one or three channels. Samples beyond the range of [0, 1], such as levels of 0..255 or NaN, are refused.
/// </remarks>
public sealed class Piqe : INoReferenceMetric
{
    private const int BlockSize = 16;
    private const double ActivityThreshold = 0.1;
    private const double ImpairedThreshold = 0.1;
    private const int SegmentLength = 6;
    private readonly int _crop;
    private readonly string _convention;

    /// <summary>PIQE.</summary>
    /// <param name="crop">Pixels cut from every side.</param>
    /// <exception cref="ArgumentOutOfRangeException">The crop is negative.</exception>
    public Piqe(int crop = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(crop);
        _crop = crop;
        _convention = $"{MetricText.Of(MetricColor.GrayYiq, crop)}, scaled to its maximum and rounded, blocks of 16";
    }

    /// <inheritdoc/>
    public string Name => "piqe";

    /// <inheritdoc/>
    public string? WhyUnfit(int channels, int height, int width) => Needs.Unfit(channels, height, width);

    /// <inheritdoc/>
    public MetricScore Measure(ImageBuffer image) => Measure(image, default);

    /// <inheritdoc/>
    public MetricScore Measure(ImageBuffer image, Parallelism parallelism)
    {
        using TimedWork.Piece work = MetricsTelemetry.Begin(Name, parallelism);
        Needs.Check(image);
        using LevelPlane levels = ScaledGray(image, parallelism);
        using var coefficients = new LevelPlane(levels.Height, levels.Width);
        Mscn.Compute(levels, coefficients, null, 0, parallelism);
        return work.Complete(new MetricScore(Name, Score(coefficients, parallelism), _convention, HigherIsBetter: false));
    }

    private MetricNeeds Needs => MetricNeeds.Of(Name, BlockSize, _crop, MetricColor.GrayYiq);

    private static double Score(LevelPlane coefficients, Parallelism parallelism)
    {
        (int rows, int columns) = (coefficients.Height / BlockSize, coefficients.Width / BlockSize);
        double[] sums = ArrayPool<double>.Shared.Rent(2 * rows);
        parallelism.For(rows, 2, new Blocks(coefficients, columns, rows, sums));
        double distortion = RowSum.Of(sums.AsSpan(0, rows));
        double active = RowSum.Of(sums.AsSpan(rows, rows));
        ArrayPool<double>.Shared.Return(sums);
        return (distortion + 1) / (active + 1) * 100;
    }

    /// <summary>Whole levels 0..255 of the gray plane relative to its maximum, padded at the right and bottom.</summary>
    private LevelPlane ScaledGray(ImageBuffer image, Parallelism parallelism)
    {
        using var gray = LevelPlane.Of(image, MetricColor.GrayYiq, 0, _crop, parallelism);
        double maximum = 0;
        foreach (double level in gray.Values)
            maximum = level > maximum ? level : maximum;
        var padded = new LevelPlane(gray.Height + (gray.Height % BlockSize), gray.Width + (gray.Width % BlockSize));
        if (maximum > 0)
            parallelism.For(padded.Height, 64, new Scaling(gray, padded, maximum));
        else
            padded.Values.Clear();
        return padded;
    }

    private readonly struct Scaling(LevelPlane gray, LevelPlane padded, double maximum) : IRangeBody
    {
        public void Invoke(int start, int end)
        {
            for (int y = start; y < end; y++)
            {
                Span<double> source = gray.Row(y < gray.Height ? y : (2 * gray.Height) - 1 - y);
                Span<double> target = padded.Row(y);
                LevelScaling.Row(source, target, maximum);
                for (int x = gray.Width; x < padded.Width; x++)
                    target[x] = target[(2 * gray.Width) - 1 - x];
            }
        }
    }

    private readonly struct Blocks(LevelPlane plane, int columns, int rows, double[] sums) : IRangeBody
    {
        private const int Count = BlockSize * BlockSize;

        public void Invoke(int start, int end)
        {
            Span<double> block = stackalloc double[Count];
            Span<double> scratch = stackalloc double[Count];
            for (int blockRow = start; blockRow < end; blockRow++)
            {
                (double distortion, double active) = (0, 0);
                for (int column = 0; column < columns; column++)
                {
                    for (int y = 0; y < BlockSize; y++)
                        plane.Row((blockRow * BlockSize) + y).Slice(column * BlockSize, BlockSize).CopyTo(block[(y * BlockSize)..]);
                    double variance = Variance(block);
                    if (!(variance > ActivityThreshold))
                        continue;
                    active++;
                    if (HasUniformEdge(block, scratch))
                        distortion += 1 - variance;
                    if (IsNoisy(block, scratch, Math.Sqrt(variance)))
                        distortion += variance;
                }

                (sums[blockRow], sums[rows + blockRow]) = (distortion, active);
            }
        }

        /// <summary>Whether six neighboring pixels along an edge of the block hardly differ.</summary>
        private static bool HasUniformEdge(Span<double> block, Span<double> scratch)
        {
            Span<double> side = scratch[..BlockSize];
            if (HasUniformSegment(block[..BlockSize]) || HasUniformSegment(block[^BlockSize..]))
                return true;
            for (int y = 0; y < BlockSize; y++)
                side[y] = block[y * BlockSize];
            if (HasUniformSegment(side))
                return true;
            for (int y = 0; y < BlockSize; y++)
                side[y] = block[(y * BlockSize) + BlockSize - 1];
            return HasUniformSegment(side);
        }

        private static bool HasUniformSegment(ReadOnlySpan<double> edge)
        {
            for (int i = 0; i <= BlockSize - SegmentLength; i++)
            {
                ReadOnlySpan<double> segment = edge.Slice(i, SegmentLength);
                double mean = (segment[0] + segment[1] + segment[2] + segment[3] + segment[4] + segment[5]) / SegmentLength;
                double sum = 0;
                foreach (double value in segment)
                    sum += (value - mean) * (value - mean);
                if (Math.Sqrt(sum / (SegmentLength - 1)) < ImpairedThreshold)
                    return true;
            }

            return false;
        }

        /// <summary>Whether the two center columns deviate as the columns around them do; the original leaves out columns 7 and 9 there, and counts 8 twice.</summary>
        private static bool IsNoisy(ReadOnlySpan<double> block, Span<double> scratch, double deviation)
        {
            const int center = 7;
            for (int y = 0; y < BlockSize; y++)
                block.Slice((y * BlockSize) + center, 2).CopyTo(scratch[(2 * y)..]);
            double centerDeviation = Math.Sqrt(Variance(scratch[..(2 * BlockSize)]));
            const int left = BlockSize - 2;
            for (int y = 0; y < BlockSize; y++)
            {
                ReadOnlySpan<double> row = block.Slice(y * BlockSize, BlockSize);
                Span<double> target = scratch.Slice(y * left, left);
                row[..center].CopyTo(target);
                target[center] = row[center + 1];
                row[(center + 3)..].CopyTo(target[(center + 1)..]);
            }

            double ratio = centerDeviation / Math.Sqrt(Variance(scratch[..(BlockSize * left)]));
            ratio = double.IsNaN(ratio) ? 0 : ratio;
            double beta = Math.Abs(deviation - ratio) / Math.Max(deviation, ratio);
            return deviation > 2 * beta;
        }

        private static double Variance(ReadOnlySpan<double> values)
        {
            double mean = RowSum.Of(values) / values.Length;
            return RowSum.OfSquares(values, mean) / (values.Length - 1);
        }
    }
}
