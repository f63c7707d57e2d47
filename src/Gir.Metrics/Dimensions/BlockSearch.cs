using Gir.Imaging;
using Gir.Metrics.Kernels;

namespace Gir.Metrics.Dimensions;

/// <summary>Finds each block of the reference in the result, within two pixels.</summary>
internal readonly unsafe struct BlockSearch(BlockGrid grid, ImageBuffer reference, ImageBuffer result, AffineFit fit, Shift[] shifts) : IRangeBody
{
    private const int Reach = 2;

    // The nearest first, so that of equal matches the nearest wins.
    private static readonly Shift[] s_candidates =
    [
        .. from down in Enumerable.Range(-Reach, (2 * Reach) + 1)
           from right in Enumerable.Range(-Reach, (2 * Reach) + 1)
           orderby (down * down) + (right * right), down, right
           select new Shift(down, right),
    ];

    /// <summary>Fills in the shifts of blocks.</summary>
    public void Invoke(int start, int end)
    {
        int width = grid.Width;
        fixed (float* x = reference.Array, r = result.Array)
        {
            for (int i = start; i < end; i++)
            {
                Block block = grid[i];
                double least = double.PositiveInfinity;
                foreach (Shift shift in s_candidates)
                {
                    (int top, int left) = (block.Top + shift.Down, block.Left + shift.Right);
                    if (top < 0 || left < 0 || top + block.Height > grid.Height || left + block.Width > width)
                        continue;
                    double error = BlockError.Sum(
                        x + ((nint)block.Top * width) + block.Left, r + ((nint)top * width) + left, width, block.Height, block.Width, (float)fit.Gain, (float)fit.Offset);
                    if (error < least)
                        (least, shifts[i]) = (error, shift);
                }
            }
        }
    }
}
