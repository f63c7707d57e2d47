namespace Gir.Metrics.Quality;

/// <summary>
/// An estimate of an image's noise in levels: Immerkær's operator (1996), which edges and slopes hardly answer to, over blocks of 8 x 8; the block that a tenth of all lie below,
/// as its logarithm to base 2.
/// </summary>
internal static class NoiseLevel
{
    private const int Side = 8;
    private const double Floor = 0.1;

    public static double Of(LevelPlane luma)
    {
        (int rows, int columns) = ((luma.Height - 2) / Side, (luma.Width - 2) / Side);
        var blocks = new double[rows * columns];
        for (int block = 0; block < blocks.Length; block++)
        {
            (int row, int column) = Math.DivRem(block, columns);
            double sum = 0;
            for (int y = 1 + (row * Side); y <= (row + 1) * Side; y++)
            {
                ReadOnlySpan<double> above = luma.Row(y - 1);
                ReadOnlySpan<double> line = luma.Row(y);
                ReadOnlySpan<double> below = luma.Row(y + 1);
                for (int x = 1 + (column * Side); x <= (column + 1) * Side; x++)
                {
                    double corners = above[x - 1] + above[x + 1] + (below[x - 1] + below[x + 1]);
                    double sides = above[x] + below[x] + (line[x - 1] + line[x + 1]);
                    sum += Math.Abs(corners - (2 * sides) + (4 * line[x]));
                }
            }

            // The operator's answer to noise of deviation 1 has the deviation 6; sqrt(pi / 2) turns mean magnitudes into deviations.
            blocks[block] = Math.Sqrt(Math.PI / 2) * sum / (6.0 * Side * Side);
        }

        System.Array.Sort(blocks);
        return Math.Log2(blocks[blocks.Length / 10] + Floor);
    }
}
