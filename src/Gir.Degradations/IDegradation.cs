using Gir.Imaging;

namespace Gir.Degradations;

/// <summary>One degradation operator D of the GIR paper's Eq. 4, with fixed parameters.</summary>
/// <remarks>
/// Implementations are immutable records, safe for concurrent use, and never modify their input. When <see cref="Apply"/> has returned, image and result are
/// the caller's alone, unless <see cref="KeepsImages"/> says otherwise: a <see cref="DegradationPipeline"/> changes results in place and gives the
/// memory of both to the next image that needs as much. An operator that can also overwrite what it is given implements <see cref="IInPlaceDegradation"/>.
/// </remarks>
public interface IDegradation
{
    /// <summary>The operator's name as written in an expression, e.g. "blur" or "algorithm-artifact".</summary>
    string Name { get; }

    /// <summary>What does not go together among parameters of which each is right, in words; null (the default): nothing.</summary>
    string? Fault => null;

    /// <summary>
    /// Whether the operator goes on to use images that it was given or has returned, e.g. to show them; default false. A pipeline then works on copies of its results, and
    /// leaves both to the garbage collector.
    /// </summary>
    bool KeepsImages => false;

    /// <summary>Degrades an image.</summary>
    /// <param name="image">
    /// Samples in [0, 1], 1 (gray) or 3 (RGB) channels. Overshoot of filters, up to a magnitude of 4, passes; levels of 0..255 and samples that are not finite are
    /// refused.
    /// </param>
    /// <param name="context">Seed, depth and execution settings.</param>
    /// <returns>A new image of the same shape, not quantized (the pipeline quantizes).</returns>
    /// <exception cref="DegradationException">The image does not suit the operator: too small, wrong channels or range, depth missing or of another size.</exception>
    ImageBuffer Apply(ImageBuffer image, DegradationContext context);
}
