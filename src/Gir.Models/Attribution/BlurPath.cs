using Gir.Imaging;

namespace Gir.Models.Attribution;

/// <summary>
/// The path of local attribution maps: x_i = k_(i+1) * I and dx_i = steps (k_(i+1) - k_i) * I for i = 0..steps-1, where k_i is the normalized Gaussian of the
/// standard deviation sigma (1 - i/steps) + 1e-5, so that the last point is the image itself. Borders are mirrored without repeating the edge.
/// </summary>
/// <param name="sigma">Standard deviation of the strongest blur.</param>
/// <param name="steps">Number of points.</param>
/// <param name="size">Height and width of the kernels, odd.</param>
internal sealed class BlurPath(double sigma, int steps, int size)
{
    private const double LeastSigma = 1e-5;

    /// <summary>One side of the kernel, which is the product of two: normalized, double precision.</summary>
    public double[] Kernel(int index)
    {
        double deviation = (sigma * (1 - ((double)index / steps))) + LeastSigma;
        var taps = new double[size];
        int center = size / 2;
        double sum = 0;
        for (int i = 0; i < size; i++)
        {
            taps[i] = Math.Exp(-((double)(i - center) * (i - center)) / (2 * deviation * deviation));
            sum += taps[i];
        }

        for (int i = 0; i < size; i++)
            taps[i] /= sum;
        return taps;
    }

    /// <summary>k_index * I, planes one after the other.</summary>
    public double[] Blur(ImageBuffer image, int index)
    {
        double[] taps = Kernel(index);
        (int height, int width) = (image.Height, image.Width);
        var blurred = new double[image.Array.Length];
        var rows = new double[image.PlaneLength];
        for (int c = 0; c < image.Channels; c++)
        {
            ReadOnlySpan<float> plane = image.Plane(c);
            Span<double> target = blurred.AsSpan(c * image.PlaneLength, image.PlaneLength);
            for (int y = 0; y < height; y++)
            {
                for (int x = 0; x < width; x++)
                {
                    double sum = 0;
                    for (int t = 0; t < taps.Length; t++)
                        sum += taps[t] * plane[(y * width) + Mirror(x + t - (size / 2), width)];
                    rows[(y * width) + x] = sum;
                }
            }

            for (int y = 0; y < height; y++)
            {
                Span<double> row = target.Slice(y * width, width);
                for (int t = 0; t < taps.Length; t++)
                {
                    ReadOnlySpan<double> source = rows.AsSpan(Mirror(y + t - (size / 2), height) * width, width);
                    for (int x = 0; x < width; x++)
                        row[x] += taps[t] * source[x];
                }
            }
        }

        return blurred;
    }

    private static int Mirror(int index, int length)
    {
        if (length == 1)
            return 0;
        int period = 2 * (length - 1);
        int folded = ((index % period) + period) % period;
        return folded < length ? folded : period - folded;
    }
}
