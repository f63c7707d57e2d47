using BenchmarkDotNet.Attributes;
using Gir.Imaging;
using Gir.Imaging.Codecs;
using Gir.Imaging.Filtering;
using Gir.Imaging.Random;
using Gir.Imaging.Resampling;
using Gir.Imaging.Scenes;

namespace Gir.Benchmarks;

/// <summary>The foundation's hot paths on one 768x512 RGB scene, one thread.</summary>
[MemoryDiagnoser]
public class ImagingBenchmarks
{
    private readonly FilterKernel _gaussian = FilterKernel.Gaussian(15, 2);
    private readonly FilterKernel _anisotropic = FilterKernel.AnisotropicGaussian(21, 3, 1, 0.7);
    private ImageBuffer _image = new(1, 1, 1);
    private ImageBuffer _result = new(1, 1, 1);
    private ImageBuffer _small = new(1, 1, 1);
    private byte[] _png = [];
    private byte[] _jpeg = [];

    /// <summary>Draws the scene and encodes it.</summary>
    [GlobalSetup]
    public void Setup()
    {
        _image = SceneGenerator.Create(1, 512, 768).Image.Quantized();
        _result = _image.Clone();
        _small = new ImageBuffer(3, 128, 192);
        _png = ImageFile.Encode(_image);
        _jpeg = ImageFile.Encode(_image, "jpeg", new JpegEncodeOptions(Quality: 90));
    }

    /// <summary>8-bit PNG to planar float.</summary>
    [Benchmark]
    public void PngDecode() => ImagePool.Return(ImageCodecs.Png.Decode(_png));

    /// <summary>Baseline JPEG of quality 90 to planar float.</summary>
    [Benchmark]
    public void JpegDecode() => ImagePool.Return(ImageCodecs.Jpeg.Decode(_jpeg));

    /// <summary>JPEG of quality 50 and back, without entropy coding.</summary>
    [Benchmark]
    public void JpegRoundTrip() => ImagePool.Return(Imaging.Codecs.JpegRoundTrip.Apply(_image, 50));

    /// <summary>15x15 Gaussian, run separably.</summary>
    [Benchmark]
    public void Gaussian15() => ImageFilter.Correlate(_image, _gaussian, _result);

    /// <summary>21x21 kernel of full rank.</summary>
    [Benchmark]
    public void Filter21() => ImageFilter.Correlate(_image, _anisotropic, _result);

    /// <summary>Bicubic to a quarter and back.</summary>
    [Benchmark]
    public void BicubicX4()
    {
        Resampler.Resize(_image, _small, ResamplingKernel.Bicubic);
        Resampler.Resize(_small, _result, ResamplingKernel.Bicubic);
    }

    /// <summary>1,179,648 normal variates.</summary>
    [Benchmark]
    public void PhiloxGaussian() => Philox4x32.FillGaussian(_result.Samples, 1);

    /// <summary>A 384x256 scene with its depth.</summary>
    [Benchmark]
    public Scene Scene() => SceneGenerator.Create(1, 256, 384);
}
