using Gir.Imaging;
using Gir.Imaging.Features;
using Gir.Imaging.Observability;

namespace Gir.Metrics.Learned;

/// <summary>
/// Deep image structure and texture similarity (Ding, Ma, Wang, Simoncelli: "Image Quality Assessment: Unifying Structure and Texture Similarity", TPAMI 2022, equations 6 to
/// 8): means and covariances of whole feature maps, the image's own channels among them. 0 for identical images; lower is better.
/// </summary>
/// <remarks>
/// As the authors' program: c1 = c2 = 1e-6, weights divided by their sum. Their command line shrinks images to 256 pixels first; here they are taken as they are. The network (with
/// its smooth pooling) and the weights are the user's. Safe for concurrent use.
/// </remarks>
public sealed class Dists : IFullReferenceMetric
{
    private const double Stabilizer = 1e-6;

    private readonly IFeatureExtractor _extractor;
    private readonly string[] _layers;
    private readonly double[] _texture;
    private readonly double[] _structure;
    private readonly int _crop;
    private readonly MetricNeeds _needs;

    /// <summary>DISTS by a network.</summary>
    /// <param name="extractor">The network.</param>
    /// <param name="layers">Its layers that are compared, after the image itself.</param>
    /// <param name="alpha">Weights of the means (texture): three for the image's channels, then one for each feature of each layer.</param>
    /// <param name="beta">Weights of the covariances (structure), likewise.</param>
    /// <param name="crop">Pixels cut from every side.</param>
    /// <exception cref="ArgumentException">A layer is unknown, the numbers of weights differ, or they do not sum to a positive number.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The crop is negative.</exception>
    public Dists(IFeatureExtractor extractor, IReadOnlyList<string> layers, IReadOnlyList<double> alpha, IReadOnlyList<double> beta, int crop = 0)
    {
        ArgumentNullException.ThrowIfNull(extractor);
        ArgumentNullException.ThrowIfNull(layers);
        ArgumentNullException.ThrowIfNull(alpha);
        ArgumentNullException.ThrowIfNull(beta);
        ArgumentOutOfRangeException.ThrowIfNegative(crop);
        MapPair.CheckLayers(extractor, layers);
        double sum = alpha.Sum() + beta.Sum();
        if (alpha.Count != beta.Count || alpha.Count < 3 || !(sum > 0) || !double.IsFinite(sum))
            throw new ArgumentException($"There are {alpha.Count} and {beta.Count} weights of sum {sum}; expected as many of both, at least 3, of a positive sum.", nameof(beta));
        (_extractor, _layers, _crop) = (extractor, [.. layers], crop);
        (_texture, _structure) = ([.. alpha.Select(a => a / sum)], [.. beta.Select(b => b / sum)]);
        _needs = MapPair.Needs(Name, extractor, crop);
    }

    /// <inheritdoc/>
    public string Name => "dists";

    /// <inheritdoc/>
    public string? WhyUnfit(int channels, int height, int width) => _needs.Unfit(channels, height, width);

    /// <inheritdoc/>
    public MetricScore Measure(ImageBuffer reference, ImageBuffer distorted) => Measure(reference, distorted, default);

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">As in the other form, or the layers have another number of features than there are weights.</exception>
    public MetricScore Measure(ImageBuffer reference, ImageBuffer distorted, Parallelism parallelism)
    {
        using TimedWork.Piece work = MetricsTelemetry.Begin(Name, parallelism);
        _needs.Check(reference, distorted);
        var maps = MapPair.Of(_extractor, _layers, reference, distorted, _crop, parallelism.CancellationToken)
            .Prepend((MapPair.Cut(reference, _crop).GrayAsColor(), MapPair.Cut(distorted, _crop).GrayAsColor())).ToList();
        int features = maps.Sum(m => m.Item1.Channels);
        if (features != _texture.Length)
            throw new ArgumentException($"{Name}: image and layers have {features} features, but the weights are {_texture.Length}.", nameof(reference));
        double similarity = 0;
        int weight = 0;
        foreach ((ImageBuffer x, ImageBuffer y) in maps)
        {
            for (int c = 0; c < x.Channels; c++, weight++)
            {
                (double texture, double structure) = Similarity(x.Plane(c), y.Plane(c));
                similarity += (_texture[weight] * texture) + (_structure[weight] * structure);
            }
        }

        return work.Complete(new MetricScore(Name, 1 - similarity, $"{MetricText.Of(MetricColor.Rgb, _crop)}, range 1, {_extractor.Name}", HigherIsBetter: false) { Model = _extractor.Name });
    }

    private static (double Texture, double Structure) Similarity(ReadOnlySpan<float> x, ReadOnlySpan<float> y)
    {
        (double mx, double my) = (0, 0);
        for (int i = 0; i < x.Length; i++)
        {
            mx += x[i];
            my += y[i];
        }

        (mx, my) = (mx / x.Length, my / x.Length);
        (double vx, double vy, double xy) = (0, 0, 0);
        for (int i = 0; i < x.Length; i++)
        {
            vx += (x[i] - mx) * (x[i] - mx);
            vy += (y[i] - my) * (y[i] - my);
            xy += (x[i] - mx) * (y[i] - my);
        }

        return (
            ((2 * mx * my) + Stabilizer) / ((mx * mx) + (my * my) + Stabilizer),
            ((2 * xy / x.Length) + Stabilizer) / (((vx + vy) / x.Length) + Stabilizer));
    }
}
