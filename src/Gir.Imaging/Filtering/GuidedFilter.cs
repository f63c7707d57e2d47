using System.Buffers;
using System.Numerics.Tensors;

namespace Gir.Imaging.Filtering;

/// <summary>
/// The guided filter of He, Sun and Tang ("Guided Image Filtering", PAMI 2013): within every window the output is a linear function
/// of the guide that fits the input (Eq. 5 and 6, in color Eq. 19 and 20), and overlapping windows are averaged (Eq. 8).
/// </summary>
/// <remarks>Windows end at the image's edge, as in the authors' code. Sums and fits are in double precision.</remarks>
public static class GuidedFilter
{
    /// <summary>Filters every channel of the input by the guide.</summary>
    /// <param name="guide">1 (gray) or 3 (RGB) channels; the edges that the output follows.</param>
    /// <param name="input">Any number of channels, height and width of the guide.</param>
    /// <param name="radius">Reach of the windows in pixels, 0..<see cref="ImageFilter.MaxRadius"/>.</param>
    /// <param name="epsilon">Above 0; edges of the guide with a variance well below it are smoothed, those well above are kept.</param>
    /// <param name="parallelism">Threads; the result does not depend on them.</param>
    /// <returns>A new image of the input's shape, not clamped.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The radius or epsilon is out of range.</exception>
    /// <exception cref="ArgumentException">The guide has another number of channels than 1 or 3, or the sizes differ.</exception>
    public static ImageBuffer Apply(ImageBuffer guide, ImageBuffer input, int radius, double epsilon, Parallelism parallelism = default)
    {
        ArgumentNullException.ThrowIfNull(guide);
        ArgumentNullException.ThrowIfNull(input);
        ImageFilter.CheckRadius(radius);
        if (!(epsilon > 0 && double.IsFinite(epsilon)))
            throw new ArgumentOutOfRangeException(nameof(epsilon), epsilon, "Expected a finite number above 0.");
        if (guide.Channels is not (1 or 3))
            throw new ArgumentException($"The guide is {guide}; expected 1 or 3 channels.", nameof(guide));
        if (guide.Height != input.Height || guide.Width != input.Width)
            throw new ArgumentException($"The guide is {guide}, the input {input} (channels x height x width); expected the same height and width.", nameof(input));

        // The planes of the coefficients: for every input channel one slope per guide channel, then the offset.
        int length = input.Channels * (guide.Channels + 1) * guide.PlaneLength;
        float[] coefficients = ArrayPool<float>.Shared.Rent(length);
        var result = new ImageBuffer(input.Channels, input.Height, input.Width, GC.AllocateUninitializedArray<float>(input.Samples.Length));
        var fit = new FitClient(guide, input, coefficients, radius, epsilon);
        BoxSums.Run(1, input.Height, input.Width, radius, PadMode.Zero, fit, parallelism);
        BoxSums.Run(1, input.Height, input.Width, radius, PadMode.Zero, new AverageClient(guide, result, coefficients, radius), parallelism);
        ArrayPool<float>.Shared.Return(coefficients);
        return result;
    }

    // Samples of a window that lie inside the image, along one axis.
    private static int Inside(int position, int count, int radius) =>
        Math.Min(count - 1, position + radius) - Math.Max(0, position - radius) + 1;

    /// <summary>Sums guide, guide x guide, input and guide x input, and fits the line of every window.</summary>
    private readonly struct FitClient(ImageBuffer guide, ImageBuffer input, float[] coefficients, int radius, double epsilon) : IBoxClient
    {
        private int Guides => guide.Channels;

        // Means of the guide, its covariances (upper triangle), then input and products per input channel.
        private int Fixed => Guides == 1 ? 2 : 9;

        public int Features => Fixed + (input.Channels * (1 + Guides));

        public void Load(int row, Span<double> features)
        {
            int width = guide.Width;
            for (int i = 0; i < Guides; i++)
                TensorPrimitives.ConvertTruncating<float, double>(guide.Row(i, row), features.Slice(i * width, width));
            int next = Guides;
            for (int i = 0; i < Guides; i++)
            {
                for (int j = i; j < Guides; j++)
                    TensorPrimitives.Multiply(features.Slice(i * width, width), features.Slice(j * width, width), features.Slice(next++ * width, width));
            }

            for (int c = 0; c < input.Channels; c++)
            {
                Span<double> samples = features.Slice(next++ * width, width);
                TensorPrimitives.ConvertTruncating<float, double>(input.Row(c, row), samples);
                for (int i = 0; i < Guides; i++)
                    TensorPrimitives.Multiply(features.Slice(i * width, width), samples, features.Slice(next++ * width, width));
            }
        }

        public void Store(int row, ReadOnlySpan<double> sums)
        {
            if (Guides == 1)
                FitGray(row, sums);
            else
                FitColor(row, sums);
        }

        private void FitGray(int row, ReadOnlySpan<double> sums)
        {
            int width = guide.Width;
            int plane = guide.PlaneLength;
            int rows = Inside(row, guide.Height, radius);
            for (int x = 0; x < width; x++)
            {
                double scale = 1.0 / (rows * Inside(x, width, radius));
                double mean = sums[x] * scale;
                double variance = (sums[width + x] * scale) - (mean * mean);
                for (int c = 0; c < input.Channels; c++)
                {
                    double meanInput = sums[((2 + (2 * c)) * width) + x] * scale;
                    double covariance = (sums[((3 + (2 * c)) * width) + x] * scale) - (mean * meanInput);
                    double slope = covariance / (variance + epsilon);
                    int at = (2 * c * plane) + (row * width) + x;
                    coefficients[at] = (float)slope;
                    coefficients[at + plane] = (float)(meanInput - (slope * mean));
                }
            }
        }

        private void FitColor(int row, ReadOnlySpan<double> sums)
        {
            int width = guide.Width;
            int plane = guide.PlaneLength;
            int rows = Inside(row, guide.Height, radius);
            for (int x = 0; x < width; x++)
            {
                double scale = 1.0 / (rows * Inside(x, width, radius));
                double r = sums[x] * scale;
                double g = sums[width + x] * scale;
                double b = sums[(2 * width) + x] * scale;
                double rr = (sums[(3 * width) + x] * scale) - (r * r) + epsilon;
                double rg = (sums[(4 * width) + x] * scale) - (r * g);
                double rb = (sums[(5 * width) + x] * scale) - (r * b);
                double gg = (sums[(6 * width) + x] * scale) - (g * g) + epsilon;
                double gb = (sums[(7 * width) + x] * scale) - (g * b);
                double bb = (sums[(8 * width) + x] * scale) - (b * b) + epsilon;

                // The inverse of the symmetric 3 x 3 matrix by its cofactors; epsilon keeps the determinant above 0.
                double crr = (gg * bb) - (gb * gb);
                double crg = (rb * gb) - (rg * bb);
                double crb = (rg * gb) - (rb * gg);
                double cgg = (rr * bb) - (rb * rb);
                double cgb = (rb * rg) - (rr * gb);
                double cbb = (rr * gg) - (rg * rg);
                double inverse = 1 / ((rr * crr) + (rg * crg) + (rb * crb));
                for (int c = 0; c < input.Channels; c++)
                {
                    int feature = (9 + (4 * c)) * width;
                    double p = sums[feature + x] * scale;
                    double pr = (sums[feature + width + x] * scale) - (r * p);
                    double pg = (sums[feature + (2 * width) + x] * scale) - (g * p);
                    double pb = (sums[feature + (3 * width) + x] * scale) - (b * p);
                    double ar = ((crr * pr) + (crg * pg) + (crb * pb)) * inverse;
                    double ag = ((crg * pr) + (cgg * pg) + (cgb * pb)) * inverse;
                    double ab = ((crb * pr) + (cgb * pg) + (cbb * pb)) * inverse;
                    int at = (4 * c * plane) + (row * width) + x;
                    coefficients[at] = (float)ar;
                    coefficients[at + plane] = (float)ag;
                    coefficients[at + (2 * plane)] = (float)ab;
                    coefficients[at + (3 * plane)] = (float)(p - (ar * r) - (ag * g) - (ab * b));
                }
            }
        }
    }

    /// <summary>Averages the lines of all windows that contain a sample, and applies them to the guide.</summary>
    private readonly struct AverageClient(ImageBuffer guide, ImageBuffer result, float[] coefficients, int radius) : IBoxClient
    {
        public int Features => result.Channels * (guide.Channels + 1);

        public void Load(int row, Span<double> features)
        {
            int width = guide.Width;
            for (int f = 0; f < Features; f++)
                TensorPrimitives.ConvertTruncating<float, double>(coefficients.AsSpan((f * guide.PlaneLength) + (row * width), width), features.Slice(f * width, width));
        }

        public void Store(int row, ReadOnlySpan<double> sums)
        {
            int width = guide.Width;
            int rows = Inside(row, guide.Height, radius);
            for (int c = 0; c < result.Channels; c++)
            {
                Span<float> target = result.Row(c, row);
                int first = c * (guide.Channels + 1);
                for (int x = 0; x < width; x++)
                {
                    double value = sums[((first + guide.Channels) * width) + x];
                    for (int i = 0; i < guide.Channels; i++)
                        value += sums[((first + i) * width) + x] * guide.Array[(i * guide.PlaneLength) + (row * width) + x];
                    target[x] = (float)(value / (rows * Inside(x, width, radius)));
                }
            }
        }
    }
}
