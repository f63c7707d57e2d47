using Gir.Degradations.Depth;
using Gir.Imaging;

namespace Gir.Evaluation;

/// <summary>Estimates one image's depth once, though several tasks ask for it; tasks that crop differently get depths of their own.</summary>
internal sealed class CachedDepthEstimator(IDepthEstimator estimator) : IDepthEstimator
{
    private readonly Lock _gate = new();
    private readonly Dictionary<(int Height, int Width), ImageBuffer> _depths = [];

    public string Name => estimator.Name;

    public ImageBuffer Estimate(ImageBuffer image)
    {
        lock (_gate)
        {
            if (!_depths.TryGetValue((image.Height, image.Width), out ImageBuffer? depth))
                _depths.Add((image.Height, image.Width), depth = estimator.Estimate(image));
            return depth;
        }
    }

    public void Forget()
    {
        lock (_gate)
            _depths.Clear();
    }
}
