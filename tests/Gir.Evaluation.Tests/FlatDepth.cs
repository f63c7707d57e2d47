using Gir.Degradations.Depth;
using Gir.Imaging;

namespace Gir.Evaluation.Tests;

/// <summary>The same depth everywhere; counts how often it is asked.</summary>
internal sealed class FlatDepth : IDepthEstimator
{
    private int _calls;

    public int Calls => _calls;

    public string Name => "flat";

    public ImageBuffer Estimate(ImageBuffer image)
    {
        Interlocked.Increment(ref _calls);
        return new ImageBuffer(1, image.Height, image.Width, [.. Enumerable.Repeat(0.5f, image.PlaneLength)]);
    }
}
