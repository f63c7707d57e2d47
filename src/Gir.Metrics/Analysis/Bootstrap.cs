using Gir.Imaging.Random;

namespace Gir.Metrics.Analysis;

/// <summary>
/// The percentile bootstrap (Efron and Tibshirani, "An Introduction to the Bootstrap", 1993, chapter 13) over images,
/// tasks or scenes: resamples of as many with replacement, the same ones for every quantity, so that paired comparisons stay paired.
/// </summary>
internal sealed class Bootstrap
{
    private readonly double _confidence;

    public Bootstrap(int items, int resamples, double confidence, ulong seed)
    {
        _confidence = confidence;
        Items = items;
        Draws = new int[resamples][];
        for (int r = 0; r < resamples; r++)
        {
            var random = new PhiloxRandom(seed, (uint)r);
            int[] draw = new int[items];
            for (int i = 0; i < items; i++)
                draw[i] = random.NextInteger(0, items - 1);
            Draws[r] = draw;
        }
    }

    /// <summary>How many items there are, and as many a resample draws.</summary>
    public int Items { get; }

    /// <summary>Indices of every resample.</summary>
    public int[][] Draws { get; }

    /// <summary>How often every item stands in a resample.</summary>
    public double[] Weights(int resample)
    {
        var weights = new double[Items];
        foreach (int item in Draws[resample])
            weights[item]++;
        return weights;
    }

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
