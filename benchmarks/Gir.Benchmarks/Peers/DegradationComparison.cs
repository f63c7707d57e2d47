using System.Numerics.Tensors;
using Gir.Imaging;
using Gir.Imaging.Codecs;
using Gir.Imaging.Color;
using Gir.Imaging.Filtering;
using Gir.Imaging.Random;
using Gir.Imaging.Resampling;
using Gir.Imaging.Scenes;

namespace Gir.Benchmarks.Peers;

/// <summary>The degradations' hot paths against OpenCV and others on one 768x512 RGB image.</summary>
internal static class DegradationComparison
{
    /// <summary>Compares on a photograph, or on a procedural scene when <paramref name="imagePath"/> is null.</summary>
    /// <param name="peers">Makes the peers, told the paths of the image as PNG and as JPEG.</param>
    /// <param name="imagePath">A PNG file, or null.</param>
    /// <param name="rounds">Samples on each side.</param>
    /// <param name="filter">Part of a case's name; null means all.</param>
    public static void Run(Func<string, string, IReadOnlyList<IPeer>> peers, string? imagePath, int rounds, string? filter)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("gir-compare-");
        try
        {
            string png = Path.Combine(folder.FullName, "image.png");
            string jpeg = Path.Combine(folder.FullName, "image.jpg");
            ImageBuffer image = imagePath is null ? SceneGenerator.Create(1, 512, 768).Image.Quantized() : ImageFile.Load(imagePath);
            if (imagePath is null)
                ImageFile.Save(png, image);
            else
                File.Copy(imagePath, png);
            ImageFile.Save(jpeg, image, new JpegEncodeOptions(Quality: 90));
            IReadOnlyList<IPeer> others = peers(png, jpeg);
            var comparison = new Comparison(others, rounds, filter);
            comparison.PrintHeader();
            Compare(comparison, image, File.ReadAllBytes(png), File.ReadAllBytes(jpeg));
            foreach (IPeer peer in others)
                peer.Dispose();
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static void Compare(Comparison comparison, ImageBuffer image, byte[] png, byte[] jpeg)
    {
        ImageBuffer gray = image.ToGray();
        FilterKernel gaussian = FilterKernel.Gaussian(15, 2);
        FilterKernel anisotropic = FilterKernel.AnisotropicGaussian(21, 3, 1, 0.7);
        FilterKernel box = FilterKernel.Box(5);
        FilterKernel gaussian9 = FilterKernel.Gaussian(9, 2);
        IImageCodec pngCodec = ImageCodecs.Find("png");
        IImageCodec jpegCodec = ImageCodecs.Find("jpeg");

        // Both sides work in memory they have used before: here explicitly, in Python because a dropped array's block is handed out again.
        ImageBuffer result = image.Clone();
        var small = new ImageBuffer(image.Channels, image.Height / 4, image.Width / 4);
        Span<float> Noise() => result.Samples;

        comparison.Add("jpeg-round-trip", () => ImagePool.Return(JpegRoundTrip.Apply(image, 50)));
        comparison.Add("gaussian-15", () => ImageFilter.Correlate(image, gaussian, result));
        comparison.Add("filter-21", () => ImageFilter.Correlate(image, anisotropic, result));
        comparison.Add("bicubic-x4", () =>
        {
            Resampler.Resize(image, small, ResamplingKernel.Bicubic, ResamplingConvention.OpenCv);
            Resampler.Resize(small, result, ResamplingKernel.Bicubic, ResamplingConvention.OpenCv);
        });
        comparison.Add("noise", () =>
        {
            Philox4x32.FillGaussian(Noise(), 1);
            TensorPrimitives.MultiplyAdd(Noise(), 20f / 255f, image.Samples, Noise());
            TensorPrimitives.Clamp(Noise(), 0f, 1f, Noise());
        });
        comparison.Add("png-decode", () => ImagePool.Return(pngCodec.Decode(png)));
        comparison.Add("jpeg-decode", () => ImagePool.Return(jpegCodec.Decode(jpeg)));
        using var file = new MemoryStream(1 << 23);
        void Encode(IImageCodec codec, ImageEncodeOptions? options)
        {
            file.SetLength(0);
            codec.Encode(image, file, options);
        }

        comparison.Add("png-encode", () => Encode(pngCodec, null));
        comparison.Add("jpeg-encode", () => Encode(jpegCodec, new JpegEncodeOptions(Quality: 90)));
        comparison.Add("richardson-lucy-box5", () => ImagePool.Return(RichardsonLucy.Deconvolve(gray, box, new RichardsonLucyOptions(10))));
        comparison.Add("richardson-lucy-gaussian9", () => ImagePool.Return(RichardsonLucy.Deconvolve(gray, gaussian9, new RichardsonLucyOptions(10))));
    }
}
