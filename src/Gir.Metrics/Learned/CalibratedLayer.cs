using Gir.Imaging;
using Gir.Imaging.Features;

namespace Gir.Metrics.Learned;

/// <summary>What <see cref="Semantics"/> and <see cref="Alignment"/> look through: a network's layer, and how alike it finds unrelated pictures.</summary>
internal sealed class CalibratedLayer
{
    private readonly IFeatureExtractor _extractor;
    private readonly int _crop;
    private readonly MetricNeeds _needs;

    /// <exception cref="ArgumentException">The calibration is another network's, names an unknown layer, or holds cosines that are not below 1.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The crop is negative.</exception>
    public CalibratedLayer(string metric, IFeatureExtractor extractor, SemanticsCalibration calibration, int crop)
    {
        ArgumentNullException.ThrowIfNull(extractor);
        ArgumentNullException.ThrowIfNull(calibration);
        ArgumentOutOfRangeException.ThrowIfNegative(crop);
        calibration.CheckFits(extractor);
        (_extractor, Calibration, _crop) = (extractor, calibration, crop);
        _needs = MapPair.Needs(metric, extractor, crop);
    }

    public SemanticsCalibration Calibration { get; }

    public string? WhyUnfit(int channels, int height, int width) => _needs.Unfit(channels, height, width);

    /// <summary>The layer of both images.</summary>
    /// <exception cref="ArgumentException">The images do not fit the metric, or one another.</exception>
    public (ImageBuffer Reference, ImageBuffer Image) Of(ImageBuffer reference, ImageBuffer distorted, CancellationToken cancellationToken)
    {
        _needs.Check(reference, distorted);
        return MapPair.Of(_extractor, [Calibration.Layer], reference, distorted, _crop, cancellationToken).Single();
    }

    /// <summary>A score with its convention.</summary>
    /// <param name="metric">The metric's name.</param>
    /// <param name="value">The score; more is better.</param>
    /// <param name="scale">What its values mean.</param>
    public MetricScore Score(string metric, double value, string scale) =>
        new(metric, value, $"{MetricText.Of(MetricColor.Rgb, _crop)}, {scale}, {_extractor.Name} {Calibration.Layer}", HigherIsBetter: true) { Model = _extractor.Name };
}
