using Gir.Imaging;
using Gir.Metrics.Kernels;

namespace Gir.Metrics.Dimensions;

/// <summary>Missing and added detail of one block, summed over the bands.</summary>
/// <param name="Missing">Sum of m over the bands that have a vote.</param>
/// <param name="Votes">Bands in which the reference has detail to miss.</param>
/// <param name="Added">Sum of e over all bands.</param>
internal readonly record struct BlockDetail(double Missing, int Votes, double Added)
{
    public double Under => Votes > 0 ? Missing / Votes : 0;

    public double Over => Added / BandMoments.Bands;
}

/// <summary>Compares the bands of blocks.</summary>
internal readonly unsafe struct BandBlocks(BlockGrid grid, ScaleSpace reference, ScaleSpace result, double gain, Shift[]? shifts, BlockDetail[] details) : IRangeBody
{
    // The energy of two levels of 8 bits: what lies below is no detail.
    private const double Floor = 4 / (255.0 * 255.0);

    /// <summary>Works on blocks.</summary>
    public void Invoke(int start, int end)
    {
        int width = grid.Width;
        float** x = stackalloc float*[ScaleSpace.Count];
        float** r = stackalloc float*[ScaleSpace.Count];
        double* sums = stackalloc double[BandMoments.Count];
        fixed (float* x0 = reference[0].Array, x1 = reference[1].Array, x2 = reference[2].Array, x3 = reference[3].Array)
        fixed (float* r0 = result[0].Array, r1 = result[1].Array, r2 = result[2].Array, r3 = result[3].Array)
        {
            for (int i = start; i < end; i++)
            {
                Block block = grid[i];
                Shift shift = shifts is null ? default : shifts[i];
                nint from = ((nint)block.Top * width) + block.Left;
                nint to = from + ((nint)shift.Down * width) + shift.Right;
                Aim(x, x0 + from, x1 + from, x2 + from, x3 + from);
                Aim(r, r0 + to, r1 + to, r2 + to, r3 + to);
                BandMoments.Sum(x, r, width, block.Height, block.Width, sums);
                details[i] = Judge(sums, block.Pixels);
            }
        }
    }

    private static void Aim(float** scales, float* first, float* second, float* third, float* fourth)
    {
        scales[0] = first;
        scales[1] = second;
        scales[2] = third;
        scales[3] = fourth;
    }

    private BlockDetail Judge(double* sums, int pixels)
    {
        (double missing, int votes, double added) = (0, 0, 0);
        for (int band = 0; band < BandMoments.Bands; band++)
        {
            double energy = sums[3 * band] / pixels;
            double found = gain * gain * (sums[(3 * band) + 1] / pixels);
            double common = gain * (sums[(3 * band) + 2] / pixels);
            double explained = energy;
            if (energy > Floor)
            {
                double kept = Math.Max(0, common / energy);
                double lost = 1 - Math.Min(kept, 1);
                missing += lost * lost * energy / (energy + Floor);
                votes++;
                explained = kept * kept * energy;
            }

            double excess = Math.Max(0, found - explained);
            added += excess / (excess + energy + Floor);
        }

        return new BlockDetail(missing, votes, added);
    }
}
