using System.Buffers;
using Gir.Imaging;
using Gir.Metrics.Kernels;

namespace Gir.Metrics.FullReference;

/// <summary>The mean of a term of the difference of two images, in levels, over all planes of a color convention.</summary>
internal static class DifferenceMean
{
    public static MetricNeeds Needs(string metric, MetricColor color, int crop) => MetricNeeds.Of(metric, 1, crop, color);

    /// <summary>Mean of the term.</summary>
    public static double Of<TTerm>(
        string metric, ImageBuffer reference, ImageBuffer distorted, MetricColor color, int crop, Parallelism parallelism)
        where TTerm : struct, PairSum.ITerm
    {
        MetricNeeds needs = Needs(metric, color, crop);
        needs.CheckShapes(reference, distorted);
        int height = reference.Height - (2 * crop);
        long width = reference.Width - (2 * crop);
        int planes = LevelPlane.CountOf(reference, color);
        double[] sums = ArrayPool<double>.Shared.Rent(planes * height);
        try
        {
            if (color == MetricColor.Rgb)
            {
                parallelism.For(planes * height, 64, new SampleRows<TTerm>(reference, distorted, crop, height, sums));
            }
            else
            {
                needs.CheckSamples(reference, distorted);
                using var a = LevelPlane.Of(reference, color, 0, crop, parallelism);
                using var b = LevelPlane.Of(distorted, color, 0, crop, parallelism);
                parallelism.For(height, 64, new LevelRows<TTerm>(a, b, sums));
            }

            double mean = RowSum.Of(sums.AsSpan(0, planes * height)) / (planes * height * (double)width);
            if (double.IsNaN(mean))
                needs.CheckSamples(reference, distorted);
            return mean;
        }
        finally
        {
            ArrayPool<double>.Shared.Return(sums);
        }
    }

    private readonly struct SampleRows<TTerm>(ImageBuffer a, ImageBuffer b, int crop, int height, double[] sums) : IRangeBody
        where TTerm : struct, PairSum.ITerm
    {
        public void Invoke(int start, int end)
        {
            for (int i = start; i < end; i++)
            {
                (int channel, int y) = Math.DivRem(i, height);
                int width = a.Width - (2 * crop);
                ReadOnlySpan<float> first = a.Row(channel, y + crop).Slice(crop, width);
                ReadOnlySpan<float> second = b.Row(channel, y + crop).Slice(crop, width);
                sums[i] = PairSum.Levels<TTerm>(first, second);
            }
        }
    }

    private readonly struct LevelRows<TTerm>(LevelPlane a, LevelPlane b, double[] sums) : IRangeBody
        where TTerm : struct, PairSum.ITerm
    {
        public void Invoke(int start, int end)
        {
            for (int y = start; y < end; y++)
                sums[y] = PairSum.Doubles<TTerm>(a.Row(y), b.Row(y));
        }
    }
}
