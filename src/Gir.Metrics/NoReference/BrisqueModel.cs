using System.Globalization;
using System.Text;
using Gir.Metrics.NoReference.Files;

namespace Gir.Metrics.NoReference;

/// <summary>
/// The regression of <see cref="Brisque"/>: an epsilon-SVR with a radial kernel in libsvm's text formats (Chang, Lin: "LIBSVM: A
/// Library for Support Vector Machines", 2011), with the ranges that svm-scale writes. Immutable.
/// </summary>
public sealed class BrisqueModel
{
    private const int MaximumVectors = 1 << 16;
    private readonly double _gamma;
    private readonly double _rho;
    private readonly double[] _coefficients;
    private readonly double[] _vectors;
    private readonly Range _range;

    private BrisqueModel(string name, double gamma, double rho, double[] coefficients, double[] vectors, Range range)
    {
        Name = name;
        (_gamma, _rho, _coefficients, _vectors, _range) = (gamma, rho, coefficients, vectors, range);
    }

    /// <summary>What scores call the model.</summary>
    public string Name { get; }

    /// <summary>Number of support vectors.</summary>
    public int VectorCount => _coefficients.Length;

    /// <summary>Reads a model and its ranges (the authors call them allmodel and allrange).</summary>
    /// <param name="modelPath">A libsvm model: svm_type epsilon_svr, kernel_type rbf; at most 16 MiB.</param>
    /// <param name="rangePath">A range file of svm-scale for 36 features.</param>
    /// <param name="name">What scores call the model; default the model file's name.</param>
    /// <exception cref="InvalidDataException">A file is damaged, too large, or holds something else.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static BrisqueModel Load(string modelPath, string rangePath, string? name = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(modelPath);
        ArgumentException.ThrowIfNullOrEmpty(rangePath);
        return ReadModel(new Lines(modelPath), ReadRange(new Lines(rangePath)), name ?? Path.GetFileName(modelPath));
    }

    /// <summary>The score for 36 features.</summary>
    /// <param name="features">The features of <see cref="Brisque.ComputeFeatures"/>.</param>
    /// <exception cref="ArgumentException">There are not 36.</exception>
    public double Predict(ReadOnlySpan<double> features)
    {
        const int n = Brisque.FeatureCount;
        if (features.Length != n)
            throw new ArgumentException($"Expected {n} features, not {features.Length}.", nameof(features));
        Span<double> scaled = stackalloc double[n];
        for (int i = 0; i < n; i++)
            scaled[i] = _range.Scale(i, features[i]);
        double sum = -_rho;
        for (int vector = 0; vector < _coefficients.Length; vector++)
        {
            ReadOnlySpan<double> support = _vectors.AsSpan(vector * n, n);
            double distance = 0;
            for (int i = 0; i < n; i++)
                distance += (scaled[i] - support[i]) * (scaled[i] - support[i]);
            sum += _coefficients[vector] * Math.Exp(-_gamma * distance);
        }

        return sum;
    }

    private static Range ReadRange(Lines lines)
    {
        const int n = Brisque.FeatureCount;
        if (lines.Next() != "x")
            throw lines.Error("expected 'x' first");
        string[] target = lines.NextFields(2);
        (double lower, double upper) = (lines.Number(target[0]), lines.Number(target[1]));
        if (!(lower < upper))
            throw lines.Error("expected a lower bound below the upper one");
        (double[] minima, double[] maxima) = (new double[n], new double[n]);
        for (int i = 0; i < n; i++)
        {
            string[] fields = lines.NextFields(3);
            if (fields[0] != (i + 1).ToString(CultureInfo.InvariantCulture))
                throw lines.Error($"expected the range of feature {i + 1}");
            (minima[i], maxima[i]) = (lines.Number(fields[1]), lines.Number(fields[2]));
        }

        return new Range(lower, upper, minima, maxima);
    }

    private static BrisqueModel ReadModel(Lines lines, Range range, string name)
    {
        var header = new Dictionary<string, string>(StringComparer.Ordinal);
        for (string line = lines.Next(); line != "SV"; line = lines.Next())
        {
            string[] fields = line.Split(' ', 2);
            if (fields.Length != 2 || !header.TryAdd(fields[0], fields[1].Trim()))
                throw lines.Error($"'{fields[0]}' comes twice or without a value");
        }

        string Value(string key) => header.GetValueOrDefault(key) ?? throw lines.Error($"expected '{key}' before the vectors");
        if (Value("svm_type") != "epsilon_svr" || Value("kernel_type") != "rbf")
            throw lines.Error($"expected epsilon_svr with rbf, not {Value("svm_type")} with {Value("kernel_type")}");
        double gamma = lines.Number(Value("gamma"));
        double rho = lines.Number(Value("rho"));
        if (!int.TryParse(Value("total_sv"), NumberStyles.None, CultureInfo.InvariantCulture, out int count) || count is < 1 or > MaximumVectors)
            throw lines.Error($"expected total_sv in 1..{MaximumVectors}, not {Value("total_sv")}");
        var coefficients = new List<double>();
        var vectors = new List<double>();
        for (int vector = 0; vector < count; vector++)
        {
            string[] fields = lines.Next().Split(' ', StringSplitOptions.RemoveEmptyEntries);
            coefficients.Add(lines.Number(fields[0]));
            var support = new double[Brisque.FeatureCount];
            foreach (string field in fields.AsSpan(1))
            {
                string[] parts = field.Split(':');
                if (parts.Length != 2 || !int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out int index) || index is < 1 or > Brisque.FeatureCount)
                    throw lines.Error($"'{field}' is no feature 1..{Brisque.FeatureCount} with a value");
                support[index - 1] = lines.Number(parts[1]);
            }

            vectors.AddRange(support);
        }

        return new BrisqueModel(name, gamma, rho, [.. coefficients], [.. vectors], range);
    }

    /// <summary>What svm-scale does: a line through (minimum, lower) and (maximum, upper); a feature that never varied counts as 0.</summary>
    private sealed record Range(double Lower, double Upper, double[] Minima, double[] Maxima)
    {
        public double Scale(int feature, double value)
        {
            (double minimum, double maximum) = (Minima[feature], Maxima[feature]);
            return minimum == maximum ? 0 : Lower + ((Upper - Lower) * (value - minimum) / (maximum - minimum));
        }
    }

    /// <summary>The lines of a bounded text file, with errors that name file and line.</summary>
    private sealed class Lines(string path)
    {
        private readonly string[] _lines = Encoding.Latin1.GetString(ModelFile.ReadAll(path)).Split('\n');
        private int _next;

        public string Next()
        {
            while (_next < _lines.Length)
            {
                string line = _lines[_next++].Trim();
                if (line.Length > 0)
                    return line;
            }

            throw Error("the file ends too early");
        }

        public string[] NextFields(int count)
        {
            string[] fields = Next().Split(' ', StringSplitOptions.RemoveEmptyEntries);
            return fields.Length == count ? fields : throw Error($"expected {count} numbers, not {fields.Length}");
        }

        public double Number(string text) =>
            double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && double.IsFinite(value)
                ? value
                : throw Error($"'{text}' is no finite number");

        public InvalidDataException Error(string what) => new($"{path}, line {_next}: {what}.");
    }
}
