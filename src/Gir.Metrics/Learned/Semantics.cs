using Gir.Imaging;
using Gir.Imaging.Features;
using Gir.Imaging.Observability;

namespace Gir.Metrics.Learned;

/// <summary>What <see cref="Semantics"/> finds.</summary>
/// <param name="Local">4 clamp((c - c0) / (1 - c0)) of the mean cosine c of features at the same place: 4 the same things, 0 as different as unrelated pictures.</param>
/// <param name="Global">The same of features averaged over the picture.</param>
/// <param name="Changed">Share of places whose own score is below 2, 0..1.</param>
/// <param name="Map">The score of every place, 0..4: 1 x rows x columns of the layer.</param>
public sealed record SemanticScores(double Local, double Global, double Changed, ImageBuffer Map);

/// <summary>
/// Whether a restored image still shows what its reference shows: a measured proxy of the semantics dimension (Gir's definition), by the cosines of a network's deepest features,
/// calibrated with unrelated pictures. It is worth what the network knows: weights are the user's, and without a network there is no such score.
/// </summary>
/// <remarks>Immutable and safe for concurrent use.</remarks>
public sealed class Semantics : IFullReferenceMetric
{
    private const double Best = 4;

    private readonly CalibratedLayer _layer;

    /// <summary>The score by a network.</summary>
    /// <param name="extractor">The network.</param>
    /// <param name="calibration">Of this network.</param>
    /// <param name="crop">Pixels cut from every side.</param>
    /// <exception cref="ArgumentException">The calibration is another network's, names an unknown layer, or holds cosines that are not below 1.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The crop is negative.</exception>
    public Semantics(IFeatureExtractor extractor, SemanticsCalibration calibration, int crop = 0) => _layer = new CalibratedLayer(Name, extractor, calibration, crop);

    /// <inheritdoc/>
    public string Name => "semantics";

    /// <inheritdoc/>
    public string? WhyUnfit(int channels, int height, int width) => _layer.WhyUnfit(channels, height, width);

    /// <inheritdoc/>
    public MetricScore Measure(ImageBuffer reference, ImageBuffer distorted) => Measure(reference, distorted, default);

    /// <inheritdoc/>
    public MetricScore Measure(ImageBuffer reference, ImageBuffer distorted, Parallelism parallelism)
    {
        using TimedWork.Piece work = MetricsTelemetry.Begin(Name, parallelism);
        SemanticScores scores = MeasureAll(reference, distorted, parallelism);
        return work.Complete(_layer.Score(Name, scores.Local, "0..4"));
    }

    /// <summary>All that is found; <see cref="Measure(ImageBuffer, ImageBuffer)"/> gives the local score alone.</summary>
    /// <inheritdoc cref="Measure(ImageBuffer, ImageBuffer, Parallelism)"/>
    public SemanticScores MeasureAll(ImageBuffer reference, ImageBuffer distorted, Parallelism parallelism = default)
    {
        (ImageBuffer x, ImageBuffer y) = _layer.Of(reference, distorted, parallelism.CancellationToken);
        double[] cosines = Cosines(x, y);
        float[] map = Array.ConvertAll(cosines, c => (float)Calibrated(c, _layer.Calibration.Local));
        return new SemanticScores(
            Calibrated(cosines.Average(), _layer.Calibration.Local),
            Calibrated(PooledCosine(x, y), _layer.Calibration.Global),
            (double)map.Count(s => s < Best / 2) / map.Length,
            new ImageBuffer(1, x.Height, x.Width, map));
    }

    private static double Calibrated(double cosine, double zero) => Best * Math.Clamp((cosine - zero) / (1 - zero), 0, 1);

    /// <summary>The cosine at every place; 1 where both have no features, 0 where one has none.</summary>
    internal static double[] Cosines(ImageBuffer x, ImageBuffer y)
    {
        var cosines = new double[x.PlaneLength];
        for (int p = 0; p < cosines.Length; p++)
        {
            (double xx, double yy, double xy) = (0, 0, 0);
            for (int i = p; i < x.Array.Length; i += x.PlaneLength)
            {
                xx += (double)x.Array[i] * x.Array[i];
                yy += (double)y.Array[i] * y.Array[i];
                xy += (double)x.Array[i] * y.Array[i];
            }

            cosines[p] = Cosine(xx, yy, xy);
        }

        return cosines;
    }

    /// <summary>The cosine of features averaged over all places.</summary>
    internal static double PooledCosine(ImageBuffer x, ImageBuffer y)
    {
        (double xx, double yy, double xy) = (0, 0, 0);
        for (int c = 0; c < x.Channels; c++)
        {
            (double a, double b) = (0, 0);
            for (int i = 0; i < x.PlaneLength; i++)
            {
                a += x.Array[(c * x.PlaneLength) + i];
                b += y.Array[(c * x.PlaneLength) + i];
            }

            xx += a * a;
            yy += b * b;
            xy += a * b;
        }

        return Cosine(xx, yy, xy);
    }

    private static double Cosine(double xx, double yy, double xy) =>
        xx == 0 && yy == 0 ? 1 : xx == 0 || yy == 0 ? 0 : Math.Min(1, xy / (Math.Sqrt(xx) * Math.Sqrt(yy)));
}
