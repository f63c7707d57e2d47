using Gir.Imaging;
using Gir.Imaging.Features;
using Gir.Imaging.Observability;

namespace Gir.Metrics.Learned;

/// <summary>
/// Learned perceptual image patch similarity (Zhang, Isola, Efros, Shechtman, Wang: "The Unreasonable Effectiveness of Deep Features as a Perceptual Metric", CVPR 2018,
/// equation 1): features of unit length at every place, their squared differences weighted by learned weights, averaged over places, summed over layers. Lower is better.
/// </summary>
/// <remarks>The network and the weights are the user's; as the authors' package, version 0.1, without dropout. Safe for concurrent use.</remarks>
public sealed class Lpips : IFullReferenceMetric
{
    private const double Epsilon = 1e-10;

    private readonly IFeatureExtractor _extractor;
    private readonly string[] _layers;
    private readonly double[][] _weights;
    private readonly int _crop;
    private readonly MetricNeeds _needs;

    /// <summary>LPIPS by a network.</summary>
    /// <param name="extractor">The network.</param>
    /// <param name="layers">Its layers that are compared.</param>
    /// <param name="weights">For each layer a weight for each of its features.</param>
    /// <param name="crop">Pixels cut from every side.</param>
    /// <exception cref="ArgumentException">A layer is unknown, a weight is not finite, or the numbers of layers and weights differ.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The crop is negative.</exception>
    public Lpips(IFeatureExtractor extractor, IReadOnlyList<string> layers, IReadOnlyList<IReadOnlyList<double>> weights, int crop = 0)
    {
        ArgumentNullException.ThrowIfNull(extractor);
        ArgumentNullException.ThrowIfNull(layers);
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentOutOfRangeException.ThrowIfNegative(crop);
        MapPair.CheckLayers(extractor, layers);
        if (layers.Count == 0 || layers.Count != weights.Count || weights.Any(l => l.Any(w => !double.IsFinite(w))))
            throw new ArgumentException($"There are {layers.Count} layers and {weights.Count} rows of weights; expected as many, of finite numbers.", nameof(weights));
        (_extractor, _layers, _weights, _crop) = (extractor, [.. layers], [.. weights.Select(w => w.ToArray())], crop);
        _needs = MapPair.Needs(Name, extractor, crop);
    }

    /// <inheritdoc/>
    public string Name => "lpips";

    /// <inheritdoc/>
    public string? WhyUnfit(int channels, int height, int width) => _needs.Unfit(channels, height, width);

    /// <inheritdoc/>
    public MetricScore Measure(ImageBuffer reference, ImageBuffer distorted) => Measure(reference, distorted, default);

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">As in the other form, or a layer has another number of features than weights.</exception>
    public MetricScore Measure(ImageBuffer reference, ImageBuffer distorted, Parallelism parallelism)
    {
        using TimedWork.Piece work = MetricsTelemetry.Begin(Name, parallelism);
        _needs.Check(reference, distorted);
        double sum = 0;
        int layer = 0;
        foreach ((ImageBuffer x, ImageBuffer y) in MapPair.Of(_extractor, _layers, reference, distorted, _crop, parallelism.CancellationToken))
        {
            MapPair.CheckWeights(Name, _layers[layer], _weights[layer].Length, x.Channels);
            sum += Distance(x, y, _weights[layer++]);
        }

        return work.Complete(new MetricScore(Name, sum, $"{MetricText.Of(MetricColor.Rgb, _crop)}, range 1, {_extractor.Name}", HigherIsBetter: false) { Model = _extractor.Name });
    }

    private static double Distance(ImageBuffer x, ImageBuffer y, double[] weights)
    {
        double sum = 0;
        int plane = x.PlaneLength;
        for (int p = 0; p < plane; p++)
        {
            (double xx, double yy) = (0, 0);
            for (int i = p; i < x.Array.Length; i += plane)
            {
                xx += (double)x.Array[i] * x.Array[i];
                yy += (double)y.Array[i] * y.Array[i];
            }

            (double xScale, double yScale) = (1 / (Math.Sqrt(xx) + Epsilon), 1 / (Math.Sqrt(yy) + Epsilon));
            for (int c = 0; c < weights.Length; c++)
            {
                double difference = (x.Array[(c * plane) + p] * xScale) - (y.Array[(c * plane) + p] * yScale);
                sum += weights[c] * difference * difference;
            }
        }

        return sum / plane;
    }
}
