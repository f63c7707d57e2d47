using System.Globalization;
using Gir.Imaging.Random;
using Gir.Metrics.Quality;
using Gir.Models.Generative.Training;
using Gir.Models.Serialization;
using Gir.Models.Tensors;
using Gir.Models.Training;

namespace Gir.Evaluation.Quality;

/// <summary>Trains a <see cref="QualityHead"/>: every step pairs of single scenes, drawn from the seed and the step's number.</summary>
internal sealed class QualityStage : GenerativeStage
{
    private const double Decay = 0.998;
    private const uint PairStream = 7;
    private const uint NoiseStream = 8;

    private readonly QualityRecipe _recipe;
    private readonly QualityExamples _examples;
    private readonly QualityHead _head;
    private readonly StagePart _part;
    private readonly CosineAnnealing _rate;

    public QualityStage(QualityRecipe recipe, QualityExamples examples)
    {
        (_recipe, _examples) = (recipe, examples);
        _head = new QualityHead(examples.FeatureCount, recipe.Hidden, (ulong)recipe.Seed);
        _part = new StagePart(
            "head",
            _head,
            new Adam(_head.Parameters(), recipe.LearningRate, weightDecay: recipe.WeightDecay, decoupled: true),
            new ExponentialMovingAverage(_head, Decay));
        _rate = new CosineAnnealing(recipe.LearningRate, recipe.LearningRate / 100, recipe.Iterations);
        Description = string.Create(
            CultureInfo.InvariantCulture,
            $"quality {examples.Set}, seed {recipe.Seed}, {string.Join('-', recipe.Hidden)}, {recipe.Iterations} x {recipe.Batch}, rate {recipe.LearningRate}, decay {recipe.WeightDecay}, noise {recipe.FeatureNoise}, spread {recipe.Spread}, divergence {recipe.Divergence}, examples {examples.Hash}");
    }

    /// <inheritdoc/>
    public override string Description { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<StagePart> Parts => [_part];

    /// <inheritdoc/>
    public override IReadOnlyList<string> Columns { get; } = ["fidelity", "divergence"];

    /// <inheritdoc/>
    public override double[] Step(long step)
    {
        QualityPair[] pairs = Draw(step);
        (int n, int features, int shares) = (pairs.Length, _examples.FeatureCount, QualityScores.Count * QualityModel.Levels);
        var inputs = new float[2 * n * features];
        var labels = new float[2 * n * shares];
        var chosen = new float[n * QualityScores.Count];
        for (int i = 0; i < n; i++)
        {
            Put(pairs[i].Better, i);
            Put(pairs[i].Worse, n + i);
            chosen[(i * QualityScores.Count) + pairs[i].Output] = 1;
        }

        AddNoise(step, inputs);
        Tensor logits = _head.Call(Tensor.From(inputs, [2 * n, features]));
        Tensor scores = QualityLoss.Scores(logits);
        Tensor differences = ((scores.Narrow(0, 0, n) - scores.Narrow(0, n, n)) * Tensor.From(chosen, [n, QualityScores.Count])).Sum([1], keepDimensions: false);
        Tensor fidelity = QualityLoss.Fidelity(differences, Tensor.Ones([n]), _recipe.Spread);
        Tensor divergence = QualityLoss.Divergence(logits, Tensor.From(labels, [2 * n, shares]));
        _part.Optimizer.LearningRate = _rate.At(step);
        _part.Step(fidelity + (divergence * (float)_recipe.Divergence));
        return [fidelity.Item(), divergence.Item()];

        void Put(int row, int place)
        {
            _examples.Inputs(row).CopyTo(inputs.AsSpan(place * features));
            _examples.Labels(row).CopyTo(labels.AsSpan(place * shares));
        }
    }

    /// <inheritdoc/>
    public override void Publish(string path) => SafeTensorsFile.Write(path, _part.Average!.State);

    /// <summary>Writes the model: the average of the weights.</summary>
    public void WriteModel(Stream stream) => QualityModel.Write(stream, _recipe.Name, _examples.Set, _examples.Means, _examples.Deviations, _head.Layers(_part.Average!.State));

    private void AddNoise(long step, Span<float> inputs)
    {
        if (_recipe.FeatureNoise == 0)
            return;
        var noise = new float[inputs.Length];
        Philox4x32.FillGaussian(noise, Philox4x32.DeriveSeed((ulong)_recipe.Seed, (ulong)step), NoiseStream, 0);
        for (int i = 0; i < noise.Length; i++)
            inputs[i] += (float)_recipe.FeatureNoise * noise[i];
    }

    private QualityPair[] Draw(long step)
    {
        var random = new PhiloxRandom(Philox4x32.DeriveSeed((ulong)_recipe.Seed, (ulong)step), PairStream);
        var pairs = new QualityPair[_recipe.Batch];
        IReadOnlyList<IReadOnlyList<QualityPair>> classes = _examples.Pairs.Classes;
        for (int i = 0; i < pairs.Length; i++)
        {
            IReadOnlyList<QualityPair> from = classes[i % classes.Count];
            pairs[i] = from[random.NextInteger(0, from.Count - 1)];
        }

        return pairs;
    }
}
