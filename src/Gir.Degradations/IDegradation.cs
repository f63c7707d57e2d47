using Gir.Imaging;

namespace Gir.Degradations;

/// <summary>One degradation operator D of the GIR paper's Eq. 4, with fixed parameters.</summary>
/// <remarks>Implementations are immutable records, safe for concurrent use, and never modify their input.</remarks>
public interface IDegradation
{
    /// <summary>The operator's name as written in an expression, e.g. "blur" or "algorithm-artifact".</summary>
    string Name { get; }

    /// <summary>Degrades an image.</summary>
    /// <param name="image">
    /// Samples in [0, 1], 1 (gray) or 3 (RGB) channels. Samples that are not finite are computed with as they come and may spread;
    /// <see cref="DegradationPipeline"/> refuses them.
    /// </param>
    /// <param name="context">Seed, depth and execution settings.</param>
    /// <returns>A new image of the same shape, not quantised (the pipeline quantises).</returns>
    /// <exception cref="DegradationException">The image does not suit the operator: too small, wrong channels, depth missing or of another size.</exception>
    ImageBuffer Apply(ImageBuffer image, DegradationContext context);
}
