using System.Text.Json;
using Gir.Imaging.Files;
using Gir.Imaging.Observability;
using Gir.Metrics.NoReference;
using Gir.Metrics.Quality;
using Gir.Models.Generative.Training;

namespace Gir.Evaluation.Quality;

/// <summary>How far a <see cref="QualityTraining"/> is.</summary>
/// <param name="Model">Which form is trained: "nr", that sees the image alone, or "fr", that sees the reference, too.</param>
/// <param name="Step">Steps done.</param>
/// <param name="Total">Steps in all.</param>
/// <param name="Fidelity">The loss of the step's pairs.</param>
/// <param name="Divergence">The divergence from the step's soft labels.</param>
public sealed record QualityProgress(string Model, long Step, long Total, double Fidelity, double Divergence);

/// <summary>
/// Makes a learned quality model (<see cref="QualityModel"/>) without people: operators from weak to strong, prefixes of pipelines, one-sided changes and restorers' results of photographs
/// and procedural scenes are ordered by strength, or where three full-reference metrics agree.
/// </summary>
/// <remarks>
/// It can be killed at any time and goes on: features are kept scene by scene, trainings resume bit for bit. Nothing depends on threads. One run at a time in one output folder; not safe for concurrent use.
/// </remarks>
public sealed class QualityTraining
{
    private const long SaveEvery = 1000;
    private const long LogEvery = 100;

    private static readonly (string Name, QualityFeatureSet Set)[] s_forms = [("nr", QualityFeatureSet.NoReference), ("fr", QualityFeatureSet.FullReference)];

    private readonly QualityRecipe _recipe;
    private readonly QualityTrainingOptions _options;
    private readonly QualityTable _learn;
    private readonly QualityTable? _test;

    /// <summary>Reads the recipe and finds the images.</summary>
    /// <param name="recipe">A recipe that comes with the package, "gir-iqa-synthetic-v1", or a JSON file of its form.</param>
    /// <param name="options">What to learn from, and where; null means the defaults.</param>
    /// <exception cref="EvaluationException">There is no such recipe, or no images, or photographs are too small.</exception>
    /// <exception cref="Gir.Degradations.DegradationException">A text of the recipe is no sweep or pipeline.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public QualityTraining(string recipe, QualityTrainingOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(recipe);
        _options = options ?? new QualityTrainingOptions();
        _recipe = QualityRecipe.Load(recipe);
        _learn = QualityTable.ToLearn(_recipe, _options.Images, Path.Combine(_options.Output, "learn"));
        if (_learn.Count == 0)
            throw new EvaluationException($"Quality recipe '{_recipe.Name}' has no scenes, and no folder of photographs is given.");
        _test = _options.Test is null ? null : QualityTable.ToTest(_recipe, _options.Test, Path.Combine(_options.Output, "test"));
    }

    /// <summary>How many scenes <see cref="Measure"/> measures.</summary>
    public int SceneCount => _learn.Count + (_test?.Count ?? 0);

    /// <summary>Measures the features of all scenes that are not measured yet.</summary>
    /// <param name="progress">Told how many scenes there are so far; may be null.</param>
    /// <param name="cancellationToken">Stops the work; what is done is kept.</param>
    /// <exception cref="EvaluationException">A photograph is too small.</exception>
    /// <exception cref="IOException">A file cannot be read or written.</exception>
    public void Measure(IProgress<int>? progress = null, CancellationToken cancellationToken = default)
    {
        _learn.Measure(_options.Parallelism, progress, cancellationToken);
        _test?.Measure(_options.Parallelism, progress is null ? null : new Told<int>(done => progress.Report(_learn.Count + done)), cancellationToken);
    }

    /// <summary>The file of a model's form, once it is trained.</summary>
    /// <param name="form">"nr" or "fr".</param>
    public string ModelPath(string form) => Path.Combine(_options.Output, $"{_recipe.Name}-{form}.bin");

    /// <summary>Trains both forms of the model, going on where an earlier run was saved.</summary>
    /// <param name="progress">Told every hundred steps; may be null.</param>
    /// <param name="cancellationToken">Ends the run after the step in work; the state is saved.</param>
    /// <returns>Whether both are done.</returns>
    /// <exception cref="Gir.Models.Training.TrainingConfigurationException">The folder holds another training.</exception>
    /// <exception cref="Gir.Models.Training.TrainingDivergedException">A loss is no number any more.</exception>
    public bool Train(IProgress<QualityProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        IReadOnlyList<QualityScene> scenes = _learn.Measure(_options.Parallelism, null, cancellationToken);
        foreach ((string name, QualityFeatureSet set) in s_forms)
        {
            var stage = new QualityStage(_recipe, new QualityExamples(set, _learn.Variants, scenes));
            var trainer = new StageTrainer(stage, Path.Combine(_options.Output, name), _recipe.Iterations, SaveEvery, LogEvery);
            if (!trainer.Run((step, numbers) => progress?.Report(new QualityProgress(name, step, _recipe.Iterations, numbers[0], numbers[1])), cancellationToken))
                return false;
            AtomicFile.Write(ModelPath(name), stage.WriteModel);
        }

        return true;
    }

    /// <summary>Tests the trained models on the scenes of the test folder; the report is kept as "gate.json", too.</summary>
    /// <exception cref="InvalidOperationException">There is no test folder.</exception>
    /// <exception cref="IOException">A file cannot be read or written: the models are not trained yet.</exception>
    public QualityGateReport Judge(CancellationToken cancellationToken = default)
    {
        if (_test is null)
            throw new InvalidOperationException("There is no folder of photographs to test on.");
        BrisqueModel brisque = RetrainedBrisque.Fit(_learn.Measure(_options.Parallelism, null, cancellationToken), _options.Output);
        QualityModel[] models = [.. s_forms.Select(f => QualityModel.Load(ModelPath(f.Name)))];
        QualityGateReport report = QualityGate.Judge(_recipe.Name, models, brisque, _test.Variants, _test.Measure(_options.Parallelism, null, cancellationToken));
        AtomicFile.Write(Path.Combine(_options.Output, "gate.json"), JsonSerializer.SerializeToUtf8Bytes(report, EvaluationJson.Indented.QualityGateReport));
        return report;
    }
}
