using Gir.Imaging;

namespace Gir.Degradations.Tasks;

/// <summary>For each channel the shares of the 256 levels.</summary>
internal sealed class LevelHistograms
{
    private const int Levels = 256;

    private readonly double[] _shares;

    public LevelHistograms(ImageBuffer image)
    {
        byte[] pixels = image.ToInterleaved();
        _shares = new double[image.Channels * Levels];
        for (int i = 0; i < pixels.Length; i++)
            _shares[(i % image.Channels * Levels) + pixels[i]]++;
        for (int i = 0; i < _shares.Length; i++)
            _shares[i] /= pixels.Length;
    }

    /// <summary>Swain and Ballard's histogram intersection, averaged over the channels: 1 for equal histograms, 0 for disjoint ones.</summary>
    public double Intersection(LevelHistograms other)
    {
        double sum = 0;
        for (int i = 0; i < _shares.Length; i++)
            sum += Math.Min(_shares[i], other._shares[i]);
        return sum;
    }
}
