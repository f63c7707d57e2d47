using Gir.Imaging;
using Gir.Imaging.Observability;

namespace Gir.Metrics.NoReference;

/// <summary>Shannon entropy in bits of the histogram of 256 gray levels: 0 for a flat image, at most 8; larger means more varied, which the score calls better.</summary>
/// <remarks>Levels are rounded half to even after the gray conversion and clamped to 0..255. Any size from one pixel; one or three channels. Samples beyond the range of [0, 1], such as levels of 0..255 or NaN, are refused.</remarks>
public sealed class Entropy : INoReferenceMetric
{
    private readonly MetricColor _gray;
    private readonly int _crop;
    private readonly string _convention;

    /// <summary>Entropy of a gray plane.</summary>
    /// <param name="gray">The gray conversion; not <see cref="MetricColor.Rgb"/>.</param>
    /// <param name="crop">Pixels cut from every side.</param>
    /// <exception cref="ArgumentOutOfRangeException">The crop is negative.</exception>
    /// <exception cref="ArgumentException">The color is RGB.</exception>
    public Entropy(MetricColor gray = MetricColor.GrayMatlab, int crop = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(crop);
        MetricInput.RequireGray(gray, nameof(gray));
        (_gray, _crop) = (gray, crop);
        _convention = $"{MetricText.Of(gray, crop)}, 256 bins, base 2";
    }

    /// <inheritdoc/>
    public string Name => "entropy";

    /// <inheritdoc/>
    public string? WhyUnfit(int channels, int height, int width) => Needs.Unfit(channels, height, width);

    /// <inheritdoc/>
    public MetricScore Measure(ImageBuffer image) => Measure(image, default);

    /// <inheritdoc/>
    public MetricScore Measure(ImageBuffer image, Parallelism parallelism)
    {
        using TimedWork.Piece work = MetricsTelemetry.Begin(Name, parallelism);
        Needs.Check(image);
        using var plane = LevelPlane.Of(image, _gray, 0, _crop, parallelism);
        Span<int> histogram = stackalloc int[256];
        histogram.Clear();
        foreach (double level in plane.Values)
            histogram[(int)Math.Clamp(Math.Round(level, MidpointRounding.ToEven), 0, 255)]++;
        double entropy = 0;
        foreach (int count in histogram)
        {
            double share = (double)count / plane.Length;
            entropy -= count == 0 ? 0 : share * Math.Log2(share);
        }

        return work.Complete(new MetricScore(Name, entropy, _convention, HigherIsBetter: true));
    }

    private MetricNeeds Needs => MetricNeeds.Of(Name, 1, _crop, _gray);
}
