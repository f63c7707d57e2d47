namespace Gir.Metrics.Quality;

/// <summary>
/// How much stronger an image's steps are at one place of every eight than at the others (as blocks of JPEG make them; Wang, Sheikh, Bovik: "No-Reference Perceptual Quality
/// Assessment of JPEG Compressed Images", 2002): the logarithm to base 2, the mean over rows and columns, each at the place where it is strongest.
/// </summary>
internal static class Blockiness
{
    private const int Period = 8;
    private const double Floor = 0.05;

    public static double Of(LevelPlane luma)
    {
        Span<double> across = stackalloc double[Period];
        Span<double> down = stackalloc double[Period];
        across.Clear();
        down.Clear();
        for (int y = 0; y < luma.Height; y++)
        {
            ReadOnlySpan<double> row = luma.Row(y);
            for (int x = 1; x < row.Length; x++)
                across[x % Period] += Math.Abs(row[x] - row[x - 1]);
            if (y == 0)
                continue;
            ReadOnlySpan<double> above = luma.Row(y - 1);
            for (int x = 0; x < row.Length; x++)
                down[y % Period] += Math.Abs(row[x] - above[x]);
        }

        return (Strongest(across, luma.Width, luma.Height) + Strongest(down, luma.Height, luma.Width)) / 2;
    }

    private static double Strongest(Span<double> sums, int length, int lines)
    {
        double total = 0;
        int strongest = 0;
        for (int phase = 0; phase < Period; phase++)
        {
            // Places 1..length-1 that are of this phase.
            int count = ((length - 1 - phase) / Period) + (phase == 0 ? 0 : 1);
            sums[phase] /= (double)count * lines;
            total += sums[phase];
            strongest = sums[phase] > sums[strongest] ? phase : strongest;
        }

        double others = (total - sums[strongest]) / (Period - 1);
        return Math.Log2((sums[strongest] + Floor) / (others + Floor));
    }
}
