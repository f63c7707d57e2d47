using Gir.Imaging;
using Gir.Imaging.Observability;
using Gir.Metrics.Kernels;

namespace Gir.Metrics.FullReference;

/// <summary>How SSIM is computed.</summary>
public sealed record SsimOptions
{
    /// <summary>The plane or planes compared; default RGB: every channel by itself, then their mean.</summary>
    public MetricColor Color { get; init; } = MetricColor.Rgb;

    /// <summary>Pixels cut from every side before anything else; default 0.</summary>
    public int Crop { get; init; }

    /// <summary>Constant of the luminance term; default 0.01.</summary>
    public double K1 { get; init; } = 0.01;

    /// <summary>Constant of the contrast-structure term; default 0.03.</summary>
    public double K2 { get; init; } = 0.03;

    /// <summary>Raises negative contrast-structure factors to 0, as pyiqa does; default false, as in the paper.</summary>
    public bool ClampContrast { get; init; }
}

/// <summary>
/// Structural similarity (Wang, Bovik, Sheikh, Simoncelli: "Image Quality Assessment: From Error Visibility to Structural
/// Similarity", 2004, eq. 13): 11 x 11 Gaussian window of sigma 1.5, valid region only, mean over pixels, then over
/// channels. At most 1 (identical images); higher is better.
/// </summary>
/// <remarks>
/// Double precision throughout; 8-bit images agree with the authors' ssim_index and with scikit-image to 1e-9. Images of at
/// least 11 x 11 pixels; in RGB any number of channels. Samples beyond the range of [0, 1], such as levels of 0..255 or NaN, are refused. No allocation after the first call.
/// </remarks>
public sealed class Ssim : IFullReferenceMetric
{
    internal const int MinimumSize = Kernels.SsimTile.Taps;
    private readonly SsimOptions _options;
    private readonly MetricNeeds _needs;
    private readonly SsimConstants _constants;
    private readonly string _convention;

    /// <summary>SSIM in RGB, without crop.</summary>
    public Ssim()
        : this(new SsimOptions())
    {
    }

    /// <summary>SSIM under other options.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The crop is negative, or a constant is not a positive number.</exception>
    public Ssim(SsimOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfNegative(options.Crop, nameof(options));
        if (!(options.K1 > 0 && options.K2 > 0 && double.IsFinite(options.K1 + options.K2)))
            throw new ArgumentOutOfRangeException(nameof(options), $"Expected finite K1 and K2 above 0, not {options.K1} and {options.K2}.");
        _options = options;
        _needs = MetricNeeds.Of(Name, MinimumSize, options.Crop, options.Color);
        _constants = SsimEngine.Constants(options.K1, options.K2, options.ClampContrast);
        string clamp = options.ClampContrast ? ", contrast clamped at 0" : "";
        _convention = $"{MetricText.Of(options.Color, options.Crop)}, range 1, Gaussian 11 x 11 sigma 1.5, valid region{clamp}";
    }

    /// <inheritdoc/>
    public string Name => "ssim";

    /// <inheritdoc/>
    public string? WhyUnfit(int channels, int height, int width) => _needs.Unfit(channels, height, width);

    /// <summary>Scores an image against its reference.</summary>
    /// <param name="reference">The clean image.</param>
    /// <param name="distorted">The image to judge, of the same shape.</param>
    /// <exception cref="ArgumentException">The shapes differ, less than 11 x 11 pixels are left after the crop, or a sample is not in the range of [0, 1].</exception>
    public MetricScore Measure(ImageBuffer reference, ImageBuffer distorted) => Measure(reference, distorted, default);

    /// <inheritdoc cref="Measure(ImageBuffer, ImageBuffer)"/>
    /// <param name="reference">The clean image.</param>
    /// <param name="distorted">The image to judge, of the same shape.</param>
    /// <param name="parallelism">Threads that may be used.</param>
    public MetricScore Measure(ImageBuffer reference, ImageBuffer distorted, Parallelism parallelism)
    {
        using TimedWork.Piece work = MetricsTelemetry.Begin(Name, parallelism);
        return work.Complete(new MetricScore(Name, Measure(reference, distorted, null, parallelism), _convention, HigherIsBetter: true));
    }

    /// <summary>SSIM of every pixel of the valid region.</summary>
    /// <param name="reference">The clean image.</param>
    /// <param name="distorted">The image to judge, of the same shape.</param>
    /// <param name="parallelism">Threads that may be used.</param>
    /// <returns>One plane per plane of the color convention, 10 pixels smaller in both directions than the cropped image; values in [-1, 1].</returns>
    /// <exception cref="ArgumentException">As for <see cref="Measure(ImageBuffer, ImageBuffer)"/>.</exception>
    public ImageBuffer MeasureMap(ImageBuffer reference, ImageBuffer distorted, Parallelism parallelism = default)
    {
        _needs.Check(reference, distorted);
        int lost = (2 * _options.Crop) + MinimumSize - 1;
        var map = new ImageBuffer(
            LevelPlane.CountOf(reference, _options.Color), reference.Height - lost, reference.Width - lost);
        Measure(reference, distorted, map, parallelism);
        return map;
    }

    private double Measure(ImageBuffer reference, ImageBuffer distorted, ImageBuffer? map, Parallelism parallelism)
    {
        _needs.Check(reference, distorted);
        double value;
        if (_options.Color == MetricColor.Rgb)
        {
            double sum = 0;
            for (int channel = 0; channel < reference.Channels; channel++)
            {
                Memory<float> target = map is null ? default : map.Array.AsMemory(channel * map.PlaneLength, map.PlaneLength);
                var x = new PlaneSource(reference, channel, _options.Crop);
                var y = new PlaneSource(distorted, channel, _options.Crop);
                sum += SsimEngine.Measure(x, y, _constants, target, parallelism).Ssim;
            }

            value = sum / reference.Channels;
        }
        else
        {
            using var x = LevelPlane.Of(reference, _options.Color, 0, _options.Crop, parallelism);
            using var y = LevelPlane.Of(distorted, _options.Color, 0, _options.Crop, parallelism);
            value = SsimEngine.Measure(new PlaneSource(x), new PlaneSource(y), _constants, map?.Array, parallelism).Ssim;
        }

        return value;
    }
}
