using Gir.Imaging;
using Gir.Imaging.Random;
using Gir.Metrics;

namespace Gir.Evaluation.Quality;

/// <summary>A texture with a picture's spectrum and the phases of noise (Galerne, Gousseau, Morel: "Random Phase Textures", 2011), without what is coarser than a 16th of its side.</summary>
internal static class PhaseTexture
{
    private const int LeastCycles = 16;

    /// <summary>A plane of mean 0 and deviation 1; all 0 where the picture has no detail.</summary>
    public static ImageBuffer Of(ImageBuffer picture, ulong seed)
    {
        (int height, int width) = (picture.Height, picture.Width);
        int count = height * width;
        var transform = new Fourier(height, width);
        (double[] real, double[] imaginary) = (new double[count], new double[count]);
        for (int channel = 0; channel < picture.Channels; channel++)
        {
            ReadOnlySpan<float> plane = picture.Plane(channel);
            for (int i = 0; i < count; i++)
                real[i] += plane[i];
        }

        transform.Transform(real, imaginary, inverse: false, Parallelism.Sequential);
        (double[] phases, double[] phasesImaginary) = (new double[count], new double[count]);
        var random = new PhiloxRandom(seed);
        for (int i = 0; i < count; i++)
            phases[i] = random.NextGaussian();
        transform.Transform(phases, phasesImaginary, inverse: false, Parallelism.Sequential);
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                int i = (y * width) + x;
                (int down, int across) = (Math.Min(y, height - y), Math.Min(x, width - x));
                double length = Math.Sqrt((phases[i] * phases[i]) + (phasesImaginary[i] * phasesImaginary[i]));
                bool isCoarse = (down * down) + (across * across) < LeastCycles * LeastCycles;
                double scale = isCoarse || length == 0 ? 0 : Math.Sqrt((real[i] * real[i]) + (imaginary[i] * imaginary[i])) / length;
                (phases[i], phasesImaginary[i]) = (phases[i] * scale, phasesImaginary[i] * scale);
            }
        }

        transform.Transform(phases, phasesImaginary, inverse: true, Parallelism.Sequential);
        double energy = 0;
        foreach (double value in phases)
            energy += value * value;
        double deviation = Math.Sqrt(energy / count);
        var texture = new ImageBuffer(1, height, width);
        for (int i = 0; i < count && deviation > 1e-9; i++)
            texture.Samples[i] = (float)(phases[i] / deviation);
        return texture;
    }
}
