using Gir.Imaging;
using Gir.Imaging.Observability;

namespace Gir.Metrics.Quality;

/// <summary>The overall score of a <see cref="QualityModel"/> that sees an image and its reference, 1 (worst) .. 5 (best): "gir-iqa-fr".</summary>
/// <remarks>
/// Trained on synthetic rankings: a measured proxy, not people's opinion and not the score of any paper. Gray or RGB, at least 161 x 161 pixels. Safe for concurrent use.
/// </remarks>
public sealed class LearnedQualityAgainstReference : IFullReferenceMetric
{
    private readonly QualityModel _model;
    private readonly int _crop;
    private readonly MetricNeeds _needs;

    /// <summary>A metric.</summary>
    /// <param name="model">The model.</param>
    /// <param name="crop">Pixels cut from every side.</param>
    /// <exception cref="ArgumentException">The model sees no reference.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The crop is negative.</exception>
    public LearnedQualityAgainstReference(QualityModel model, int crop = 0)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentOutOfRangeException.ThrowIfNegative(crop);
        _model = model;
        if (_model.Features != QualityFeatureSet.FullReference)
            throw new ArgumentException($"The model '{_model.Name}' sees no reference.", nameof(model));
        _crop = crop;
        _needs = QualityFeatures.Needs(Name, QualityFeatureSet.FullReference, crop);
    }

    /// <inheritdoc/>
    public string Name => "gir-iqa-fr";

    /// <inheritdoc/>
    public string? WhyUnfit(int channels, int height, int width) => _needs.Unfit(channels, height, width);

    /// <inheritdoc/>
    public MetricScore Measure(ImageBuffer reference, ImageBuffer distorted) => Measure(reference, distorted, default);

    /// <inheritdoc/>
    public MetricScore Measure(ImageBuffer reference, ImageBuffer distorted, Parallelism parallelism)
    {
        using TimedWork.Piece work = MetricsTelemetry.Begin(Name, parallelism);
        double overall = MeasureAll(reference, distorted, parallelism).Overall;
        return work.Complete(new MetricScore(Name, overall, LearnedQuality.Convention(_crop), HigherIsBetter: true) { Model = _model.Name });
    }

    /// <summary>All scores of an image.</summary>
    /// <param name="reference">The clean image, gray or RGB, at least 161 x 161 pixels after the crop.</param>
    /// <param name="distorted">The image to judge, of the same shape.</param>
    /// <param name="parallelism">Threads; the numbers do not depend on them.</param>
    /// <exception cref="ArgumentException">The shapes differ or do not fit, or a sample is not in the range of [0, 1] (levels of 0..255, NaN).</exception>
    public QualityScores MeasureAll(ImageBuffer reference, ImageBuffer distorted, Parallelism parallelism = default)
    {
        _needs.Check(reference, distorted);
        return _model.Score(QualityFeatures.Compute(LearnedQuality.Cropped(reference, _crop), LearnedQuality.Cropped(distorted, _crop), parallelism));
    }
}
