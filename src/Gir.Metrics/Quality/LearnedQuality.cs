using Gir.Imaging;
using Gir.Imaging.Observability;

namespace Gir.Metrics.Quality;

/// <summary>The overall score of a <see cref="QualityModel"/> that sees the image alone, 1 (worst) .. 5 (best): "gir-iqa-nr".</summary>
/// <remarks>
/// Trained on synthetic rankings: a measured proxy, not people's opinion and not the score of any paper. Gray or RGB, at least 96 x 96 pixels. Safe for concurrent use.
/// </remarks>
public sealed class LearnedQuality : INoReferenceMetric
{
    private readonly QualityModel _model;
    private readonly int _crop;
    private readonly MetricNeeds _needs;

    /// <summary>A metric.</summary>
    /// <param name="model">The model.</param>
    /// <param name="crop">Pixels cut from every side.</param>
    /// <exception cref="ArgumentException">The model needs a reference.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The crop is negative.</exception>
    public LearnedQuality(QualityModel model, int crop = 0)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentOutOfRangeException.ThrowIfNegative(crop);
        _model = model;
        if (_model.Features != QualityFeatureSet.NoReference)
            throw new ArgumentException($"The model '{_model.Name}' needs a reference.", nameof(model));
        _crop = crop;
        _needs = QualityFeatures.Needs(Name, QualityFeatureSet.NoReference, crop);
    }

    /// <inheritdoc/>
    public string Name => "gir-iqa-nr";

    /// <inheritdoc/>
    public string? WhyUnfit(int channels, int height, int width) => _needs.Unfit(channels, height, width);

    /// <inheritdoc/>
    public MetricScore Measure(ImageBuffer image) => Measure(image, default);

    /// <inheritdoc/>
    public MetricScore Measure(ImageBuffer image, Parallelism parallelism)
    {
        using TimedWork.Piece work = MetricsTelemetry.Begin(Name, parallelism);
        return work.Complete(new MetricScore(Name, MeasureAll(image, parallelism).Overall, Convention(_crop), HigherIsBetter: true) { Model = _model.Name });
    }

    /// <summary>All scores of an image.</summary>
    /// <param name="image">Gray or RGB, at least 96 x 96 pixels after the crop.</param>
    /// <param name="parallelism">Threads; the numbers do not depend on them.</param>
    /// <exception cref="ArgumentException">The image's shape does not fit, or a sample is not in the range of [0, 1] (levels of 0..255, NaN).</exception>
    public QualityScores MeasureAll(ImageBuffer image, Parallelism parallelism = default)
    {
        _needs.Check(image);
        return _model.Score(QualityFeatures.Compute(Cropped(image, _crop), parallelism));
    }

    internal static string Convention(int crop) => $"Gir's measured proxy, learned from synthetic rankings, 1..5, {(crop == 0 ? "no crop" : $"crop {crop}")}";

    internal static ImageBuffer Cropped(ImageBuffer image, int crop) =>
        crop == 0 ? image : image.Crop(crop, crop, image.Height - (2 * crop), image.Width - (2 * crop));
}
