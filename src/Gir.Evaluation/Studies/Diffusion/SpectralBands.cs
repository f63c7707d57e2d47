using Gir.Imaging;
using Gir.Metrics;

namespace Gir.Evaluation.Studies.Diffusion;

/// <summary>The energy of an image by frequency, in rings around zero; the mean itself belongs to none.</summary>
internal static class SpectralBands
{
    /// <summary>How many rings there are, of equal width up to half a cycle a pixel; corners beyond belong to the last.</summary>
    public const int Count = 4;

    /// <summary>Sums of the squared magnitudes of all channels' spectra, the coarsest ring first.</summary>
    public static double[] Of(ImageBuffer image)
    {
        var bands = new double[Count];
        var fourier = new Fourier(image.Height, image.Width);
        for (int c = 0; c < image.Channels; c++)
        {
            double[] real = [.. image.Plane(c).ToArray().Select(v => (double)v)];
            var imaginary = new double[real.Length];
            fourier.Transform(real, imaginary, inverse: false, Parallelism.Sequential);
            for (int y = 0; y < image.Height; y++)
            {
                double vertical = (double)Math.Min(y, image.Height - y) / image.Height;
                for (int x = y == 0 ? 1 : 0; x < image.Width; x++)
                {
                    double horizontal = (double)Math.Min(x, image.Width - x) / image.Width;
                    int band = Math.Min(Count - 1, (int)(Math.Sqrt((vertical * vertical) + (horizontal * horizontal)) * 2 * Count));
                    int i = (y * image.Width) + x;
                    bands[band] += (real[i] * real[i]) + (imaginary[i] * imaginary[i]);
                }
            }
        }

        return bands;
    }
}
