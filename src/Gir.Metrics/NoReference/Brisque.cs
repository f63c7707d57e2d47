using Gir.Imaging;
using Gir.Imaging.Observability;

namespace Gir.Metrics.NoReference;

/// <summary>
/// Blind/referenceless image spatial quality evaluator (Mittal, Moorthy, Bovik: "No-Reference Image Quality Assessment in the
/// Spatial Domain", 2012): 36 statistics of locally normalized luminance at two scales, mapped to opinions by a support vector
/// regression. About 0 to 100 under the authors' model; lower is better.
/// </summary>
/// <remarks>
/// As the authors' brisque_feature.m, with normalized coefficients below 1e-9 set to 0 as in <see cref="Niqe"/>. At least
/// 2 x 2 pixels; one or three channels. A flat image has no statistics: its score is NaN. Samples beyond the range of [0, 1], such as levels of 0..255 or NaN, are refused.
/// </remarks>
public sealed class Brisque : INoReferenceMetric
{
    /// <summary>Number of features: 18 at each of two scales.</summary>
    public const int FeatureCount = 36;

    private readonly BrisqueModel _model;
    private readonly MetricColor _gray;
    private readonly int _crop;
    private readonly string _convention;

    /// <summary>BRISQUE under a model.</summary>
    /// <param name="model">The regression; the authors' files are read by <see cref="BrisqueModel.Load"/>.</param>
    /// <param name="gray">The gray conversion; not <see cref="MetricColor.Rgb"/>.</param>
    /// <param name="crop">Pixels cut from every side.</param>
    /// <exception cref="ArgumentOutOfRangeException">The crop is negative.</exception>
    /// <exception cref="ArgumentException">The color is RGB.</exception>
    public Brisque(BrisqueModel model, MetricColor gray = MetricColor.GrayMatlab, int crop = 0)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentOutOfRangeException.ThrowIfNegative(crop);
        MetricInput.RequireGray(gray, nameof(gray));
        (_model, _gray, _crop) = (model, gray, crop);
        _convention = $"{MetricText.Of(gray, crop)}, snapped at 1e-9, model {model.Name}";
    }

    /// <inheritdoc/>
    public string Name => "brisque";

    /// <inheritdoc/>
    public string? WhyUnfit(int channels, int height, int width) => Needs(_gray, _crop).Unfit(channels, height, width);

    /// <summary>The 36 features: per scale shape and variance, then shape, mean, left and right variance of the products with the right, lower, lower right and upper right neighbor.</summary>
    /// <param name="image">One or three channels, at least 2 x 2 pixels after the crop.</param>
    /// <param name="gray">The gray conversion; not <see cref="MetricColor.Rgb"/>.</param>
    /// <param name="crop">Pixels cut from every side.</param>
    /// <param name="parallelism">Threads that may be used.</param>
    /// <exception cref="ArgumentException">The image is too small, has other channels, or a sample is not in the range of [0, 1].</exception>
    public static double[] ComputeFeatures(
        ImageBuffer image, MetricColor gray = MetricColor.GrayMatlab, int crop = 0, Parallelism parallelism = default)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentOutOfRangeException.ThrowIfNegative(crop);
        MetricInput.RequireGray(gray, nameof(gray));
        Needs(gray, crop).Check(image);
        var features = new double[FeatureCount];
        using var full = LevelPlane.Of(image, gray, 0, crop, parallelism);
        using LevelPlane half = NiqeHalfSize.Of(full, parallelism);
        AddScale(full, features, parallelism);
        AddScale(half, features.AsSpan(FeatureCount / 2), parallelism);
        return features;
    }

    /// <inheritdoc/>
    public MetricScore Measure(ImageBuffer image) => Measure(image, default);

    /// <inheritdoc/>
    public MetricScore Measure(ImageBuffer image, Parallelism parallelism)
    {
        using TimedWork.Piece work = MetricsTelemetry.Begin(Name, parallelism);
        return work.Complete(new MetricScore(Name, _model.Predict(ComputeFeatures(image, _gray, _crop, parallelism)), _convention, HigherIsBetter: false) { Model = _model.Name });
    }

    private static MetricNeeds Needs(MetricColor gray, int crop) => MetricNeeds.Of("brisque", 2, crop, gray);

    private static void AddScale(LevelPlane plane, Span<double> features, Parallelism parallelism)
    {
        using var coefficients = new LevelPlane(plane.Height, plane.Width);
        Mscn.Compute(plane, coefficients, null, Niqe.SnapBelow, parallelism);
        SymmetricFit shape = GeneralizedGaussian.FitSymmetric(coefficients.Values);
        (features[0], features[1]) = (shape.Alpha, shape.Variance);
        using var products = new LevelPlane(plane.Height, plane.Width);
        ReadOnlySpan<(int Y, int X)> shifts = [(0, 1), (1, 0), (1, 1), (-1, 1)];
        for (int i = 0; i < shifts.Length; i++)
        {
            MultiplyShifted(coefficients, products, shifts[i].Y, shifts[i].X);
            AsymmetricFit fit = GeneralizedGaussian.FitAsymmetric(products.Values);
            double deviationPerScale = GeneralizedGaussian.DeviationPerScale(fit.Alpha);
            double left = fit.BetaLeft * deviationPerScale;
            double right = fit.BetaRight * deviationPerScale;
            Span<double> target = features.Slice(2 + (4 * i), 4);
            (target[0], target[1], target[2], target[3]) = (fit.Alpha, fit.Eta, left * left, right * right);
        }
    }

    /// <summary>Every coefficient times the one (y, x) before it, around the edges as circshift does.</summary>
    private static void MultiplyShifted(LevelPlane source, LevelPlane target, int y, int x)
    {
        for (int row = 0; row < source.Height; row++)
        {
            ReadOnlySpan<double> line = source.Row(row);
            ReadOnlySpan<double> partner = source.Row((row - y + source.Height) % source.Height);
            Span<double> product = target.Row(row);
            for (int column = 0; column < line.Length; column++)
                product[column] = line[column] * partner[column >= x ? column - x : line.Length - x + column];
        }
    }
}
