using System.Buffers;

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
        ToLevels(source.Samples, levels);
        var first = new Pass(levels, middle, verticalFirst ? vertical : horizontal, verticalFirst, source.Height, source.Width);
        var second = new Pass(middle, final, verticalFirst ? horizontal : vertical, !verticalFirst, middleHeight, middleWidth);
        parallelism.For(channels * middleHeight, Grain, first);
        parallelism.For(channels * destination.Height, Grain, second);
        Span<float> samples = destination.Samples;
        for (int i = 0; i < samples.Length; i++)
            samples[i] = final[i] / 255f;
        ArrayPool<byte>.Shared.Return(levels);
        ArrayPool<byte>.Shared.Return(middle);
        ArrayPool<byte>.Shared.Return(final);
    }

    private static void ToLevels(ReadOnlySpan<float> samples, Span<byte> levels)
    {
        // Conversion saturates: infinities clip, NaN becomes 0.
        for (int i = 0; i < samples.Length; i++)
            levels[i] = (byte)Math.Clamp((int)MathF.Round(samples[i] * 255f, MidpointRounding.ToEven), 0, 255);
    }

    private static byte Round(double value) => (byte)Math.Clamp(Math.Floor(value + 0.5), 0, 255);

    /// <summary>One pass along one axis; rows are independent in both.</summary>
    private readonly struct Pass(byte[] input, byte[] output, AxisWeights axis, bool vertical, int inputHeight, int inputWidth) : IRangeBody
    {
        public void Invoke(int start, int end)
        {
            if (vertical)
                Vertical(start, end);
            else
                Horizontal(start, end);
        }

        private void Vertical(int start, int end)
        {
            int width = inputWidth;
            double[] scratch = ArrayPool<double>.Shared.Rent(width);
            Span<double> sums = scratch.AsSpan(0, width);
            for (int r = start; r < end; r++)
            {
                (int c, int y) = Math.DivRem(r, axis.OutputLength);
                sums.Clear();
                for (int t = 0; t < axis.Taps; t++)
                {
                    double weight = axis.Weights[(y * axis.Taps) + t];
                    ReadOnlySpan<byte> row = input.AsSpan(((c * inputHeight) + axis.Starts[y] + t) * width, width);
                    for (int x = 0; x < row.Length; x++)
                        sums[x] += row[x] * weight;
                }

                Span<byte> result = output.AsSpan(r * width, width);
                for (int x = 0; x < result.Length; x++)
                    result[x] = Round(sums[x]);
            }

            ArrayPool<double>.Shared.Return(scratch);
        }

        private void Horizontal(int start, int end)
        {
            int width = axis.OutputLength;
            for (int r = start; r < end; r++)
            {
                ReadOnlySpan<byte> row = input.AsSpan(r * inputWidth, inputWidth);
                Span<byte> result = output.AsSpan(r * width, width);
                for (int x = 0; x < width; x++)
                {
                    ReadOnlySpan<byte> window = row.Slice(axis.Starts[x], axis.Taps);
                    ReadOnlySpan<double> weights = axis.Weights.AsSpan(x * axis.Taps, axis.Taps);
                    double sum = 0;
                    for (int t = 0; t < window.Length; t++)
                        sum += window[t] * weights[t];
                    result[x] = Round(sum);
                }
            }
        }
    }
}
