using Gir.Imaging;
using Gir.Imaging.Features;
using Gir.Imaging.Text;
using Gir.Models.Nn;
using Gir.Models.Restoration;
using Gir.Models.Tensors;
using Gir.Models.Zoo;

namespace Gir.Models.Features;

/// <summary>
/// What a restoration network makes of images inside. Every part of the network that runs is a layer, by its name in checkpoints ("body.15"); its map is what the
/// part itself makes, before an activation that the network applies afterwards.
/// </summary>
/// <remarks>
/// The network is listened to, not copied, and may restore images at the same time. It sees the image whole, as it would be restored: filled up to the sizes that it takes, which
/// the maps show too. A gray network describes each plane of a color image, and the maps follow one another; a color network sees a gray image three times.
/// A part that runs several times is heard the last time. Tokens of transformers are put back in their places.
/// </remarks>
public sealed class NetworkFeatures : IFeatureExtractor
{
    private const int ProbeSide = 32;

    private readonly NetworkRestorer _restorer;
    private readonly Dictionary<Module, string> _names;
    private readonly Lazy<IReadOnlyList<string>> _layers;

    /// <summary>Listens to a restorer's network.</summary>
    /// <exception cref="ArgumentException">Another program's engine runs the network: nothing inside of it can be heard.</exception>
    public NetworkFeatures(NetworkRestorer restorer)
    {
        ArgumentNullException.ThrowIfNull(restorer);
        if (restorer.Network.Module is IRunsElsewhere)
            throw new ArgumentException($"'{restorer.Info.Name}' is run by another engine: nothing inside of it can be heard.", nameof(restorer));
        _restorer = restorer;
        _names = restorer.Network.Module.NamedParts().ToDictionary(p => p.Module, p => p.Name);
        _layers = new Lazy<IReadOnlyList<string>>(() => [.. Taps(Side(restorer.Network), Side(restorer.Network)).Select(t => t.Name)]);
    }

    // Some networks know one size alone.
    private static int Side(RestorationNetwork network) => network.Tiling == TilingSupport.Unsupported ? network.Size.Minimum : ProbeSide;

    /// <inheritdoc/>
    public string Name => _restorer.Info.Name;

    /// <inheritdoc/>
    public FeatureInput Input { get; } = new();

    /// <inheritdoc/>
    /// <remarks>Asked for the first time, the network runs once on a small image.</remarks>
    public IReadOnlyList<string> Layers => _layers.Value;

    /// <summary>The layer that studies of generalization look at: the network's <see cref="RestorationNetwork.DeepLayer"/>, or the last one.</summary>
    public string DeepLayer => _restorer.Network.DeepLayer is { Length: > 0 } layer ? layer : Layers[^1];

    /// <summary>All layers with the sizes of their maps, in the order in which they are computed; the network runs once.</summary>
    /// <param name="height">Height of the image, at least 1.</param>
    /// <param name="width">Width of the image, at least 1.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    public IReadOnlyList<FeatureTap> Taps(int height, int width, CancellationToken cancellationToken = default)
    {
        var image = new ImageBuffer(_restorer.Network.InputChannels, height, width);
        image.Samples.Fill(0.5f);
        var taps = new Dictionary<string, FeatureTap>(StringComparer.Ordinal);
        _restorer.RunInside(
            image,
            (part, result) =>
            {
                if (_names.GetValueOrDefault(part) is { } name && FeatureMap.SizeOf(part, result) is var (channels, rows, columns))
                    taps[name] = new FeatureTap(name, channels, rows, columns);
            },
            () => { },
            cancellationToken);
        return [.. taps.Values];
    }

    /// <inheritdoc/>
    public IReadOnlyList<ImageBuffer> Extract(ImageBuffer image, IReadOnlyList<string> layers, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(layers);
        if (image.Channels is not (1 or 3))
            throw new ArgumentException($"The image is {image} (channels x height x width); expected 1 (gray) or 3 (RGB) channels.", nameof(image));
        SampleRange.Check(image, nameof(image));
        foreach (string layer in layers)
        {
            if (!_names.ContainsValue(layer) || !Layers.Contains(layer))
                throw new ArgumentException($"{Name} has no layer '{layer}'; expected {Suggestion.Among(layer, Layers)}.", nameof(layers));
        }

        var wanted = new HashSet<string>(layers, StringComparer.Ordinal);
        var heard = new Dictionary<string, ImageBuffer>(StringComparer.Ordinal);
        Dictionary<string, List<ImageBuffer>> maps = wanted.ToDictionary(l => l, _ => new List<ImageBuffer>(), StringComparer.Ordinal);
        _restorer.RunInside(
            image,
            (part, result) =>
            {
                if (_names.GetValueOrDefault(part) is { } name && wanted.Contains(name))
                    heard[name] = FeatureMap.Of(part, result);
            },
            () =>
            {
                foreach ((string name, ImageBuffer map) in heard)
                    maps[name].Add(map);
            },
            cancellationToken);
        return [.. layers.Select(l => FeatureMap.Join(maps[l]))];
    }
}
