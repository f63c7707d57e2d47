using Gir.Imaging;

namespace Gir.Degradations.Depth;

/// <summary>Where haze and snow get depth from when none is given with the image.</summary>
/// <remarks>Implementations are safe for concurrent use and never modify their input.</remarks>
public interface IDepthEstimator
{
    /// <summary>The name that records carry as the source of the depth, e.g. "heuristic".</summary>
    string Name { get; }

    /// <summary>Estimates relative depth.</summary>
    /// <param name="image">Samples in [0, 1], 1 (gray) or 3 (RGB) channels.</param>
    /// <returns>Depth, 1 x H x W, relative: divided by its maximum (far = 1), never 0.</returns>
    ImageBuffer Estimate(ImageBuffer image);
}
