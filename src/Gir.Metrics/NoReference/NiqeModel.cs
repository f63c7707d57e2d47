using Gir.Imaging;
using Gir.Metrics.NoReference.Files;
using MathNet.Numerics.LinearAlgebra;

namespace Gir.Metrics.NoReference;

/// <summary>The pristine model that NIQE measures distances to: mean and covariance of 36 features. Immutable.</summary>
public sealed class NiqeModel
{
    /// <summary>Features of a block.</summary>
    public const int FeatureCount = NiqeFeatures.Count;

    // The authors' computemodel.m keeps blocks sharper than this share of the image's sharpest.
    private const double SharpnessShare = 0.75;
    private static readonly Lazy<NiqeModel> BuiltInModel = new(NiqeBuiltInModel.Load);
    private readonly double[] _mean;
    private readonly double[] _covariance;

    /// <summary>A model from its numbers.</summary>
    /// <param name="name">What scores call it; tells models apart.</param>
    /// <param name="mean">36 numbers.</param>
    /// <param name="covariance">36 x 36 numbers, symmetric.</param>
    /// <exception cref="ArgumentException">A length is wrong, a number is not finite, or the covariance is not symmetric or has a negative diagonal.</exception>
    public NiqeModel(string name, ReadOnlySpan<double> mean, ReadOnlySpan<double> covariance)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        if (mean.Length != FeatureCount)
            throw new ArgumentException($"Expected {FeatureCount} means, not {mean.Length}.", nameof(mean));
        if (covariance.Length != FeatureCount * FeatureCount)
            throw new ArgumentException($"Expected {FeatureCount} x {FeatureCount} covariances, not {covariance.Length}.", nameof(covariance));
        foreach (double value in mean)
            RequireFinite(value, nameof(mean));
        foreach (double value in covariance)
            RequireFinite(value, nameof(covariance));
        for (int row = 0; row < FeatureCount; row++)
        {
            if (covariance[(row * FeatureCount) + row] < 0)
                throw new ArgumentException($"Expected variances of at least 0, but number {row} is {covariance[(row * FeatureCount) + row]}.", nameof(covariance));
            for (int column = 0; column < row; column++)
            {
                (double below, double above) = (covariance[(row * FeatureCount) + column], covariance[(column * FeatureCount) + row]);
                if (Math.Abs(below - above) > 1e-6 * (1 + Math.Abs(below)))
                    throw new ArgumentException($"Expected a symmetric matrix, but ({row}, {column}) is {below} and its mirror image {above}.", nameof(covariance));
            }
        }

        Name = name;
        _mean = mean.ToArray();
        _covariance = covariance.ToArray();

        static void RequireFinite(double value, string parameter)
        {
            if (!double.IsFinite(value))
                throw new ArgumentException($"Expected finite numbers, not {value}.", parameter);
        }
    }

    /// <summary>The library's own model, fitted by <see cref="Fit"/> on the 24 images of the Kodak suite; its scores are not comparable with those of the authors' model.</summary>
    public static NiqeModel BuiltIn => BuiltInModel.Value;

    /// <summary>What scores call the model.</summary>
    public string Name { get; }

    /// <summary>The 36 means.</summary>
    public ReadOnlySpan<double> Mean => _mean;

    /// <summary>The 36 x 36 covariances, row by row.</summary>
    public ReadOnlySpan<double> Covariance => _covariance;

    /// <summary>
    /// Reads a model file: the authors' MATLAB v5 file (variables mu_prisparam and cov_prisparam) or the NumPy archive of
    /// BasicSR (mu_pris_param and cov_pris_param), told apart by content.
    /// </summary>
    /// <param name="path">The file; at most 16 MiB.</param>
    /// <param name="name">What scores call the model; default the file's name.</param>
    /// <exception cref="InvalidDataException">The file is damaged, too large, or holds something else.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static NiqeModel Load(string path, string? name = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        name ??= Path.GetFileName(path);
        byte[] file = ModelFile.ReadAll(path);
        try
        {
            (NumericArray mean, NumericArray covariance) = ReadArrays(file);
            mean.RequireSize("mean", 1, FeatureCount);
            covariance.RequireSize("covariance", FeatureCount, FeatureCount);
            return new NiqeModel(name, mean.Values, covariance.Values);
        }
        catch (Exception e) when (e is InvalidDataException or ArgumentException)
        {
            throw new InvalidDataException($"{path}: not a usable NIQE model: {e.Message}", e);
        }
    }

    /// <summary>Fits a model to clean images: the statistics of all blocks sharper than 0.75 of the sharpest block of their image.</summary>
    /// <param name="name">What scores call the model.</param>
    /// <param name="images">Clean images of at least 96 x 96 pixels, looked at one by one.</param>
    /// <param name="gray">The gray conversion; not <see cref="MetricColor.Rgb"/>.</param>
    /// <param name="parallelism">Threads that may be used on one image.</param>
    /// <exception cref="ArgumentException">An image is too small, or fewer than two usable blocks were found in all.</exception>
    public static NiqeModel Fit(
        string name, IEnumerable<ImageBuffer> images, MetricColor gray = MetricColor.GrayMatlab, Parallelism parallelism = default)
    {
        ArgumentNullException.ThrowIfNull(images);
        MetricInput.RequireGray(gray, nameof(gray));
        var features = new List<double>();
        foreach (ImageBuffer image in images)
        {
            using LevelPlane plane = Niqe.CroppedGray(image, gray, 0, parallelism);
            var sharpness = new double[plane.Height / NiqeFeatures.BlockSize * (plane.Width / NiqeFeatures.BlockSize)];
            double[] all = NiqeFeatures.Compute(plane, Niqe.SnapBelow, sharpness, parallelism);
            double threshold = SharpnessShare * sharpness.Max();
            for (int block = 0; block < sharpness.Length; block++)
            {
                if (sharpness[block] > threshold)
                    features.AddRange(all.AsSpan(block * FeatureCount, FeatureCount));
            }
        }

        (double[] mean, double[] covariance, int rows) = NiqeStatistics.Of(features.ToArray());
        if (rows < 2)
            throw new ArgumentException($"Expected at least 2 usable blocks to fit a model, but the images gave {rows}.", nameof(images));
        return new NiqeModel(name, mean, covariance);
    }

    /// <summary>Mean and covariance as MathNet types, for the distance.</summary>
    internal Matrix<double> CovarianceMatrix() => Matrix<double>.Build.Dense(FeatureCount, FeatureCount, _covariance);

    private static (NumericArray Mean, NumericArray Covariance) ReadArrays(byte[] file)
    {
        if (NumpyArchive.Recognizes(file))
        {
            IReadOnlyDictionary<string, NumericArray> archive = NumpyArchive.Read(file, "mu_pris_param", "cov_pris_param");
            return (archive["mu_pris_param"], archive["cov_pris_param"]);
        }

        if (MatlabFile.Recognizes(file))
        {
            IReadOnlyDictionary<string, NumericArray> variables = MatlabFile.Read(file, "mu_prisparam", "cov_prisparam");
            return (variables["mu_prisparam"], variables["cov_prisparam"]);
        }

        throw new InvalidDataException("expected a MATLAB v5 file (.mat) or a NumPy archive (.npz).");
    }
}
