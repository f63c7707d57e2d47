using Gir.Imaging;
using Gir.Metrics.Kernels;

namespace Gir.Metrics.NoReference;

/// <summary>The 36 natural-scene statistics of every 96 x 96 block of a gray plane, at full and half size.</summary>
internal static class NiqeFeatures
{
    public const int Count = 36;
    public const int BlockSize = 96;
    private const int PerScale = Count / 2;

    /// <summary>One row of 36 features per block, blocks row by row; may contain NaN for flat blocks.</summary>
    /// <param name="gray">A plane whose sides are multiples of 96.</param>
    /// <param name="snap">Coefficients below this magnitude count as 0.</param>
    /// <param name="sharpness">Receives the mean local deviation of every block; empty when not wanted.</param>
    /// <param name="parallelism">Threads that may be used.</param>
    public static double[] Compute(LevelPlane gray, double snap, double[]? sharpness, Parallelism parallelism)
    {
        (int rows, int columns) = (gray.Height / BlockSize, gray.Width / BlockSize);
        var features = new double[rows * columns * Count];
        using LevelPlane half = NiqeHalfSize.Of(gray, parallelism);
        AddScale(gray, BlockSize, 0);
        AddScale(half, BlockSize / 2, PerScale);
        return features;

        void AddScale(LevelPlane plane, int size, int offset)
        {
            using var coefficients = new LevelPlane(plane.Height, plane.Width);
            using LevelPlane? deviations = sharpness is not null && offset == 0 ? new LevelPlane(plane.Height, plane.Width) : null;
            Mscn.Compute(plane, coefficients, deviations, snap, parallelism);
            parallelism.For(rows * columns, 1, new Blocks(coefficients, size, columns, features, offset));
            if (deviations is not null)
                parallelism.For(rows * columns, 1, new Sharpness(deviations, size, columns, sharpness!));
        }
    }

    private readonly unsafe struct Blocks(LevelPlane plane, int size, int columns, double[] features, int offset) : IRangeBody
    {
        private static readonly double[] Ones = [.. Enumerable.Repeat(1.0, BlockSize)];

        public void Invoke(int start, int end)
        {
            // The block with its last row above it and its last and first columns left and right: circular shifts become offsets.
            int stride = size + 2;
            using var padded = new LevelPlane(size + 1, stride);
            fixed (double* memory = padded.Data, ones = Ones)
            {
                for (int block = start; block < end; block++)
                {
                    CopyBlock(block, padded);
                    Span<double> target = features.AsSpan((block * Count) + offset, PerScale);
                    double* z = memory + stride + 1;
                    AsymmetricFit fit = Fit(z, ones, stride, 0);
                    target[0] = fit.Alpha;
                    target[1] = (fit.BetaLeft + fit.BetaRight) / 2;
                    Describe(Fit(z, z - 1, stride, stride), target[2..]);
                    Describe(Fit(z, z - stride, stride, stride), target[6..]);
                    Describe(Fit(z, z - stride - 1, stride, stride), target[10..]);
                    Describe(Fit(z, z - stride + 1, stride, stride), target[14..]);
                }
            }
        }

        private static void Describe(AsymmetricFit fit, Span<double> target) =>
            (target[0], target[1], target[2], target[3]) = (fit.Alpha, fit.Eta, fit.BetaLeft, fit.BetaRight);

        private void CopyBlock(int block, LevelPlane padded)
        {
            (int blockY, int blockX) = Math.DivRem(block, columns);
            for (int y = 0; y <= size; y++)
            {
                ReadOnlySpan<double> source = plane.Row((blockY * size) + (y == 0 ? size - 1 : y - 1)).Slice(blockX * size, size);
                Span<double> target = padded.Row(y);
                source.CopyTo(target[1..]);
                target[0] = source[^1];
                target[size + 1] = source[0];
            }
        }

        private AsymmetricFit Fit(double* z, double* partner, int stride, int partnerStride)
        {
            double* lanes = stackalloc double[AggdMoments.Sums * AggdMoments.Lanes];
            new Span<double>(lanes, AggdMoments.Sums * AggdMoments.Lanes).Clear();
            for (int y = 0; y < size; y++)
                AggdMoments.Add(z + (y * stride), partner + (y * partnerStride), size, lanes);
            return GeneralizedGaussian.FromMoments(
                AggdMoments.Total(lanes, 0),
                AggdMoments.Total(lanes, 2),
                AggdMoments.Total(lanes, 1),
                AggdMoments.Total(lanes, 3),
                AggdMoments.Total(lanes, 4),
                (double)size * size);
        }
    }

    private readonly struct Sharpness(LevelPlane deviations, int size, int columns, double[] sharpness) : IRangeBody
    {
        public void Invoke(int start, int end)
        {
            for (int block = start; block < end; block++)
            {
                (int blockY, int blockX) = Math.DivRem(block, columns);
                double sum = 0;
                for (int y = 0; y < size; y++)
                    sum += RowSum.Of(deviations.Row((blockY * size) + y).Slice(blockX * size, size));
                sharpness[block] = sum / ((double)size * size);
            }
        }
    }
}
