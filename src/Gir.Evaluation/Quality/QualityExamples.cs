using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Gir.Metrics.Quality;

namespace Gir.Evaluation.Quality;

/// <summary>What a network learns from: standardized features and soft labels of every row, and pairs.</summary>
internal sealed class QualityExamples
{
    private const double LeastDeviation = 1e-9;

    private readonly float[] _inputs;
    private readonly float[] _labels;

    public QualityExamples(QualityFeatureSet set, IReadOnlyList<QualityVariant> variants, IReadOnlyList<QualityScene> scenes)
    {
        double[][] rows = [.. scenes.SelectMany(s => s.Rows)];
        Set = set;
        FeatureCount = QualityFeatures.Names(set).Count;
        (Means, Deviations) = (new float[FeatureCount], new float[FeatureCount]);
        for (int feature = 0; feature < FeatureCount; feature++)
        {
            double[] values = [.. rows.Select(r => r[feature]).Where(double.IsFinite)];
            double mean = values.Length > 0 ? values.Average() : 0;
            double deviation = values.Length > 0 ? Math.Sqrt(values.Average(v => (v - mean) * (v - mean))) : 0;
            Means[feature] = (float)mean;
            Deviations[feature] = deviation > LeastDeviation ? (float)deviation : 1;
        }

        var labels = new QualityLabels();
        const int Shares = QualityScores.Count * QualityModel.Levels;
        _inputs = new float[rows.Length * FeatureCount];
        _labels = new float[rows.Length * Shares];
        for (int row = 0; row < rows.Length; row++)
        {
            for (int feature = 0; feature < FeatureCount; feature++)
                _inputs[(row * FeatureCount) + feature] = (float)QualityModel.Standardize(rows[row][feature], Means[feature], Deviations[feature]);
            foreach ((int output, double level) in labels.Of(rows[row]).Index())
                QualityLabels.Soften(level, _labels.AsSpan((row * Shares) + (output * QualityModel.Levels), QualityModel.Levels));
        }

        Pairs = QualityPairs.Of(variants, scenes);
    }

    /// <summary>Which features.</summary>
    public QualityFeatureSet Set { get; }

    /// <summary>How many.</summary>
    public int FeatureCount { get; }

    /// <summary>Their means.</summary>
    public float[] Means { get; }

    /// <summary>Their deviations.</summary>
    public float[] Deviations { get; }

    /// <summary>The pairs.</summary>
    public QualityPairs Pairs { get; }

    /// <summary>A hash of all numbers, for resumed trainings to compare.</summary>
    public string Hash
    {
        get
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            hash.AppendData(MemoryMarshal.AsBytes(_inputs.AsSpan()));
            hash.AppendData(MemoryMarshal.AsBytes(_labels.AsSpan()));
            return Convert.ToHexStringLower(hash.GetHashAndReset());
        }
    }

    /// <summary>The features of a row.</summary>
    public ReadOnlySpan<float> Inputs(int row) => _inputs.AsSpan(row * FeatureCount, FeatureCount);

    /// <summary>The labels of a row.</summary>
    public ReadOnlySpan<float> Labels(int row) =>
        _labels.AsSpan(row * QualityScores.Count * QualityModel.Levels, QualityScores.Count * QualityModel.Levels);
}
