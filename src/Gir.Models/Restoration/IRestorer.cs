using Gir.Imaging;

namespace Gir.Models.Restoration;

/// <summary>Turns a degraded image into a clean one.</summary>
/// <remarks>Implementations are safe for concurrent use and never modify their input.</remarks>
public interface IRestorer
{
    /// <summary>What the restorer is.</summary>
    RestorerInfo Info { get; }

    /// <summary>
    /// What tells this restorer from others of its name, e.g. a hash of its weights: results are kept by name and identity. Null (the default):
    /// the name says everything.
    /// </summary>
    string? Identity => null;

    /// <summary>Restores one image.</summary>
    /// <param name="degraded">Samples in [0, 1]; 1 (gray) or 3 (RGB) channels.</param>
    /// <param name="cancellationToken">Stops the work between iterations, or between the layers of a network.</param>
    /// <returns>A new image of the same channels; height and width are the input's times <see cref="RestorerInfo.Scale"/>. Not clamped.</returns>
    /// <exception cref="ArgumentException">
    /// The image has channels that the restorer does not take, or its samples are not finite or far outside of [0, 1] (levels of 0..255 are to be divided).
    /// </exception>
    ImageBuffer Restore(ImageBuffer degraded, CancellationToken cancellationToken = default);

    /// <summary>Restores one image and tells how far it is.</summary>
    /// <param name="degraded">Samples in [0, 1]; 1 (gray) or 3 (RGB) channels.</param>
    /// <param name="progress">Is told after every part of the work (of a network: every tile), at least once; may be null.</param>
    /// <param name="cancellationToken">Stops the work between iterations, or between the layers of a network.</param>
    /// <returns>What <see cref="Restore(ImageBuffer, CancellationToken)"/> returns.</returns>
    ImageBuffer Restore(ImageBuffer degraded, IProgress<RestorationProgress>? progress, CancellationToken cancellationToken = default)
    {
        ImageBuffer restored = Restore(degraded, cancellationToken);
        progress?.Report(new RestorationProgress(1, 1));
        return restored;
    }

    /// <summary>Restores several images, of any sizes.</summary>
    /// <param name="degraded">The images.</param>
    /// <param name="progress">Is told after every part of the work, at least once per image; may be null.</param>
    /// <param name="cancellationToken">Stops the work between images, iterations, or the layers of a network.</param>
    /// <returns>The restored images, in the order of the inputs, each as it would be restored alone.</returns>
    IReadOnlyList<ImageBuffer> RestoreBatch(
        IReadOnlyList<ImageBuffer> degraded, IProgress<RestorationProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(degraded);
        var restored = new ImageBuffer[degraded.Count];
        for (int i = 0; i < restored.Length; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            restored[i] = Restore(degraded[i], cancellationToken);
            progress?.Report(new RestorationProgress(i + 1, restored.Length));
        }

        return restored;
    }
}

/// <summary>How far a restoration is.</summary>
/// <param name="Done">Parts done; of a network tiles, counted over all images, orientations and planes.</param>
/// <param name="Total">Parts in all.</param>
public readonly record struct RestorationProgress(int Done, int Total);

/// <summary>What a restorer is.</summary>
/// <param name="Name">Name with its settings, unique within a comparison, e.g. "gaussian(sigma=1)".</param>
/// <param name="Description">One line for a list.</param>
public sealed record RestorerInfo(string Name, string Description)
{
    /// <summary>Learned parameters; 0 for classical methods.</summary>
    public long ParameterCount { get; init; }

    /// <summary>What tells the restorer from others of its name; set where results are kept, from <see cref="IRestorer.Identity"/>.</summary>
    public string? Identity { get; init; }

    /// <summary>Output size divided by input size; 1 for restoration in place.</summary>
    public int Scale { get; init; } = 1;

    /// <summary>Image channels that the method works on, 1 or 3; 0 where it takes both as they are. Images of the other kind are converted.</summary>
    public int Channels { get; init; }

    /// <summary>Height and width are padded to multiples of this inside; 1 for no padding.</summary>
    public int SizeMultiple { get; init; } = 1;

    /// <summary>The weights' license, where the checkpoint says it.</summary>
    public string? License { get; init; }

    /// <summary>On what and how the weights were trained, in words, where the checkpoint says it.</summary>
    public string? Training { get; init; }
}
