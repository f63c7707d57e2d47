using System.Buffers;
using Gir.Imaging.Kernels;

namespace Gir.Imaging.Resampling;

/// <summary>
/// Resampling of 8-bit levels with rounding (half up) and clipping to 8 bits after each pass. Sums are in float64: exact for Pillow's
/// 22-bit weights, and what MATLAB computes for its own.
/// </summary>
internal static class ByteResampler
{
    private const int Grain = 8;

    public static void Apply(
        ImageBuffer source, ImageBuffer destination, AxisWeights vertical, AxisWeights horizontal, bool verticalFirst, Parallelism parallelism)
    {
        int channels = source.Channels;
        (int middleHeight, int middleWidth) = verticalFirst ? (destination.Height, source.Width) : (source.Height, destination.Width);
        byte[] levels = ArrayPool<byte>.Shared.Rent(source.Samples.Length);
        byte[] middle = ArrayPool<byte>.Shared.Rent(checked(channels * middleHeight * middleWidth));
        byte[] final = ArrayPool<byte>.Shared.Rent(destination.Samples.Length);
        int count = source.Samples.Length;
        InterleaveBytes.Run(source.Samples, count, 1, levels.AsSpan(0, count));
        var first = new Pass(levels, middle, verticalFirst ? vertical : horizontal, verticalFirst, source.Height, source.Width);
        var second = new Pass(middle, final, verticalFirst ? horizontal : vertical, !verticalFirst, middleHeight, middleWidth);
        parallelism.For(channels * middleHeight, Grain, first);
        parallelism.For(channels * destination.Height, Grain, second);
        count = destination.Samples.Length;
        DeinterleaveBytes.Run(final.AsSpan(0, count), 1, destination.Samples, count);
        ArrayPool<byte>.Shared.Return(levels);
        ArrayPool<byte>.Shared.Return(middle);
        ArrayPool<byte>.Shared.Return(final);
    }

    /// <summary>One pass along one axis; rows are independent in both.</summary>
    private readonly struct Pass(byte[] input, byte[] output, AxisWeights axis, bool vertical, int inputHeight, int inputWidth) : IRangeBody
    {
        private readonly double[] _weights = vertical ? axis.Weights : axis.WeightsByTap();

        public void Invoke(int start, int end)
        {
            if (vertical)
                Vertical(start, end);
            else
                Horizontal(start, end);
        }

        private void Vertical(int start, int end)
        {
            for (int r = start; r < end; r++)
            {
                (int c, int y) = Math.DivRem(r, axis.OutputLength);
                ResampleLevelsVertical.Combine(
                    input.AsSpan(((c * inputHeight) + axis.Starts[y]) * inputWidth),
                    inputWidth,
                    _weights.AsSpan(y * axis.Taps, axis.Taps),
                    output.AsSpan(r * inputWidth, inputWidth));
            }
        }

        private void Horizontal(int start, int end)
        {
            int[] scratch = ArrayPool<int>.Shared.Rent(inputWidth);
            Span<int> row = scratch.AsSpan(0, inputWidth);
            for (int r = start; r < end; r++)
            {
                ReadOnlySpan<byte> levels = input.AsSpan(r * inputWidth, inputWidth);
                for (int x = 0; x < levels.Length; x++)
                    row[x] = levels[x];
                ResampleLevelsHorizontal.Apply(row, axis.Starts, _weights, output.AsSpan(r * axis.OutputLength, axis.OutputLength));
            }

            ArrayPool<int>.Shared.Return(scratch);
        }
    }
}
