namespace Gir.Imaging.Features;

/// <summary>Describes images by what a network makes of them inside: what learned metrics, semantic scores and studies of generalization compare.</summary>
/// <remarks>Implementations are safe for concurrent use, never modify an image, and give the same bits for any number of threads.</remarks>
public interface IFeatureExtractor
{
    /// <summary>Name for reports, e.g. "vgg16".</summary>
    string Name { get; }

    /// <summary>What the network wants of its input; <see cref="Extract"/> sees to all of it but the smallest size.</summary>
    FeatureInput Input { get; }

    /// <summary>The layers' names, in the order in which they are computed.</summary>
    IReadOnlyList<string> Layers { get; }

    /// <summary>Computes layers of an image.</summary>
    /// <param name="image">1 (gray) or 3 (RGB) channels of samples in [0, 1].</param>
    /// <param name="layers">Names among <see cref="Layers"/>.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>A map for each name, in their order: features x height x width; 1 x 1 where a layer describes the whole image.</returns>
    /// <exception cref="ArgumentException">There is no such layer, or the image has other channels, is too small, or holds samples that are not in the range of [0, 1].</exception>
    IReadOnlyList<ImageBuffer> Extract(ImageBuffer image, IReadOnlyList<string> layers, CancellationToken cancellationToken = default);
}
