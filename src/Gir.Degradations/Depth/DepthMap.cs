using System.Numerics.Tensors;
using Gir.Imaging;

namespace Gir.Degradations.Depth;

/// <summary>Relative depth as haze and snow read it: 1 x H x W, divided by its maximum, so that the farthest point has 1.</summary>
public static class DepthMap
{
    /// <summary>Divides depth of any unit by its maximum; the minimum is not subtracted, as in the paper's generator.</summary>
    /// <param name="depth">1 x H x W, finite, not negative, not all 0; far is large.</param>
    /// <returns>A new map in [0, 1].</returns>
    /// <exception cref="ArgumentException">The map has several channels, or holds NaN, infinity, a negative number, or zeros only.</exception>
    public static ImageBuffer Normalized(ImageBuffer depth)
    {
        ArgumentNullException.ThrowIfNull(depth);
        if (depth.Channels != 1)
            throw new ArgumentException($"The depth map is {depth} (channels x height x width): expected 1 channel.", nameof(depth));
        float lowest = TensorPrimitives.Min<float>(depth.Samples);
        float highest = TensorPrimitives.Max<float>(depth.Samples);
        if (!(lowest >= 0 && highest > 0 && float.IsFinite(highest)))
        {
            throw new ArgumentException(
                $"The depth map holds {lowest}..{highest}: expected finite numbers of at least 0, not all 0 (far = large).", nameof(depth));
        }

        var result = new ImageBuffer(1, depth.Height, depth.Width);
        for (int i = 0; i < result.Samples.Length; i++)
            result.Samples[i] = depth.Samples[i] / highest;
        return result;
    }
}
