using System.Numerics.Tensors;
using Gir.Imaging;

namespace Gir.Degradations.Haze;

/// <summary>The depth that haze and snow read.</summary>
internal static class ContextDepth
{
    /// <summary>The context's depth, after checking that it fits the image.</summary>
    /// <exception cref="DegradationException">There is none, it has another size, or a sample lies outside [0, 1].</exception>
    public static ImageBuffer Require(string reader, ImageBuffer image, DegradationContext context)
    {
        ImageBuffer depth = context.Depth ?? throw new DegradationException(
            $"{reader} needs the scene's depth, and none was given. Ways to give it: a depth map 1 x {image.Height} x {image.Width}, relative, "
            + "far = 1 (DegradationContext.Depth, or the depth argument of DegradationPipeline.Apply); NAME.png or NAME.npy in a folder "
            + "(DepthMapFolder); an estimate from the image (HeuristicDepthEstimator); the exact depth of a procedural scene (Scene.Depth).");
        if (depth.Channels != 1 || depth.Height != image.Height || depth.Width != image.Width)
        {
            throw new DegradationException(
                $"the depth map is {depth} (channels x height x width), the image {image}: expected 1 x {image.Height} x {image.Width}.");
        }

        float lowest = TensorPrimitives.Min<float>(depth.Samples);
        float highest = TensorPrimitives.Max<float>(depth.Samples);
        // NaN wins both searches and fails both comparisons.
        if (!(lowest >= 0 && highest <= 1))
        {
            throw new DegradationException(
                $"the depth map holds {lowest}..{highest}: expected relative depth in 0..1 (far = 1); DepthMap.Normalized divides a map by its maximum.");
        }

        return depth;
    }
}
