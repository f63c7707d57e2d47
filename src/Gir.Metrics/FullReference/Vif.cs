using System.Buffers;
using Gir.Imaging;
using Gir.Imaging.Observability;
using Gir.Imaging.Kernels;
using Gir.Metrics.Kernels;

namespace Gir.Metrics.FullReference;

/// <summary>
/// Visual information fidelity in the pixel domain (Sheikh, Bovik: "Image Information and Visual Quality", 2006; the
/// authors' vifp_mscale.m): information about the reference that the distorted image keeps, over the information in the
/// reference, at four scales. 1 for identical images, above 1 for contrast enhancement; higher is better.
/// </summary>
/// <remarks>
/// Gaussian windows of 17, 9, 5 and 3 taps, sigma a fifth of them, valid region, noise variance 2 in squared levels. It is
/// not symmetric in its arguments. At least 41 x 41 pixels; one or three channels. A flat reference carries no information:
/// 1 if the image equals it, else 0. Samples beyond the range of [0, 1], such as levels of 0..255 or NaN, are refused.
/// </remarks>
public sealed class Vif : IFullReferenceMetric
{
    private const int MinimumSize = 41;
    private static readonly double[][] Windows =
        [.. new[] { 17, 9, 5, 3 }.Select(taps => GaussianWindow.Create(taps, taps / 5.0))];

    private readonly MetricColor _gray;
    private readonly int _crop;
    private readonly MetricNeeds _needs;
    private readonly string _convention;

    /// <summary>VIFp on a gray plane.</summary>
    /// <param name="gray">The gray conversion; not <see cref="MetricColor.Rgb"/>.</param>
    /// <param name="crop">Pixels cut from every side.</param>
    /// <exception cref="ArgumentOutOfRangeException">The crop is negative.</exception>
    /// <exception cref="ArgumentException">The color is RGB.</exception>
    public Vif(MetricColor gray = MetricColor.GrayMatlab, int crop = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(crop);
        MetricInput.RequireGray(gray, nameof(gray));
        (_gray, _crop) = (gray, crop);
        _needs = MetricNeeds.Of(Name, MinimumSize, crop, gray);
        _convention = $"{MetricText.Of(gray, crop)}, range 255, pixel domain, 4 scales";
    }

    /// <inheritdoc/>
    public string Name => "vifp";

    /// <inheritdoc/>
    public string? WhyUnfit(int channels, int height, int width) => _needs.Unfit(channels, height, width);

    /// <inheritdoc/>
    public MetricScore Measure(ImageBuffer reference, ImageBuffer distorted) => Measure(reference, distorted, default);

    /// <inheritdoc/>
    public MetricScore Measure(ImageBuffer reference, ImageBuffer distorted, Parallelism parallelism)
    {
        using TimedWork.Piece work = MetricsTelemetry.Begin(Name, parallelism);
        _needs.Check(reference, distorted);
        var x = LevelPlane.Of(reference, _gray, 0, _crop, parallelism);
        var y = LevelPlane.Of(distorted, _gray, 0, _crop, parallelism);
        (double kept, double total) = (0, 0);
        foreach (double[] window in Windows)
        {
            if (window != Windows[0])
            {
                x = Decimate(x, window, parallelism);
                y = Decimate(y, window, parallelism);
            }

            (double numerator, double denominator) = Information(x, y, window, parallelism);
            kept += numerator;
            total += denominator;
        }

        double value = total > 0 ? kept / total : x.Values.SequenceEqual(y.Values) ? 1 : 0;
        x.Dispose();
        y.Dispose();
        return work.Complete(new MetricScore(Name, value, _convention, HigherIsBetter: true));
    }

    private static (double Kept, double Total) Information(LevelPlane x, LevelPlane y, double[] window, Parallelism parallelism)
    {
        (int height, int width) = (x.Height - window.Length + 1, x.Width - window.Length + 1);
        double[] sums = ArrayPool<double>.Shared.Rent(2 * height);
        sums.AsSpan(0, 2 * height).Clear();
        WindowWalk.Run(height, width, window, new InformationStage(x, y, sums, height), parallelism);
        (double, double) result = (RowSum.Of(sums.AsSpan(0, height)), RowSum.Of(sums.AsSpan(height, height)));
        ArrayPool<double>.Shared.Return(sums);
        return result;
    }

    /// <summary>Filters over the valid region and keeps every second row and column; takes the plane over.</summary>
    private static LevelPlane Decimate(LevelPlane plane, double[] window, Parallelism parallelism)
    {
        (int height, int width) = (plane.Height - window.Length + 1, plane.Width - window.Length + 1);
        var target = new LevelPlane((height + 1) / 2, (width + 1) / 2);
        WindowWalk.Run(height, width, window, new DecimationStage(plane, target), parallelism);
        plane.Dispose();
        return target;
    }

    private readonly unsafe struct InformationStage(LevelPlane x, LevelPlane y, double[] sums, int height) : IWindowStage
    {
        public int Maps => VifTile.Maps;

        public void Load(int row, int left, int columns, double* scratch)
        {
            x.Row(row).Slice(left, columns).CopyTo(new Span<double>(scratch, columns));
            y.Row(row).Slice(left, columns).CopyTo(new Span<double>(scratch + WindowTile.InputWidth, columns));
            VifTile.Products(scratch);
        }

        public void Combine(double** rows, double* weights, int taps, int row, int left, int columns)
        {
            double* distorted = stackalloc double[2 * WindowTile.Width];
            double* reference = distorted + WindowTile.Width;
            VifTile.Combine(rows, weights, taps, distorted, reference);
            sums[row] += LogSum.Of(new ReadOnlySpan<double>(distorted, columns));
            sums[height + row] += LogSum.Of(new ReadOnlySpan<double>(reference, columns));
        }
    }

    private readonly unsafe struct DecimationStage(LevelPlane source, LevelPlane target) : IWindowStage
    {
        public int Maps => 1;

        public void Load(int row, int left, int columns, double* scratch) =>
            source.Row(row).Slice(left, columns).CopyTo(new Span<double>(scratch, columns));

        public void Combine(double** rows, double* weights, int taps, int row, int left, int columns)
        {
            if ((row & 1) != 0)
                return;
            // Tiles begin at even columns, so the even columns of the tile are the even ones of the image.
            Span<double> line = target.Row(row / 2)[(left / 2)..];
            for (int column = 0; column < columns; column += 2)
                line[column / 2] = WindowTile.Column<Lanes1<double>>(rows, weights, taps, column).Value;
        }
    }
}
