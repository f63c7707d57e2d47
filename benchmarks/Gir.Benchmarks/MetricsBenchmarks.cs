using BenchmarkDotNet.Attributes;
using Gir.Imaging;
using Gir.Imaging.Random;
using Gir.Metrics;
using Gir.Metrics.Dimensions;
using Gir.Metrics.FullReference;
using Gir.Metrics.NoReference;

namespace Gir.Benchmarks;

/// <summary>Metrics on one thread at 1920 x 1080, on a textured image and the same with noise; `compare-metrics` sets them beside their peers.</summary>
[InProcess]
[MemoryDiagnoser]
[WarmupCount(3)]
[IterationCount(9)]
public class MetricsBenchmarks
{
    private const int Height = 1080;
    private const int Width = 1920;
    private readonly ImageBuffer _reference = Scene(3, 8, 1);
    private readonly ImageBuffer _distorted = Scene(3, 28, 2);
    private readonly ImageBuffer _grayReference = Scene(1, 8, 1);
    private readonly ImageBuffer _grayDistorted = Scene(1, 28, 2);
    private readonly Psnr _psnr = new();
    private readonly Ssim _ssim = new();
    private readonly MsSsim _msSsim = new();
    private readonly Gmsd _gmsd = new();
    private readonly Vif _vif = new();
    private readonly Fsim _fsim = new();
    private readonly Ciede2000 _ciede = new();
    private readonly DimensionMeter _dimensions = new();
    private readonly DimensionMeter _searching = new(new DimensionOptions { Search = true });
    private readonly Niqe _niqe = new();
    private readonly Piqe _piqe = new();

    [Benchmark]
    public MetricScore PsnrRgb() => _psnr.Measure(_reference, _distorted);

    [Benchmark]
    public MetricScore SsimGray() => _ssim.Measure(_grayReference, _grayDistorted);

    [Benchmark]
    public MetricScore SsimRgb() => _ssim.Measure(_reference, _distorted);

    [Benchmark]
    public MetricScore MsSsimRgb() => _msSsim.Measure(_reference, _distorted);

    [Benchmark]
    public MetricScore Gmsd() => _gmsd.Measure(_reference, _distorted);

    [Benchmark]
    public MetricScore Vifp() => _vif.Measure(_reference, _distorted);

    [Benchmark]
    public MetricScore Fsim() => _fsim.Measure(_reference, _distorted);

    [Benchmark]
    public MetricScore Ciede2000() => _ciede.Measure(_reference, _distorted);

    [Benchmark]
    public DimensionScores Dimensions() => _dimensions.Measure(_reference, _distorted);

    [Benchmark]
    public DimensionScores DimensionsSearching() => _searching.Measure(_reference, _distorted);

    [Benchmark]
    public MetricScore Niqe() => _niqe.Measure(_distorted);

    [Benchmark]
    public MetricScore Piqe() => _piqe.Measure(_distorted);

    private static ImageBuffer Scene(int channels, double noise, ulong seed)
    {
        var random = new PhiloxRandom(seed);
        var image = new ImageBuffer(channels, Height, Width);
        for (int c = 0; c < channels; c++)
        {
            for (int y = 0; y < Height; y++)
            {
                Span<float> row = image.Row(c, y);
                for (int x = 0; x < Width; x++)
                {
                    double level = 128 + (60 * Math.Sin((x * 0.05) + c) * Math.Cos(y * 0.031)) + (20 * Math.Sin((x * 0.7) + (y * 0.4)))
                        + (noise * (random.NextDouble() - 0.5));
                    row[x] = (float)Math.Clamp(Math.Round(level), 0, 255) / 255f;
                }
            }
        }

        return image;
    }
}
