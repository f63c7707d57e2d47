using Gir.Imaging;

namespace Gir.Metrics.Dimensions;

/// <summary>Sums over a block's strong edges.</summary>
/// <param name="Own">Of grad x . grad x.</param>
/// <param name="Common">Of grad r . grad x.</param>
internal readonly record struct BlockEdges(double Own, double Common);

/// <summary>Compares the gradients of blocks where the reference's are strong.</summary>
internal readonly struct EdgeBlocks(
    BlockGrid grid, ImageBuffer reference, ImageBuffer result, ImageBuffer energies, float threshold, Shift[]? shifts, BlockEdges[] edges) : IRangeBody
{
    /// <summary>Works on blocks.</summary>
    public void Invoke(int start, int end)
    {
        for (int i = start; i < end; i++)
        {
            Block block = grid[i];
            Shift shift = shifts is null ? default : shifts[i];
            (double own, double common) = (0, 0);
            for (int y = block.Top; y < block.Top + block.Height; y++)
            {
                ReadOnlySpan<float> row = energies.Row(0, y).Slice(block.Left, block.Width);
                for (int x = 0; x < row.Length; x++)
                {
                    if (row[x] < threshold)
                        continue;
                    (double across, double down) = Gradient(reference, y, block.Left + x);
                    (double acrossResult, double downResult) = Gradient(result, y + shift.Down, block.Left + x + shift.Right);
                    own += (across * across) + (down * down);
                    common += (across * acrossResult) + (down * downResult);
                }
            }

            edges[i] = new BlockEdges(own, common);
        }
    }

    private static (double Across, double Down) Gradient(ImageBuffer plane, int y, int x)
    {
        ReadOnlySpan<float> row = plane.Row(0, y);
        double across = row[Math.Min(x + 1, row.Length - 1)] - row[Math.Max(x - 1, 0)];
        double down = plane.Row(0, Math.Min(y + 1, plane.Height - 1))[x] - plane.Row(0, Math.Max(y - 1, 0))[x];
        return (0.5 * across, 0.5 * down);
    }
}
