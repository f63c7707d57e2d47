using Gir.Imaging;

namespace Gir.Evaluation.Studies.Diffusion;

/// <summary>A scene of the study under one degradation.</summary>
/// <param name="Clean">The scene, as a picture of 8 bits.</param>
/// <param name="Degraded">What was made of it.</param>
/// <param name="Initial">What the initial restorer made of that, in 0..1.</param>
internal sealed record StudyCase(ImageBuffer Clean, ImageBuffer Degraded, ImageBuffer Initial);

/// <summary>Something that makes an image of a case.</summary>
/// <param name="Name">Its name in rows.</param>
/// <param name="Restore">Makes the image; a sampled one with the seed.</param>
/// <param name="IsSampled">Whether the seed matters.</param>
internal sealed record StudySystem(string Name, Func<StudyCase, ulong, ImageBuffer> Restore, bool IsSampled = false)
{
    /// <summary>What cannot be better: nothing is done.</summary>
    public static StudySystem Input { get; } = new("input", (c, _) => c.Degraded);

    /// <summary>The initial restorer alone.</summary>
    public static StudySystem Initial { get; } = new("initial", (c, _) => c.Initial);
}
