using System.Buffers;
using Gir.Imaging;
using Gir.Imaging.Observability;
using Gir.Metrics.Kernels;

namespace Gir.Metrics.NoReference;

/// <summary>
/// Colorfulness (Hasler, Süsstrunk: "Measuring Colorfulness in Natural Images", 2003, the metric M(3)) in levels 0..255:
/// sqrt(var rg + var yb) + 0.3 sqrt(mean(rg)^2 + mean(yb)^2) with rg = R - G and yb = (R + G) / 2 - B, population variances.
/// 0 for gray; 109 is called extremely colorful. The score calls larger better, which is a matter of taste.
/// </summary>
/// <remarks>Three channels, any size from one pixel; an image of one channel scores 0. Samples beyond the range of [0, 1], such as levels of 0..255 or NaN, are refused.</remarks>
public sealed class Colorfulness : INoReferenceMetric
{
    private readonly int _crop;
    private readonly string _convention;

    /// <summary>Colorfulness.</summary>
    /// <param name="crop">Pixels cut from every side.</param>
    /// <exception cref="ArgumentOutOfRangeException">The crop is negative.</exception>
    public Colorfulness(int crop = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(crop);
        _crop = crop;
        _convention = $"RGB, {(crop == 0 ? "no crop" : $"crop {crop}")}, range 255";
    }

    /// <inheritdoc/>
    public string Name => "colorfulness";

    /// <inheritdoc/>
    public string? WhyUnfit(int channels, int height, int width) => Needs.Unfit(channels, height, width);

    /// <inheritdoc/>
    public MetricScore Measure(ImageBuffer image) => Measure(image, default);

    /// <inheritdoc/>
    public MetricScore Measure(ImageBuffer image, Parallelism parallelism)
    {
        using TimedWork.Piece work = MetricsTelemetry.Begin(Name, parallelism);
        Needs.Check(image);
        double value = image.Channels == 1 ? 0 : Measure3(image, parallelism);
        return work.Complete(new MetricScore(Name, value, _convention, HigherIsBetter: true));
    }

    private MetricNeeds Needs => new(Name, 1, _crop, MetricChannels.GrayOrRgb);

    private double Measure3(ImageBuffer image, Parallelism parallelism)
    {
        int height = image.Height - (2 * _crop);
        double count = (double)height * (image.Width - (2 * _crop));
        double[] sums = ArrayPool<double>.Shared.Rent(4 * height);
        parallelism.For(height, 16, new Rows(image, _crop, height, sums));
        double meanRg = RowSum.Of(sums.AsSpan(0, height)) / count;
        double meanYb = RowSum.Of(sums.AsSpan(height, height)) / count;
        double varianceRg = (RowSum.Of(sums.AsSpan(2 * height, height)) / count) - (meanRg * meanRg);
        double varianceYb = (RowSum.Of(sums.AsSpan(3 * height, height)) / count) - (meanYb * meanYb);
        ArrayPool<double>.Shared.Return(sums);
        return Math.Sqrt(Math.Max(0, varianceRg) + Math.Max(0, varianceYb)) + (0.3 * Math.Sqrt((meanRg * meanRg) + (meanYb * meanYb)));
    }

    private readonly struct Rows(ImageBuffer image, int crop, int height, double[] sums) : IRangeBody
    {
        public void Invoke(int start, int end)
        {
            int width = image.Width - (2 * crop);
            for (int row = start; row < end; row++)
            {
                ReadOnlySpan<float> red = image.Row(0, row + crop).Slice(crop, width);
                ReadOnlySpan<float> green = image.Row(1, row + crop).Slice(crop, width);
                ReadOnlySpan<float> blue = image.Row(2, row + crop).Slice(crop, width);
                (double rg, double yb, double rgSquares, double ybSquares) = (0, 0, 0, 0);
                for (int x = 0; x < width; x++)
                {
                    (double r, double g, double b) = (red[x] * 255f, green[x] * 255f, blue[x] * 255f);
                    double redGreen = r - g;
                    double yellowBlue = (0.5 * (r + g)) - b;
                    rg += redGreen;
                    yb += yellowBlue;
                    rgSquares += redGreen * redGreen;
                    ybSquares += yellowBlue * yellowBlue;
                }

                (sums[row], sums[height + row]) = (rg, yb);
                (sums[(2 * height) + row], sums[(3 * height) + row]) = (rgSquares, ybSquares);
            }
        }
    }
}
