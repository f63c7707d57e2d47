using Gir.Imaging;
using Gir.Imaging.Features;

namespace Gir.Metrics.Learned;

/// <summary>What learned metrics compare: the same layers of a reference and an image.</summary>
internal static class MapPair
{
    /// <summary>The needs of a metric that sees images through an extractor.</summary>
    public static MetricNeeds Needs(string metric, IFeatureExtractor extractor, int crop) => new(metric, extractor.Input.MinimumSize, crop, MetricChannels.GrayOrRgb);

    /// <summary>Layers of both images, cropped.</summary>
    public static IEnumerable<(ImageBuffer Reference, ImageBuffer Image)> Of(
        IFeatureExtractor extractor, IReadOnlyList<string> layers, ImageBuffer reference, ImageBuffer distorted, int crop, CancellationToken cancellationToken)
    {
        IReadOnlyList<ImageBuffer> first = extractor.Extract(Cut(reference, crop), layers, cancellationToken);
        IReadOnlyList<ImageBuffer> second = extractor.Extract(Cut(distorted, crop), layers, cancellationToken);
        return first.Zip(second);
    }

    public static ImageBuffer Cut(ImageBuffer image, int crop) => crop == 0 ? image : image.Crop(crop, crop, image.Height - (2 * crop), image.Width - (2 * crop));

    /// <summary>Refuses layers that the extractor does not have, and a number of them that the weights are not for.</summary>
    /// <exception cref="ArgumentException">The message names what was found and what is expected.</exception>
    public static void CheckLayers(IFeatureExtractor extractor, IReadOnlyList<string> layers)
    {
        foreach (string layer in layers)
        {
            if (!extractor.Layers.Contains(layer))
                throw new ArgumentException($"{extractor.Name} has no layer '{layer}'; it has {string.Join(", ", extractor.Layers)}.", nameof(layers));
        }
    }

    /// <summary>Refuses weights that are not one for every feature of a map.</summary>
    /// <exception cref="ArgumentException">The message names the layer.</exception>
    public static void CheckWeights(string metric, string layer, int weights, int features)
    {
        if (weights != features)
            throw new ArgumentException($"{metric}: layer '{layer}' has {features} features, but its weights are {weights}.", nameof(weights));
    }
}
