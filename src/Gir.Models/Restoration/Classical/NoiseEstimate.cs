using Gir.Imaging;

namespace Gir.Models.Restoration;

/// <summary>Estimates the strength of white Gaussian noise from one image.</summary>
internal static class NoiseEstimate
{
    /// <summary>
    /// The standard deviation of the noise, by the median of the absolute diagonal Haar coefficients divided by 0.6745 (Donoho and
    /// Johnstone, "Ideal spatial adaptation by wavelet shrinkage", 1994); over all channels together.
    /// </summary>
    /// <param name="image">The image; fine texture counts as noise.</param>
    /// <returns>On the scale of the samples ([0, 1]); 0 for an image of one row or column.</returns>
    public static double Sigma(ImageBuffer image)
    {
        ArgumentNullException.ThrowIfNull(image);
        int rows = image.Height / 2;
        int columns = image.Width / 2;
        if (rows == 0 || columns == 0)
            return 0;
        var coefficients = new float[image.Channels * rows * columns];
        int next = 0;
        for (int c = 0; c < image.Channels; c++)
        {
            for (int y = 0; y < rows; y++)
            {
                ReadOnlySpan<float> upper = image.Row(c, 2 * y);
                ReadOnlySpan<float> lower = image.Row(c, (2 * y) + 1);
                for (int x = 0; x < columns; x++)
                    coefficients[next++] = Math.Abs(upper[2 * x] - upper[(2 * x) + 1] - lower[2 * x] + lower[(2 * x) + 1]) / 2;
            }
        }

        Array.Sort(coefficients);
        return coefficients[coefficients.Length / 2] / 0.6745;
    }
}
