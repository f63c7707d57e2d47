namespace Gir.Models.Generative.Diffusion;

/// <summary>A rectangle of an image or latent.</summary>
internal readonly record struct TileWindow(int Top, int Bottom, int Left, int Right);

/// <summary>Where tiles lie and how they weigh.</summary>
internal static class DiffusionTiles
{
    /// <summary>Windows of a size at every stride and one flush with the end, row by row; a shorter side is one window.</summary>
    public static TileWindow[] Windows(int height, int width, int size, int stride)
    {
        return [.. Starts(height).SelectMany(top => Starts(width).Select(left => new TileWindow(top, Math.Min(top + size, height), left, Math.Min(left + size, width))))];

        IEnumerable<int> Starts(int length)
        {
            int start = 0;
            for (; start < length - size; start += stride)
                yield return start;
            yield return Math.Max(length - size, 0);
        }
    }

    /// <summary>
    /// Weights of a tile, row by row: a Gaussian across times one down. As published, the middle lies at (n - 1) / 2 across but at n / 2 down.
    /// </summary>
    /// <param name="height">Rows.</param>
    /// <param name="width">Columns.</param>
    /// <param name="isSymmetric">Whether the middle lies at (n - 1) / 2 down, too.</param>
    public static double[] Weights(int height, int width, bool isSymmetric)
    {
        const double Variance = 0.01;
        double Weight(int i, int n, double middle) => Math.Exp(-(i - middle) * (i - middle) / ((double)n * n) / (2 * Variance)) / Math.Sqrt(2 * Math.PI * Variance);
        double[] down = [.. Enumerable.Range(0, height).Select(i => Weight(i, height, isSymmetric ? (height - 1) / 2.0 : height / 2.0))];
        double[] across = [.. Enumerable.Range(0, width).Select(i => Weight(i, width, (width - 1) / 2.0))];
        return [.. down.SelectMany(d => across.Select(a => d * a))];
    }
}
