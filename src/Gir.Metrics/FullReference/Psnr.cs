using Gir.Imaging;
using Gir.Imaging.Observability;
using Gir.Metrics.Kernels;

namespace Gir.Metrics.FullReference;

/// <summary>How PSNR is computed.</summary>
public sealed record PsnrOptions
{
    /// <summary>The plane or planes compared; default RGB, all channels in one mean.</summary>
    public MetricColor Color { get; init; } = MetricColor.Rgb;

    /// <summary>Pixels cut from every side before anything else; default 0.</summary>
    public int Crop { get; init; }

    /// <summary>Largest value given, in dB, so that identical images stay finite; default positive infinity. Caps of 60, 80 and 100 dB are in use.</summary>
    public double Cap { get; init; } = double.PositiveInfinity;

    /// <summary>
    /// Added to the mean squared error of samples in [0, 1], so that identical images stay finite; default 0. pyiqa adds 1e-8, which gives identical images 80 dB.
    /// </summary>
    public double Epsilon { get; init; }

    /// <summary>What scores call the metric; default "psnr". A second PSNR, of another plane, needs a name of its own.</summary>
    public string Name { get; init; } = "psnr";
}

/// <summary>
/// Peak signal-to-noise ratio in dB: 10 log10(1 / MSE) for samples in [0, 1], the MSE taken in double precision over all
/// channels and pixels. Higher is better; identical images give <see cref="PsnrOptions.Cap"/>, or what <see cref="PsnrOptions.Epsilon"/> leaves.
/// </summary>
/// <remarks>
/// Samples are compared as levels 255 v rounded to float32, which makes 8-bit images exact. Any size from one pixel and,
/// in RGB, any number of channels; samples beyond the range of [0, 1], such as levels of 0..255 or NaN, are refused. No allocation after the first call.
/// </remarks>
public sealed class Psnr : IFullReferenceMetric
{
    private readonly PsnrOptions _options;
    private readonly string _convention;

    /// <summary>PSNR in RGB, without crop or cap.</summary>
    public Psnr()
        : this(new PsnrOptions())
    {
    }

    /// <summary>PSNR under other options.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The crop or epsilon is negative, or the cap not positive.</exception>
    public Psnr(PsnrOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfNegative(options.Crop, nameof(options));
        if (!(options.Cap > 0))
            throw new ArgumentOutOfRangeException(nameof(options), options.Cap, "Expected a cap above 0 dB.");
        if (!(options.Epsilon >= 0 && double.IsFinite(options.Epsilon)))
            throw new ArgumentOutOfRangeException(nameof(options), options.Epsilon, "Expected a finite epsilon of at least 0.");
        ArgumentException.ThrowIfNullOrWhiteSpace(options.Name, nameof(options));
        _options = options;
        string cap = double.IsPositiveInfinity(options.Cap) ? "" : $", cap {options.Cap} dB";
        string epsilon = options.Epsilon == 0 ? "" : FormattableString.Invariant($", {options.Epsilon} added to the squared error");
        _convention = $"{MetricText.Of(options.Color, options.Crop)}, range 1{cap}{epsilon}";
    }

    /// <inheritdoc/>
    public string Name => _options.Name;

    /// <inheritdoc/>
    public string? WhyUnfit(int channels, int height, int width) => DifferenceMean.Needs(Name, _options.Color, _options.Crop).Unfit(channels, height, width);

    /// <summary>Scores an image against its reference, in dB.</summary>
    /// <param name="reference">The clean image.</param>
    /// <param name="distorted">The image to judge, of the same shape.</param>
    /// <exception cref="ArgumentException">The shapes differ, nothing is left after the crop, or a sample is not in the range of [0, 1].</exception>
    public MetricScore Measure(ImageBuffer reference, ImageBuffer distorted) => Measure(reference, distorted, default);

    /// <inheritdoc cref="Measure(ImageBuffer, ImageBuffer)"/>
    /// <param name="reference">The clean image.</param>
    /// <param name="distorted">The image to judge, of the same shape.</param>
    /// <param name="parallelism">Threads that may be used.</param>
    public MetricScore Measure(ImageBuffer reference, ImageBuffer distorted, Parallelism parallelism)
    {
        using TimedWork.Piece work = MetricsTelemetry.Begin(Name, parallelism);
        double error = DifferenceMean.Of<PairSum.Square>(Name, reference, distorted, _options.Color, _options.Crop, parallelism);
        double value = Math.Min(10 * Math.Log10(255 * 255 / (error + (255 * 255 * _options.Epsilon))), _options.Cap);
        return work.Complete(new MetricScore(Name, value, _convention, HigherIsBetter: true));
    }
}
