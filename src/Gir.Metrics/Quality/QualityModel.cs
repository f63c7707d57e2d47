using System.Text;
using Gir.Metrics.NoReference.Files;
using MathNet.Numerics;

namespace Gir.Metrics.Quality;

/// <summary>
/// A small network that makes <see cref="QualityScores"/> of <see cref="QualityFeatures"/>: two hidden layers with GELU, and for each score a softmax over five levels dotted with
/// 1..5 (as DeQA-Score: You et al., "Teaching Large Language Models to Regress Accurate Image Quality Scores using Score Distribution", 2025).
/// </summary>
/// <remarks>
/// Trained on synthetic rankings, with nobody's opinion in them (docs/quality-model.md). In double precision on one thread. Immutable and safe for concurrent use.
/// </remarks>
public sealed class QualityModel
{
    /// <summary>Levels of a score: 1..5.</summary>
    internal const int Levels = 5;

    /// <summary>Features further from the training's mean than so many deviations count as if they were there.</summary>
    internal const double MostDeviations = 6;

    private const int MostHidden = 1024;
    private const int LongestName = 128;

    private static readonly byte[] s_magic = Encoding.ASCII.GetBytes("gir-iqa\n");

    private readonly float[] _means;
    private readonly float[] _deviations;
    private readonly DenseLayer[] _layers;

    private QualityModel(string name, QualityFeatureSet features, float[] means, float[] deviations, DenseLayer[] layers) =>
        (Name, Features, _means, _deviations, _layers) = (name, features, means, deviations, layers);

    /// <summary>What scores call the model.</summary>
    public string Name { get; }

    /// <summary>What it sees of an image.</summary>
    public QualityFeatureSet Features { get; }

    /// <summary>Reads a model that `gir train quality` wrote.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InvalidDataException">The file is damaged, too large, or holds something else.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static QualityModel Load(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return Read(ModelFile.ReadAll(path), path);
    }

    /// <summary>The scores of features.</summary>
    /// <param name="features">The features that <see cref="QualityFeatures"/> computes for this model's set; NaN stands for what the image does not have.</param>
    /// <exception cref="ArgumentException">Their number is another than the set's.</exception>
    public QualityScores Score(ReadOnlySpan<double> features)
    {
        if (features.Length != _means.Length)
            throw new ArgumentException($"Expected {_means.Length} features, not {features.Length}.", nameof(features));
        var values = new double[features.Length];
        for (int i = 0; i < values.Length; i++)
            values[i] = Standardize(features[i], _means[i], _deviations[i]);
        for (int i = 0; i < _layers.Length; i++)
            values = _layers[i].Apply(values, isLast: i == _layers.Length - 1);
        Span<double> scores = stackalloc double[QualityScores.Count];
        for (int i = 0; i < scores.Length; i++)
            scores[i] = Expectation(values.AsSpan(i * Levels, Levels));
        return QualityScores.Of(scores);
    }

    /// <summary>What the network sees of a feature: deviations from the training's mean, bounded; 0 for NaN.</summary>
    internal static double Standardize(double feature, double mean, double deviation) =>
        double.IsNaN(feature) ? 0 : Math.Clamp((feature - mean) / deviation, -MostDeviations, MostDeviations);

    /// <summary>Writes a model; weights are rounded to 16 bits.</summary>
    /// <param name="stream">Where to.</param>
    /// <param name="name">Its name.</param>
    /// <param name="features">What it sees.</param>
    /// <param name="means">Means of the training's features.</param>
    /// <param name="deviations">Their deviations.</param>
    /// <param name="layers">Each layer's weights, output by output, and biases.</param>
    internal static void Write(Stream stream, string name, QualityFeatureSet features, float[] means, float[] deviations, IReadOnlyList<(float[] Weights, float[] Biases)> layers)
    {
        using var writer = new BinaryWriter(stream, Encoding.UTF8, leaveOpen: true);
        writer.Write(s_magic);
        writer.Write(name);
        writer.Write((byte)features);
        writer.Write((ushort)means.Length);
        foreach (float value in means.Concat(deviations))
            writer.Write(value);
        writer.Write((byte)layers.Count);
        foreach ((float[] weights, float[] biases) in layers)
        {
            writer.Write((ushort)biases.Length);
            foreach (float value in weights.Concat(biases))
                writer.Write((Half)value);
        }
    }

    internal static QualityModel Read(byte[] content, string source)
    {
        using var reader = new BinaryReader(new MemoryStream(content));
        try
        {
            return Read(reader, source);
        }
        catch (Exception e) when (e is EndOfStreamException or FormatException or DecoderFallbackException)
        {
            throw new InvalidDataException($"{source}: the quality model ends too early or is damaged.", e);
        }
    }

    private static QualityModel Read(BinaryReader reader, string source)
    {
        if (!reader.ReadBytes(s_magic.Length).AsSpan().SequenceEqual(s_magic))
            throw new InvalidDataException($"{source}: no quality model; expected a file that `gir train quality` wrote.");
        string name = reader.ReadString();
        var features = (QualityFeatureSet)reader.ReadByte();
        if (name.Length is 0 or > LongestName || !Enum.IsDefined(features))
            throw new InvalidDataException($"{source}: the quality model has no name of at most {LongestName} characters, or an unknown set of features.");
        int count = reader.ReadUInt16();
        int expected = QualityFeatures.Names(features).Count;
        if (count != expected)
            throw new InvalidDataException($"{source}: the quality model has {count} features; expected {expected}.");
        float[] means = Numbers(expected, reader.ReadSingle, source);
        float[] deviations = Numbers(expected, reader.ReadSingle, source);
        if (deviations.Any(d => d <= 0))
            throw new InvalidDataException($"{source}: the quality model has a deviation that is not above 0.");
        const int Layers = 3;
        int layers = reader.ReadByte();
        if (layers != Layers)
            throw new InvalidDataException($"{source}: the quality model has {layers} layers; expected {Layers}.");
        var read = new DenseLayer[Layers];
        int inputs = expected;
        for (int i = 0; i < Layers; i++)
        {
            int outputs = reader.ReadUInt16();
            if (i == Layers - 1 ? outputs != QualityScores.Count * Levels : outputs is 0 or > MostHidden)
                throw new InvalidDataException($"{source}: layer {i} of the quality model has {outputs} outputs; expected {(i == Layers - 1 ? $"{QualityScores.Count * Levels}" : $"1..{MostHidden}")}.");
            read[i] = new DenseLayer(Numbers(outputs * inputs, () => (float)reader.ReadHalf(), source), Numbers(outputs, () => (float)reader.ReadHalf(), source));
            inputs = outputs;
        }

        if (reader.BaseStream.Position != reader.BaseStream.Length)
            throw new InvalidDataException($"{source}: the quality model goes on after its end.");
        return new QualityModel(name, features, means, deviations, read);
    }

    /// <summary>Numbers one by one, so that no more is allocated than a file has.</summary>
    private static float[] Numbers(int count, Func<float> read, string source)
    {
        var numbers = new List<float>();
        for (int i = 0; i < count; i++)
        {
            float number = read();
            numbers.Add(float.IsFinite(number) ? number : throw new InvalidDataException($"{source}: the quality model holds a number that is not finite."));
        }

        return [.. numbers];
    }

    private static double Expectation(ReadOnlySpan<double> logits)
    {
        double largest = logits[0];
        foreach (double logit in logits)
            largest = Math.Max(largest, logit);
        (double weights, double sum) = (0, 0);
        for (int level = 0; level < logits.Length; level++)
        {
            double weight = Math.Exp(logits[level] - largest);
            weights += weight;
            sum += weight * (level + 1);
        }

        return sum / weights;
    }

    private sealed record DenseLayer(float[] Weights, float[] Biases)
    {
        public double[] Apply(double[] inputs, bool isLast)
        {
            var outputs = new double[Biases.Length];
            for (int o = 0; o < outputs.Length; o++)
            {
                double sum = Biases[o];
                for (int i = 0; i < inputs.Length; i++)
                    sum += Weights[(o * inputs.Length) + i] * inputs[i];
                outputs[o] = isLast ? sum : 0.5 * sum * (1 + SpecialFunctions.Erf(sum / Math.Sqrt(2)));
            }

            return outputs;
        }
    }
}
