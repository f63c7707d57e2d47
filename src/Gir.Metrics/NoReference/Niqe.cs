using Gir.Imaging;
using Gir.Imaging.Observability;
using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Factorization;

namespace Gir.Metrics.NoReference;

/// <summary>How NIQE is computed.</summary>
public sealed record NiqeOptions
{
    /// <summary>The pristine model; null means <see cref="NiqeModel.BuiltIn"/>.</summary>
    public NiqeModel? Model { get; init; }

    /// <summary>The gray conversion; default MATLAB's rgb2gray, rounded, as in the authors' code.</summary>
    public MetricColor Gray { get; init; } = MetricColor.GrayMatlab;

    /// <summary>Pixels cut from every side before anything else; default 0.</summary>
    public int Crop { get; init; }

    /// <summary>
    /// Keeps the rounding noise of flat regions, as every published implementation does and each differently; default false,
    /// which sets normalized coefficients below 1e-9 to 0 before their signs are counted.
    /// </summary>
    public bool Raw { get; init; }
}

/// <summary>
/// Natural image quality evaluator (Mittal, Soundararajan, Bovik: "Making a 'Completely Blind' Image Quality Analyzer", 2013;
/// the authors' computequality.m): the distance of an image's natural-scene statistics from a pristine model's. 0 at best,
/// 3 to 5 for good photographs under the authors' model; lower is better.
/// </summary>
/// <remarks>
/// The image is cropped to whole blocks of 96 x 96 and must hold at least one; with fewer than two usable blocks their
/// covariance counts as zero. An image whose blocks are all flat has no statistics: its score is NaN. One or three channels;
/// samples beyond the range of [0, 1], such as levels of 0..255 or NaN, are refused. Scores under different models are not comparable: see <see cref="MetricScore.Model"/>.
/// </remarks>
public sealed class Niqe : INoReferenceMetric
{
    internal const double SnapBelow = 1e-9;
    private readonly NiqeOptions _options;
    private readonly NiqeModel _model;
    private readonly string _convention;

    /// <summary>NIQE under the built-in model.</summary>
    public Niqe()
        : this(new NiqeOptions())
    {
    }

    /// <summary>NIQE under other options.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The crop is negative.</exception>
    /// <exception cref="ArgumentException">The color is RGB.</exception>
    public Niqe(NiqeOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfNegative(options.Crop, nameof(options));
        MetricInput.RequireGray(options.Gray, nameof(options));
        _options = options;
        _model = options.Model ?? NiqeModel.BuiltIn;
        _convention = $"{MetricText.Of(options.Gray, options.Crop)}, blocks of 96, {(options.Raw ? "raw" : "snapped at 1e-9")}, model {_model.Name}";
    }

    /// <inheritdoc/>
    public string Name => "niqe";

    /// <inheritdoc/>
    public string? WhyUnfit(int channels, int height, int width) => Needs(_options.Gray, _options.Crop).Unfit(channels, height, width);

    /// <summary>The model that scores are distances to.</summary>
    public NiqeModel Model => _model;

    /// <summary>Scores an image.</summary>
    /// <param name="image">One or three channels, at least 96 x 96 pixels after the crop.</param>
    /// <exception cref="ArgumentException">The image is too small, has other channels, or a sample is not in the range of [0, 1].</exception>
    public MetricScore Measure(ImageBuffer image) => Measure(image, default);

    /// <inheritdoc cref="Measure(ImageBuffer)"/>
    /// <param name="image">One or three channels, at least 96 x 96 pixels after the crop.</param>
    /// <param name="parallelism">Threads that may be used.</param>
    public MetricScore Measure(ImageBuffer image, Parallelism parallelism)
    {
        using TimedWork.Piece work = MetricsTelemetry.Begin(Name, parallelism);
        using LevelPlane gray = CroppedGray(image, _options.Gray, _options.Crop, parallelism);
        double[] features = NiqeFeatures.Compute(gray, _options.Raw ? 0 : SnapBelow, null, parallelism);
        (double[] mean, double[] covariance, _) = NiqeStatistics.Of(features);
        return work.Complete(new MetricScore(Name, Distance(mean, covariance), _convention, HigherIsBetter: false) { Model = _model.Name });
    }

    private static MetricNeeds Needs(MetricColor gray, int crop) => MetricNeeds.Of("niqe", NiqeFeatures.BlockSize, crop, gray);

    /// <summary>The gray plane of an image, cropped to whole blocks from the top left.</summary>
    internal static LevelPlane CroppedGray(ImageBuffer image, MetricColor gray, int crop, Parallelism parallelism)
    {
        Needs(gray, crop).Check(image);
        LevelPlane plane = LevelPlane.Of(image, gray, 0, crop, parallelism);
        int height = plane.Height / NiqeFeatures.BlockSize * NiqeFeatures.BlockSize;
        int width = plane.Width / NiqeFeatures.BlockSize * NiqeFeatures.BlockSize;
        if (height == plane.Height && width == plane.Width)
            return plane;
        var cropped = new LevelPlane(height, width);
        for (int y = 0; y < height; y++)
            plane.Row(y)[..width].CopyTo(cropped.Row(y));
        plane.Dispose();
        return cropped;
    }

    /// <summary>sqrt(d pinv((S_p + S_d) / 2) d^T), eq. 10.</summary>
    private double Distance(double[] mean, double[] covariance)
    {
        Vector<double> difference = Vector<double>.Build.DenseOfArray(mean) - Vector<double>.Build.DenseOfArray(_model.Mean.ToArray());
        if (difference.Any(double.IsNaN))
            return double.NaN;
        Matrix<double> pooled = (_model.CovarianceMatrix() + Matrix<double>.Build.Dense(NiqeFeatures.Count, NiqeFeatures.Count, covariance)) / 2;
        // Built symmetric, it is decomposed as such; eigenvalues within rounding of zero count as zero, as in pinv.
        Evd<double> decomposition = ((pooled + pooled.Transpose()) / 2).Evd(Symmetricity.Symmetric);
        double[] values = [.. decomposition.EigenValues.Select(v => v.Real)];
        double tolerance = NiqeFeatures.Count * Math.BitIncrement(values.Max(Math.Abs)) - (NiqeFeatures.Count * values.Max(Math.Abs));
        Vector<double> projected = decomposition.EigenVectors.TransposeThisAndMultiply(difference);
        double sum = 0;
        for (int i = 0; i < values.Length; i++)
        {
            if (Math.Abs(values[i]) > tolerance)
                sum += projected[i] * projected[i] / values[i];
        }

        return Math.Sqrt(Math.Max(0, sum));
    }
}
