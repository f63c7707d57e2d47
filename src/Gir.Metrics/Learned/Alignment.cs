using Gir.Imaging;
using Gir.Imaging.Features;
using Gir.Imaging.Observability;

namespace Gir.Metrics.Learned;

/// <summary>What <see cref="Alignment"/> finds.</summary>
/// <param name="Cosine">A: the cosine of both images' descriptors, -1..1.</param>
/// <param name="Calibrated">A* = (A - chance) / (1 - chance): 1 for the same, about 0 for pictures that have nothing to do with one another, below 0 for less than that.</param>
/// <param name="Local">The mean over places of the cosines of features, not calibrated.</param>
/// <param name="Map">The cosine of every place: 1 x rows x columns of the layer.</param>
public sealed record AlignmentScores(double Cosine, double Calibrated, double Local, ImageBuffer Map)
{
    /// <summary>Semantic deviation, 1 - A*: 0 for the same.</summary>
    public double Deviation => 1 - Calibrated;
}

/// <summary>
/// Whether a restored image still means what its reference means: the cosine of a network's descriptors, calibrated by that of unrelated pictures. The seed ("Are Conditional Latent Diffusion Models
/// Effective for Image Restoration?", arXiv 2412.09324) names an Alignment without a public definition; this one is Gir's own, and no number of that paper can be compared with it.
/// </summary>
/// <remarks>
/// The descriptor is a layer's features averaged over places. Unlike <see cref="Semantics"/>, which grades 0..4 by places and stops there, it is not clamped: means and differences stay linear in the
/// cosine. It is worth what the network knows. Immutable and safe for concurrent use.
/// </remarks>
public sealed class Alignment : IFullReferenceMetric
{
    private readonly CalibratedLayer _layer;

    /// <summary>Alignment by a network.</summary>
    /// <param name="extractor">The network.</param>
    /// <param name="calibration">Of this network; its layer is the descriptor, its <see cref="SemanticsCalibration.Global"/> the chance.</param>
    /// <param name="crop">Pixels cut from every side.</param>
    /// <exception cref="ArgumentException">The calibration is another network's, names an unknown layer, or holds cosines that are not below 1.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The crop is negative.</exception>
    public Alignment(IFeatureExtractor extractor, SemanticsCalibration calibration, int crop = 0) => _layer = new CalibratedLayer(Name, extractor, calibration, crop);

    /// <inheritdoc/>
    public string Name => "alignment";

    /// <inheritdoc/>
    public string? WhyUnfit(int channels, int height, int width) => _layer.WhyUnfit(channels, height, width);

    /// <inheritdoc/>
    public MetricScore Measure(ImageBuffer reference, ImageBuffer distorted) => Measure(reference, distorted, default);

    /// <inheritdoc/>
    public MetricScore Measure(ImageBuffer reference, ImageBuffer distorted, Parallelism parallelism)
    {
        using TimedWork.Piece work = MetricsTelemetry.Begin(Name, parallelism);
        AlignmentScores scores = MeasureAll(reference, distorted, parallelism);
        return work.Complete(_layer.Score(Name, scores.Calibrated, "1 the same, 0 by chance"));
    }

    /// <summary>All that is found; <see cref="Measure(ImageBuffer, ImageBuffer)"/> gives the calibrated cosine alone.</summary>
    /// <inheritdoc cref="Measure(ImageBuffer, ImageBuffer, Parallelism)"/>
    public AlignmentScores MeasureAll(ImageBuffer reference, ImageBuffer distorted, Parallelism parallelism = default)
    {
        (ImageBuffer x, ImageBuffer y) = _layer.Of(reference, distorted, parallelism.CancellationToken);
        double cosine = Semantics.PooledCosine(x, y);
        double[] places = Semantics.Cosines(x, y);
        return new AlignmentScores(
            cosine,
            (cosine - _layer.Calibration.Global) / (1 - _layer.Calibration.Global),
            places.Average(),
            new ImageBuffer(1, x.Height, x.Width, Array.ConvertAll(places, c => (float)c)));
    }
}
