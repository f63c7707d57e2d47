using Gir.Degradations.Tasks;
using Gir.Imaging;
using Gir.Models.Nn;
using Gir.Models.Restoration;
using Gir.Models.Serialization;
using Gir.Models.Training;
using Gir.Models.Zoo;

namespace Gir.Evaluation.Recipes;

/// <summary>Trains the networks of a recipe; each can be killed at any time and goes on where it was saved.</summary>
/// <remarks>One run at a time in one output folder.</remarks>
public sealed class RecipeTraining
{
    private readonly RecipeTrainingOptions _options;
    private readonly int _channels;
    private RestorationNetwork? _initial;

    /// <summary>Checks the recipe and finds out what is to be trained; nothing is loaded yet but the tasks.</summary>
    /// <param name="recipe">What to train.</param>
    /// <param name="options">Where and with how many threads; null means the defaults.</param>
    /// <exception cref="EvaluationException">The recipe is not valid, or its network cannot learn to restore images in place.</exception>
    /// <exception cref="Gir.Degradations.DegradationException">A name is no set of tasks.</exception>
    /// <exception cref="CheckpointFormatException">The initial checkpoint is none.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public RecipeTraining(TrainingRecipe recipe, RecipeTrainingOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(recipe);
        recipe.Validate($"recipe '{recipe.Name}'");
        if (recipe.IsGenerative)
            throw new EvaluationException($"Recipe '{recipe.Name}' has generative stages: {nameof(GenerativeTraining)} trains it.");
        Recipe = recipe;
        _options = options ?? new RecipeTrainingOptions();
        IReadOnlyList<RecipeTask> tasks = recipe.ResolveTasks();
        Runs = recipe.Mode == RecipeMode.Mixed
            ? [new RecipeRun(recipe.Name, tasks, _options.Output)]
            : [.. tasks.Select(t => new RecipeRun(t.Id, [t], Path.Combine(_options.Output, FolderOf(t.Id))))];
        // To draw millions of weights takes seconds; what is looked at here does not depend on them.
        using IDisposable undrawn = Initializer.ForLoading(long.MaxValue);
        RestorationNetwork network = CreateNetwork();
        CheckNetwork(network);
        _channels = network.InputChannels;
        // A checkpoint's weights are whole already; fresh ones have not been drawn.
        _initial = recipe.Initial is null || recipe.TrainedParts.Count > 0 ? null : network;
    }

    /// <summary>The recipe.</summary>
    public TrainingRecipe Recipe { get; }

    /// <summary>The networks to train, in order.</summary>
    public IReadOnlyList<RecipeRun> Runs { get; }

    /// <summary>The images, once they are made.</summary>
    internal RecipeImageSet? Images { get; set; }

    /// <summary>The network with its initial weights: fresh ones, or those of the recipe's checkpoint.</summary>
    /// <exception cref="EvaluationException">The checkpoint is of another architecture, or a hyper-parameter is wrong.</exception>
    public RestorationNetwork CreateNetwork()
    {
        try
        {
            if (Recipe.Initial is null)
                return ModelZoo.CreateNetwork(Recipe.Architecture, Recipe.HyperParameters);
            if (Recipe.TrainedParts.Count > 0)
                return InitialParts.Load(Recipe);
            RestorationNetwork network = ModelZoo.LoadNetwork(Recipe.Initial, new ModelZooOptions { HyperParameters = Recipe.HyperParameters });
            return network.Architecture.Equals(Recipe.Architecture, StringComparison.OrdinalIgnoreCase)
                ? network
                : throw new EvaluationException($"Recipe '{Recipe.Name}': initial '{Recipe.Initial}' is of {network.Architecture}, expected {Recipe.Architecture}.");
        }
        catch (ArgumentException e)
        {
            throw new EvaluationException($"Recipe '{Recipe.Name}': {e.Message}", e);
        }
    }

    /// <summary>Makes the images, once for all networks; <see cref="Train"/> does it otherwise.</summary>
    /// <param name="progress">Told how many there are so far; may be null.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="EvaluationException">There are no images, or they are too small.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public RecipeImageSet LoadImages(IProgress<int>? progress = null, CancellationToken cancellationToken = default) => Images ??= RecipeImageSet.Load(
        Recipe,
        _channels,
        Runs.SelectMany(r => r.Tasks).Any(t => t.Task?.Pipeline.UsesDepth ?? true),
        _options.Parallelism,
        progress,
        cancellationToken);

    /// <summary>Trains one network to its end, going on where an earlier run of the same recipe was saved.</summary>
    /// <param name="run">One of <see cref="Runs"/>.</param>
    /// <param name="progress">Told every <see cref="TrainingRecipe.LogEvery"/> iterations; may be null.</param>
    /// <param name="cancellationToken">Ends the run after the step in work; the state is saved.</param>
    /// <exception cref="EvaluationException">Images or network do not suit the recipe, or the folder was taken away while the network was trained.</exception>
    /// <exception cref="TrainingConfigurationException">The folder holds another training.</exception>
    /// <exception cref="TrainingDivergedException">The loss is no number any more.</exception>
    public TrainingResult Train(RecipeRun run, IProgress<TrainingProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(run);
        Directory.CreateDirectory(run.Output);
        TrainingRecipe recipe = Recipe.Mode == RecipeMode.Mixed ? Recipe : Recipe with { Tasks = [run.Name] };
        RecipeFile.Write(run.Output, recipe);
        RecipeImageSet images = LoadImages(cancellationToken: cancellationToken);
        var factory = new TrainingTaskFactory(images.Training, Recipe, _options.Parallelism);
        IReadOnlyList<TrainingTask> tasks = factory.Create(run.Tasks, cancellationToken);
        TrainingValidation? validation = images.Validation.Count == 0 ? null : new RecipeValidator(Recipe, run.Tasks, images.Validation).Rate;
        TrainingResult result = CreateTrainer(tasks, OptionsFor(run), validation).Run(progress, cancellationToken);
        RecipeFile.Keep(run.Output, recipe, result);
        return result;
    }

    /// <summary>A task's id as the name of a folder.</summary>
    internal static string FolderOf(string id)
    {
        string name = string.Concat(id.Select(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' ? c : '_'));
        return int.TryParse(name, out int number) && number >= 0 ? $"task-{number:00}" : $"task-{name}";
    }

    private Trainer CreateTrainer(IReadOnlyList<TrainingTask> tasks, TrainerOptions options, TrainingValidation? validation)
    {
        bool contrast = Recipe.EncoderIterations is not null;
        ITrainingObjective? objective = contrast ? new ContrastiveObjective { Kind = Recipe.Loss, EncoderIterations = Recipe.EncoderIterations!.Value } : null;
        // Second patches count, too.
        int Samples(int batch) => contrast ? batch / 2 : batch;
        var patches = new PatchPairOptions
        {
            PatchSize = Recipe.Patch,
            BatchSize = Samples(Recipe.Batch),
            Stages = [.. Recipe.Patches.Select(p => new PatchStage(p.Until, p.Size, Samples(p.Batch ?? Recipe.Batch)))],
            Contrast = contrast,
            Seed = Recipe.Seed,
        };
        RestorationNetwork network = Interlocked.Exchange(ref _initial, null) ?? CreateNetwork();
        if (Recipe.WholePictures)
            patches = patches with { Thumbnail = network.ThumbnailSize };
        try
        {
            return new Trainer(network, new PatchPairSource(tasks, patches), options, validation, _options.Time, objective);
        }
        catch (ArgumentException e)
        {
            throw new EvaluationException($"Recipe '{Recipe.Name}': {e.Message}", e);
        }
    }

    private TrainerOptions OptionsFor(RecipeRun run) => new()
    {
        Iterations = Recipe.Iterations,
        Loss = Recipe.Loss,
        PsnrEpsilon = Recipe.PsnrEpsilon,
        Optimizer = Recipe.Optimizer,
        LearningRate = Recipe.LearningRate,
        MinimumLearningRate = Recipe.MinimumLearningRate,
        WeightDecay = Recipe.WeightDecay,
        EmaDecay = Recipe.EmaDecay,
        GradientClip = Recipe.GradientClip,
        TrainedParts = Recipe.TrainedParts,
        ValidateEvery = Math.Max(1, Recipe.Validation.Every),
        SaveEvery = Recipe.SaveEvery,
        LogEvery = Recipe.LogEvery,
        Output = run.Output,
    };

    private void CheckNetwork(RestorationNetwork network)
    {
        string name = $"Recipe '{Recipe.Name}': {network.Architecture}";
        if (network.Scale != 1)
            throw new EvaluationException($"{name} scales by {network.Scale}; expected a network that keeps the image's size (hyperParameters).");
        if (network.TakesNoiseMap)
            throw new EvaluationException($"{name} must be told the noise's strength; expected a blind network.");
        if (network.InputChannels is not (1 or 3) || network.OutputChannels != network.InputChannels)
            throw new EvaluationException($"{name} makes {network.OutputChannels} channels of {network.InputChannels}; expected 3 of 3, or 1 of 1.");
        foreach (int size in Recipe.Patches.Select(p => p.Size).Append(Recipe.Patch))
        {
            if (size % network.Size.Multiple != 0 || size < network.Size.Minimum)
                throw new EvaluationException($"{name} takes multiples of {network.Size.Multiple} from {network.Size.Minimum} on; patch = {size}.");
        }
    }
}
