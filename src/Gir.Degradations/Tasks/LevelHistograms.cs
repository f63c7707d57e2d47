using Gir.Degradations.Kernels;
using Gir.Imaging;

namespace Gir.Degradations.Tasks;

/// <summary>How many samples of each channel have each of the 256 levels.</summary>
internal sealed class LevelHistograms
{
    private const int Levels = 256;

    private readonly double[] _counts;
    private readonly double _total;

    public LevelHistograms(ImageBuffer image)
    {
        byte[] pixels = image.ToInterleaved();
        _counts = new double[image.Channels * Levels];
        for (int i = 0; i < pixels.Length; i++)
            _counts[(i % image.Channels * Levels) + pixels[i]]++;
        _total = pixels.Length;
    }

    /// <summary>Swain and Ballard's histogram intersection, averaged over the channels: 1 for equal histograms, 0 for disjoint ones.</summary>
    /// <param name="other">The histograms of as many channels, of an image of any size.</param>
    public double Intersection(LevelHistograms other)
    {
        if (_total == other._total)
            return OverlapSum.Invoke(_counts, other._counts) / _total;
        double sum = 0;
        for (int i = 0; i < _counts.Length; i++)
            sum += Math.Min(_counts[i] / _total, other._counts[i] / other._total);
        return sum;
    }
}
