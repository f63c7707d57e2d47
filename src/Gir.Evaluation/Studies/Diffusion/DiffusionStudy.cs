using System.Globalization;
using Gir.Evaluation.Recipes;
using Gir.Imaging;
using Gir.Models.Generative.Training;

namespace Gir.Evaluation.Studies.Diffusion;

/// <summary>
/// Asks of a trained conditional latent diffusion what "Are Conditional Latent Diffusion Models Effective for Image Restoration?" (Yuan, Xiao, Li, arXiv 2412.09324) asks of the published ones, at a small
/// scale: eight experiments on procedural scenes that no training has seen. The paper's definitions and numbers were not to be had; metrics and settings are Gir's own.
/// </summary>
/// <remarks>
/// Each experiment leaves a file in the output folder, and is not done again where that is there; networks that are compared are trained by the study, each once. A study that was stopped goes on. One study at
/// a time in one folder; not safe for concurrent use. For the same build all numbers but times are the same for any number of threads.
/// </remarks>
public sealed class DiffusionStudy
{
    private static readonly StudyExperiment[] s_experiments =
    [
        new("plane", "perception against distortion", QualityExperiments.Plane),
        new("blur", "from no blur to a strong one, and where latent diffusion overtakes", QualityExperiments.Blur),
        new("cost", "quality against parameters and time", QualityExperiments.Cost),
        new("ceiling", "what the autoencoder leaves", SamplingExperiments.Ceiling),
        new("steps", "what many timesteps are worth", SamplingExperiments.Steps),
        new("start", "from how much noise to start", SamplingExperiments.Start),
        new("deviation", "where something else is shown", QualityExperiments.Deviation),
        new("pixels", "latents against pixels", SamplingExperiments.Pixels),
    ];

    private readonly string _training;
    private readonly TrainingRecipe _recipe;
    private readonly DiffusionStudyOptions _options;

    /// <summary>Prepares a study.</summary>
    /// <param name="training">The folder of a finished training by a recipe with <see cref="TrainingRecipe.LatentDiffusion"/>.</param>
    /// <param name="options">Its size and where its results go.</param>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    /// <exception cref="EvaluationException">The folder holds no such training, or one that is not done.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public DiffusionStudy(string training, DiffusionStudyOptions options)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(training);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        string path = RecipeFile.PathIn(training);
        if (!File.Exists(path))
            throw new EvaluationException($"'{training}' holds no training: there is no '{path}'.");
        (_training, _options, _recipe) = (training, options, TrainingRecipe.Load(path));
        if (_recipe.LatentDiffusion is not { } diffusion || diffusion.Stages.Autoencoder == 0)
            throw new EvaluationException($"'{training}' holds a training by '{_recipe.Name}'; expected one of latent diffusion, with an autoencoder.");
        if (!File.Exists(StageSeries.WeightsPath(training, "control")))
            throw new EvaluationException($"The training in '{training}' is not done: there are no weights of its last stage, 'control'.");
    }

    /// <summary>The experiments' names, in their order.</summary>
    public static IReadOnlyList<string> Experiments { get; } = [.. s_experiments.Select(e => e.Name)];

    /// <summary>What an experiment asks, in a few words.</summary>
    /// <param name="experiment">One of <see cref="Experiments"/>.</param>
    /// <exception cref="ArgumentException">There is no such experiment.</exception>
    public static string Question(string experiment) => Find(experiment).Question;

    /// <summary>The file of an experiment's result.</summary>
    /// <param name="experiment">One of <see cref="Experiments"/>.</param>
    /// <exception cref="ArgumentException">There is no such experiment.</exception>
    public string PathOf(string experiment) =>
        Path.Combine(_options.Output, string.Create(CultureInfo.InvariantCulture, $"{Array.IndexOf(s_experiments, Find(experiment)) + 1}-{experiment}.json"));

    /// <summary>Does what is not done yet, and hands out all results.</summary>
    /// <param name="experiments">Names among <see cref="Experiments"/>; null means all.</param>
    /// <param name="progress">Told of every restored image and of rows of trainings' logs, from any thread; may be null.</param>
    /// <param name="cancellationToken">Stops the work; trainings are saved, an experiment in work is begun anew.</param>
    /// <exception cref="ArgumentException">There is no such experiment.</exception>
    /// <exception cref="EvaluationException">The folder holds results of another size.</exception>
    /// <exception cref="OperationCanceledException">The study was stopped.</exception>
    /// <exception cref="IOException">A file cannot be read or written.</exception>
    public IReadOnlyList<StudyResult> Run(IReadOnlyList<string>? experiments = null, IProgress<DiffusionStudyProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        StudyExperiment[] wanted = [.. (experiments ?? Experiments).Select(Find)];
        Directory.CreateDirectory(_options.Output);
        StudyContext? study = null;
        var results = new List<StudyResult>();
        foreach (StudyExperiment experiment in wanted)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (Existing(experiment.Name) is { } existing)
            {
                results.Add(existing);
                continue;
            }

            study ??= Context(progress, cancellationToken);
            StudyResult result = experiment.Run(study) with { Size = Size };
            result.Save(PathOf(experiment.Name));
            results.Add(result);
        }

        return results;
    }

    private string Size => string.Create(
        CultureInfo.InvariantCulture,
        $"{_options.Images} scenes from {_options.FirstScene}, {_options.Seeds} seeds, {_options.Steps} steps, compared {string.Join(' ', _options.StepCounts)}, blur {string.Join(' ', _options.BlurLevels)}, trained {_options.NetworkSteps} {_options.CeilingSteps} {_options.VariantSteps}, recipe '{_recipe.Name}'");

    private StudyContext Context(IProgress<DiffusionStudyProgress>? progress, CancellationToken cancellationToken)
    {
        var networks = new StudyNetworks(_training, _recipe, _options, progress, cancellationToken);
        return new StudyContext(_options, networks, new StudyBench(_options, _recipe.Patch, networks.Initial), progress, cancellationToken);
    }

    private StudyResult? Existing(string experiment)
    {
        string path = PathOf(experiment);
        if (!File.Exists(path))
            return null;
        var existing = StudyResult.Load(path);
        return existing.Size == Size
            ? existing
            : throw new EvaluationException($"'{path}' is the result of another study: {existing.Size} there, {Size} here. Take the same sizes or another folder.");
    }

    private static StudyExperiment Find(string name) => Array.Find(s_experiments, e => e.Name == name)
        ?? throw new ArgumentException($"There is no experiment '{name}'; expected one of {string.Join(", ", Experiments)}.", nameof(name));
}
