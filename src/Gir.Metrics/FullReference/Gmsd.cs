using System.Buffers;
using Gir.Imaging;
using Gir.Imaging.Observability;
using Gir.Metrics.Kernels;

namespace Gir.Metrics.FullReference;

/// <summary>
/// Gradient magnitude similarity deviation (Xue, Zhang, Mou, Bovik: "Gradient Magnitude Similarity Deviation: A Highly
/// Efficient Perceptual Image Quality Index", 2014): the standard deviation (N - 1) of the per-pixel similarity of Prewitt
/// gradient magnitudes after averaging 2 x 2 pixels. 0 for identical images; lower is better.
/// </summary>
/// <remarks>
/// As the authors' GMSD.m: T = 170, zeros beyond the edges, on one gray plane of levels. At least 4 x 4 pixels; one or three
/// channels. Samples beyond the range of [0, 1], such as levels of 0..255 or NaN, are refused.
/// </remarks>
public sealed class Gmsd : IFullReferenceMetric
{
    private const int MinimumSize = 4;
    private readonly MetricColor _gray;
    private readonly int _crop;
    private readonly bool _dropOddEdge;
    private readonly MetricNeeds _needs;
    private readonly string _convention;

    /// <summary>GMSD on a gray plane.</summary>
    /// <param name="gray">The gray conversion; not <see cref="MetricColor.Rgb"/>.</param>
    /// <param name="crop">Pixels cut from every side.</param>
    /// <param name="dropOddEdge">Leaves out the last row or column of an odd size, as pyiqa does, instead of padding it with zeros.</param>
    /// <exception cref="ArgumentOutOfRangeException">The crop is negative.</exception>
    /// <exception cref="ArgumentException">The color is RGB.</exception>
    public Gmsd(MetricColor gray = MetricColor.GrayMatlab, int crop = 0, bool dropOddEdge = false)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(crop);
        MetricInput.RequireGray(gray, nameof(gray));
        (_gray, _crop, _dropOddEdge) = (gray, crop, dropOddEdge);
        _needs = MetricNeeds.Of(Name, MinimumSize, crop, gray);
        _convention = $"{MetricText.Of(gray, crop)}, range 255, half size{(dropOddEdge ? " without odd edge" : "")}";
    }

    /// <inheritdoc/>
    public string Name => "gmsd";

    /// <inheritdoc/>
    public string? WhyUnfit(int channels, int height, int width) => _needs.Unfit(channels, height, width);

    /// <inheritdoc/>
    public MetricScore Measure(ImageBuffer reference, ImageBuffer distorted) => Measure(reference, distorted, default);

    /// <inheritdoc/>
    public MetricScore Measure(ImageBuffer reference, ImageBuffer distorted, Parallelism parallelism)
    {
        using TimedWork.Piece work = MetricsTelemetry.Begin(Name, parallelism);
        _needs.Check(reference, distorted);
        using LevelPlane x = HalfGray(reference, parallelism);
        using LevelPlane y = HalfGray(distorted, parallelism);
        return work.Complete(new MetricScore(Name, Deviation(x, y, parallelism), _convention, HigherIsBetter: false));
    }

    private static double Deviation(LevelPlane x, LevelPlane y, Parallelism parallelism)
    {
        (int height, int width) = (x.Height - 2, x.Width - 2);
        double[] sums = ArrayPool<double>.Shared.Rent(2 * height);
        parallelism.For(height, 32, new Rows(x, y, sums, height));
        double count = (double)height * width;
        double sum = RowSum.Of(sums.AsSpan(0, height));
        double squares = RowSum.Of(sums.AsSpan(height, height));
        ArrayPool<double>.Shared.Return(sums);
        return Math.Sqrt(Math.Max(0, squares - (sum * sum / count)) / (count - 1));
    }

    private LevelPlane HalfGray(ImageBuffer image, Parallelism parallelism)
    {
        using var gray = LevelPlane.Of(image, _gray, 0, _crop, parallelism);
        return HalfSize.Of(new PlaneSource(gray), _dropOddEdge ? OddEdge.Drop : OddEdge.Zero, frame: 1, parallelism);
    }

    private readonly struct Rows(LevelPlane x, LevelPlane y, double[] sums, int height) : IRangeBody
    {
        public void Invoke(int start, int end)
        {
            int stride = x.Width;
            using var line = new LevelPlane(1, stride - 2);
            Span<double> row = line.Values;
            for (int i = start; i < end; i++)
            {
                GradientSimilarity.Row(x.Values.Slice(i * stride, 3 * stride), y.Values.Slice(i * stride, 3 * stride), stride, row);
                sums[i] = RowSum.Of(row);
                sums[height + i] = RowSum.OfSquares(row);
            }
        }
    }
}
