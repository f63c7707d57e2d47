using Gir.Imaging.Random;

namespace Gir.Evaluation.Generality;

/// <summary>
/// The percentile bootstrap (Efron and Tibshirani, "An Introduction to the Bootstrap", 1993, chapter 13) over images: resamples
/// of as many images with replacement, the same ones for every quantity, so that paired comparisons stay paired.
/// </summary>
internal sealed class Bootstrap
{
    private readonly double _confidence;

    public Bootstrap(int images, int resamples, double confidence, ulong seed)
    {
        _confidence = confidence;
        Draws = new int[resamples][];
        for (int r = 0; r < resamples; r++)
        {
            var random = new PhiloxRandom(seed, (uint)r);
            int[] draw = new int[images];
            for (int i = 0; i < images; i++)
                draw[i] = random.NextInteger(0, images - 1);
            Draws[r] = draw;
        }
    }

    /// <summary>Image indices of every resample.</summary>
    public int[][] Draws { get; }

    /// <summary>The interval that holds the wanted share of the resampled values, by nearest rank: values may be infinite, where interpolation has no answer.</summary>
    public Estimate Around(double value, double[] resampled)
    {
        if (resampled.Length == 0 || resampled.Any(double.IsNaN))
            return new Estimate(value);
        double[] sorted = [.. resampled.Order()];
        double tail = (1 - _confidence) / 2;
        return new Estimate(value, sorted[Rank(tail, sorted.Length)], sorted[Rank(1 - tail, sorted.Length)]);
    }

    private static int Rank(double share, int count) => Math.Clamp((int)Math.Ceiling(share * count) - 1, 0, count - 1);
}
