using Gir.Imaging;
using Gir.Imaging.Filtering;
using Gir.Imaging.Random;
using Gir.Imaging.Resampling;

namespace Gir.Models.Tests.Restoration;

/// <summary>Scenes and what the classical restorers are made for, built from the imaging package alone; 8-bit levels as in a benchmark.</summary>
internal static class Degraded
{
    private static readonly Lazy<SafeTensors> Inputs = new(() => SafeTensors.Load(TestData.Golden("degradations", "inputs.safetensors")));

    public static ImageBuffer Scene(string name) => Images.FromGolden(Inputs.Value, name);

    public static ImageBuffer Noisy(ImageBuffer clean, double sigma)
    {
        var random = new PhiloxRandom(42);
        return Changed(clean, (value, _, _) => (float)(value + (sigma / 255 * random.NextGaussian())));
    }

    public static ImageBuffer Impulses(ImageBuffer clean)
    {
        var random = new PhiloxRandom(43);
        return Changed(clean, (value, _, _) => random.NextDouble() is var u && u < 0.03 ? 0 : u < 0.06 ? 1 : value);
    }

    public static ImageBuffer Blurred(ImageBuffer clean) => ImageFilter.GaussianBlur(clean, 15, 2).Quantized();

    public static ImageBuffer Resized(ImageBuffer clean) =>
        Bicubic(Bicubic(clean, clean.Height / 4, clean.Width / 4), clean.Height, clean.Width).Quantized();

    /// <summary>The veil of a scene whose distance grows from the lower to the upper edge: airlight 0.9, beta 1.8.</summary>
    public static ImageBuffer Hazy(ImageBuffer clean) => Changed(clean, (value, y, _) =>
    {
        double t = Math.Exp(-1.8 * (1 - (0.85 * y / (clean.Height - 1))));
        return (float)((value * t) + (0.9 * (1 - t)));
    });

    /// <summary>Two white strokes, nine pixels wide.</summary>
    public static ImageBuffer Scratched(ImageBuffer clean) => Changed(clean, (value, y, x) =>
        Math.Abs(y - 30 - (x / 3)) <= 4 || Math.Abs(x - 100) <= 4 ? 1 : value);

    public static ImageBuffer Bicubic(ImageBuffer image, int height, int width) =>
        Resampler.Resize(image, height, width, ResamplingKernel.Bicubic, ResamplingConvention.Torch);

    public static double Psnr(ImageBuffer image, ImageBuffer clean)
    {
        ImageBuffer levels = image.Quantized();
        double sum = 0;
        for (int i = 0; i < clean.Samples.Length; i++)
            sum += Math.Pow(levels.Samples[i] - (double)clean.Samples[i], 2);
        return -10 * Math.Log10(sum / clean.Samples.Length);
    }

    private static ImageBuffer Changed(ImageBuffer clean, Func<float, int, int, float> change)
    {
        ImageBuffer result = clean.Clone();
        for (int i = 0; i < result.Samples.Length; i++)
            result.Samples[i] = change(result.Samples[i], i / clean.Width % clean.Height, i % clean.Width);
        return result.Quantized();
    }
}
