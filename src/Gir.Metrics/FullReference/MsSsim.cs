using Gir.Imaging;
using Gir.Imaging.Observability;
using Gir.Metrics.Kernels;

namespace Gir.Metrics.FullReference;

/// <summary>How the scales of MS-SSIM are joined.</summary>
public enum MsSsimForm
{
    /// <summary>The product of powers of the paper (eq. 7); a negative factor keeps its sign.</summary>
    Product,

    /// <summary>The sum of the factors times the weights, divided by the sum of the weights, as some published tables and the authors' calibration values use.</summary>
    WeightedSum,
}

/// <summary>How MS-SSIM is computed.</summary>
public sealed record MsSsimOptions
{
    /// <summary>The plane or planes compared; default RGB: every channel by itself, then their mean.</summary>
    public MetricColor Color { get; init; } = MetricColor.Rgb;

    /// <summary>Pixels cut from every side before anything else; default 0.</summary>
    public int Crop { get; init; }

    /// <summary>Product (default) or weighted sum.</summary>
    public MsSsimForm Form { get; init; } = MsSsimForm.Product;

    /// <summary>Raises negative contrast-structure factors of pixels to 0, as pyiqa does; default false.</summary>
    public bool ClampContrast { get; init; }
}

/// <summary>
/// Multi-scale structural similarity (Wang, Simoncelli, Bovik: "Multiscale Structural Similarity for Image Quality
/// Assessment", 2003): the contrast-structure factor of <see cref="Ssim"/> at scales 1 to 4 and the full index at scale 5,
/// each scale the 2 x 2 mean of the one before. At most 1 (identical images); higher is better.
/// </summary>
/// <remarks>Double precision; at least 161 x 161 pixels, so that the last scale still holds one window. Samples beyond the range of [0, 1], such as levels of 0..255 or NaN, are refused.</remarks>
public sealed class MsSsim : IFullReferenceMetric
{
    // Sides halve four times, rounding up, and must end at 11 or more.
    private const int MinimumSize = ((SsimTile.Taps - 1) * 16) + 1;
    private static readonly double[] Weights = [0.0448, 0.2856, 0.3001, 0.2363, 0.1333];
    private readonly MsSsimOptions _options;
    private readonly SsimConstants _constants;
    private readonly string _convention;

    /// <summary>MS-SSIM in RGB, without crop, product form.</summary>
    public MsSsim()
        : this(new MsSsimOptions())
    {
    }

    /// <summary>MS-SSIM under other options.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The crop is negative.</exception>
    public MsSsim(MsSsimOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfNegative(options.Crop, nameof(options));
        _options = options;
        _constants = SsimEngine.Constants(0.01, 0.03, options.ClampContrast);
        string form = options.Form == MsSsimForm.Product ? "product" : "weighted sum";
        string clamp = options.ClampContrast ? ", contrast clamped at 0" : "";
        _convention = $"{MetricText.Of(options.Color, options.Crop)}, range 1, 5 scales, {form}{clamp}";
    }

    /// <summary>"ms-ssim" for the product, "ms-ssim-sum" for the weighted sum.</summary>
    public string Name => _options.Form == MsSsimForm.Product ? "ms-ssim" : "ms-ssim-sum";

    /// <inheritdoc/>
    public string? WhyUnfit(int channels, int height, int width) => Needs.Unfit(channels, height, width);

    /// <summary>Scores an image against its reference.</summary>
    /// <param name="reference">The clean image.</param>
    /// <param name="distorted">The image to judge, of the same shape.</param>
    /// <exception cref="ArgumentException">The shapes differ, less than 161 x 161 pixels are left after the crop, or a sample is not in the range of [0, 1].</exception>
    public MetricScore Measure(ImageBuffer reference, ImageBuffer distorted) => Measure(reference, distorted, default);

    /// <inheritdoc cref="Measure(ImageBuffer, ImageBuffer)"/>
    /// <param name="reference">The clean image.</param>
    /// <param name="distorted">The image to judge, of the same shape.</param>
    /// <param name="parallelism">Threads that may be used.</param>
    public MetricScore Measure(ImageBuffer reference, ImageBuffer distorted, Parallelism parallelism)
    {
        using TimedWork.Piece work = MetricsTelemetry.Begin(Name, parallelism);
        Needs.Check(reference, distorted);
        double value;
        if (_options.Color == MetricColor.Rgb)
        {
            double sum = 0;
            for (int channel = 0; channel < reference.Channels; channel++)
            {
                sum += MeasurePlane(
                    new PlaneSource(reference, channel, _options.Crop), new PlaneSource(distorted, channel, _options.Crop), parallelism);
            }

            value = sum / reference.Channels;
        }
        else
        {
            using var x = LevelPlane.Of(reference, _options.Color, 0, _options.Crop, parallelism);
            using var y = LevelPlane.Of(distorted, _options.Color, 0, _options.Crop, parallelism);
            value = MeasurePlane(new PlaneSource(x), new PlaneSource(y), parallelism);
        }

        return work.Complete(new MetricScore(Name, value, _convention, HigherIsBetter: true));
    }

    private MetricNeeds Needs => MetricNeeds.Of(Name, MinimumSize, _options.Crop, _options.Color);

    private double MeasurePlane(PlaneSource x, PlaneSource y, Parallelism parallelism)
    {
        Span<double> factors = stackalloc double[Weights.Length];
        LevelPlane? ownedX = null;
        LevelPlane? ownedY = null;
        try
        {
            for (int scale = 0; scale < Weights.Length; scale++)
            {
                (double ssim, double contrast) = SsimEngine.Measure(x, y, _constants, default, parallelism);
                factors[scale] = scale < Weights.Length - 1 ? contrast : ssim;
                if (scale == Weights.Length - 1)
                    break;
                LevelPlane halfX = HalfSize.Of(x, OddEdge.Symmetric, 0, parallelism);
                LevelPlane halfY = HalfSize.Of(y, OddEdge.Symmetric, 0, parallelism);
                ownedX?.Dispose();
                ownedY?.Dispose();
                (ownedX, ownedY) = (halfX, halfY);
                (x, y) = (new PlaneSource(halfX), new PlaneSource(halfY));
            }
        }
        finally
        {
            ownedX?.Dispose();
            ownedY?.Dispose();
        }

        return Join(factors);
    }

    private double Join(ReadOnlySpan<double> factors)
    {
        (double product, double sum, double weight) = (1, 0, 0);
        for (int scale = 0; scale < Weights.Length; scale++)
        {
            product *= Math.CopySign(Math.Pow(Math.Abs(factors[scale]), Weights[scale]), factors[scale]);
            sum += factors[scale] * Weights[scale];
            weight += Weights[scale];
        }

        return _options.Form == MsSsimForm.Product ? product : sum / weight;
    }
}
