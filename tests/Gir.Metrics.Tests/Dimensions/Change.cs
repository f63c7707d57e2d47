using Gir.Imaging;
using Gir.Imaging.Codecs;
using Gir.Imaging.Filtering;
using Gir.Imaging.Random;
using Gir.Imaging.Resampling;

namespace Gir.Metrics.Tests.Dimensions;

/// <summary>What happens to pictures in the tests of the dimensions; results are rounded to 8 bits, as files are.</summary>
internal static class Change
{
    public static ImageBuffer Blur(ImageBuffer image, double sigma) =>
        sigma == 0 ? image : Levels(ImageFilter.GaussianBlur(image, (2 * (int)Math.Ceiling(4 * sigma)) + 1, sigma, PadMode.Symmetric), v => v);

    /// <summary>Gaussian noise of a standard deviation in levels.</summary>
    public static ImageBuffer Noise(ImageBuffer image, double sigma, ulong seed = 1)
    {
        var random = new PhiloxRandom(seed);
        return Levels(image, v => v + (float)(sigma / 255 * random.NextGaussian()));
    }

    /// <summary>Adds a share of the difference to the image after a Gaussian of sigma 1, where that difference is above three levels.</summary>
    public static ImageBuffer Unsharp(ImageBuffer image, double share)
    {
        ImageBuffer blurred = Blur(image, 1);
        var result = image.Clone();
        for (int i = 0; i < result.Samples.Length; i++)
        {
            float difference = image.Samples[i] - blurred.Samples[i];
            if (Math.Abs(difference) > 3.5f / 255)
                result.Samples[i] += (float)share * difference;
        }

        return Levels(result, v => v);
    }

    /// <summary>To a quarter of the size and back.</summary>
    public static ImageBuffer Quarter(ImageBuffer image)
    {
        ImageBuffer small = Resampler.Resize(image, image.Height / 4, image.Width / 4, ResamplingKernel.Bicubic, ResamplingConvention.Pillow);
        return Levels(Resampler.Resize(small, image.Height, image.Width, ResamplingKernel.Bicubic, ResamplingConvention.Pillow), v => v);
    }

    public static ImageBuffer Median(ImageBuffer image, int size) => ImageFilter.Median(image, size);

    public static ImageBuffer Jpeg(ImageBuffer image, int quality) =>
        ImageFile.Decode(ImageFile.Encode(image, "jpeg", new JpegEncodeOptions { Quality = quality }));

    public static ImageBuffer Times(ImageBuffer image, float gain, float offset = 0) => Levels(image, v => (gain * v) + offset);

    public static ImageBuffer Levels(ImageBuffer image, Func<float, float> change)
    {
        var result = image.Clone();
        for (int i = 0; i < result.Samples.Length; i++)
            result.Samples[i] = MathF.Round(255 * Math.Clamp(change(image.Samples[i]), 0, 1)) / 255;
        return result;
    }
}
