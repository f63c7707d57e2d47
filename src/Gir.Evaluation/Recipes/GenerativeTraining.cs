using Gir.Degradations;
using Gir.Degradations.Tasks;
using Gir.Imaging;
using Gir.Models.Generative;
using Gir.Models.Generative.Diffusion;
using Gir.Models.Generative.Training;
using Gir.Models.Generative.UgpNet;
using Gir.Models.Training;

namespace Gir.Evaluation.Recipes;

/// <summary>Trains the UGPNet or the latent diffusion of a recipe stage by stage; it can be killed at any time and goes on to the same bits.</summary>
/// <remarks>Photographs and scenes larger than the recipe's patch are cut into such squares, side by side. One run at a time in one output folder.</remarks>
public sealed class GenerativeTraining
{
    private static readonly string[] s_stages = ["regression", "prior", "synthesis", "fusion"];

    private readonly IReadOnlyList<string> _stages;
    private readonly RecipeTrainingOptions _options;
    private readonly RecipeTask[] _tasks;
    private IReadOnlyList<ImageBuffer>? _images;

    /// <summary>Checks the recipe and finds out what is to be trained; no image is made yet.</summary>
    /// <param name="recipe">A recipe with <see cref="TrainingRecipe.Generative"/> or <see cref="TrainingRecipe.LatentDiffusion"/>.</param>
    /// <param name="options">Where and with how many threads; null means the defaults.</param>
    /// <exception cref="EvaluationException">The recipe is not valid, not generative, or has a task that cannot be applied to one image alone.</exception>
    /// <exception cref="DegradationException">A name is no set of tasks.</exception>
    /// <exception cref="IOException">A file of tasks cannot be read, or there is no prior where the recipe says.</exception>
    public GenerativeTraining(TrainingRecipe recipe, RecipeTrainingOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(recipe);
        recipe.Validate($"recipe '{recipe.Name}'");
        if (!recipe.IsGenerative)
            throw new EvaluationException($"Recipe '{recipe.Name}' has no generative stages.");
        Recipe = recipe;
        _stages = recipe.LatentDiffusion is null ? s_stages : LatentDiffusionTraining.Stages;
        _options = options ?? new RecipeTrainingOptions();
        if (recipe.Generative?.Prior is { } prior && !File.Exists(StageSeries.WeightsPath(_options.Output, "prior")))
            SharedPrior.Find(prior);
        _tasks = [.. recipe.ResolveTasks()];
        if (_tasks.FirstOrDefault(t => t.Task is null || t.Task.Pipeline.Operators.Any(o => DegradationCatalog.Find(o.Name).IsWeather)) is { } other)
            throw new EvaluationException($"Recipe '{recipe.Name}': tasks: '{other.Id}' has weather or is drawn anew; generative stages learn fixed degradations without weather.");
    }

    /// <summary>The recipe.</summary>
    public TrainingRecipe Recipe { get; }

    /// <summary>The file of the whole network, once the training is done.</summary>
    public string NetworkPath => StageSeries.WeightsPath(_options.Output, _stages[^1]);

    /// <summary>Whether the output folder holds the beginning of a training.</summary>
    public bool IsBegun => _stages.Any(s => File.Exists(Trainer.LastCheckpointPath(StageFolder(s))));

    /// <summary>Makes the images; <see cref="Train"/> does it otherwise.</summary>
    /// <param name="progress">Told how many there are so far; may be null.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>How many squares there are to learn from.</returns>
    /// <exception cref="EvaluationException">There are no images, or they are too small.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public int LoadImages(IProgress<int>? progress = null, CancellationToken cancellationToken = default)
    {
        TrainingRecipe all = Recipe with { Validation = Recipe.Validation with { Every = 0 } };
        _images ??= [.. RecipeImageSet.Load(all, 3, needDepth: false, _options.Parallelism, progress, cancellationToken).Training.SelectMany(i => Squares(i.Clean, Recipe.Patch))];
        return _images.Count;
    }

    /// <summary>Trains all stages, going on where an earlier run of the same recipe was saved.</summary>
    /// <param name="progress">Told every <see cref="TrainingRecipe.LogEvery"/> steps; may be null.</param>
    /// <param name="cancellationToken">Ends the run after the step in work; the state is saved.</param>
    /// <returns>Whether all stages are done.</returns>
    /// <exception cref="EvaluationException">Images or network do not suit the recipe, or the folder holds a training by another recipe.</exception>
    /// <exception cref="TrainingConfigurationException">The folder holds another training.</exception>
    /// <exception cref="TrainingDivergedException">A loss is no number any more.</exception>
    public bool Train(IProgress<GenerativeTrainingProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        Directory.CreateDirectory(_options.Output);
        RecipeFile.Write(_options.Output, Recipe, IsBegun);
        LoadImages(cancellationToken: cancellationToken);
        try
        {
            return Recipe.LatentDiffusion is { } diffusion
                ? new LatentDiffusionTraining(Options(diffusion), _images!, Degrade(), _options.Output).Run(progress, cancellationToken)
                : new UgpNetTraining(Options(), _images!, Degrade(), _options.Output).Run(progress, cancellationToken);
        }
        catch (ArgumentException e)
        {
            throw new EvaluationException($"Recipe '{Recipe.Name}': {e.Message}", e);
        }
    }

    private UgpNetTrainingOptions Options()
    {
        RecipeGenerative generative = Recipe.Generative!;
        return new UgpNetTrainingOptions
        {
            Size = Recipe.Patch,
            Architecture = Recipe.Architecture,
            HyperParameters = Recipe.HyperParameters,
            Narrow = generative.Narrow,
            StyleFeatures = generative.StyleFeatures,
            MappingLayers = generative.MappingLayers,
            EncoderWidth = generative.EncoderWidth,
            FeatureChannels = generative.FeatureChannels,
            FusionBlocks = generative.FusionBlocks,
            Batch = Recipe.Batch,
            RegressionSteps = generative.Stages.Regression,
            PriorSteps = generative.Stages.Prior,
            SynthesisSteps = generative.Stages.Synthesis,
            FusionSteps = generative.Stages.Fusion,
            Prior = generative.Prior,
            Adversarial = generative.Adversarial,
            Contextual = generative.Contextual,
            ContextualWeights = generative.ContextualWeights,
            Perceptual = generative.Perceptual,
            SaveEvery = Recipe.SaveEvery,
            LogEvery = Recipe.LogEvery,
            Seed = Recipe.Seed,
        };
    }

    /// <summary>The images, once <see cref="LoadImages"/> has made them.</summary>
    internal IReadOnlyList<ImageBuffer> Images => _images ?? [];

    /// <summary>What a recipe's latent diffusion is trained with.</summary>
    internal LatentDiffusionTrainingOptions Options(RecipeLatentDiffusion diffusion) => new()
    {
        Size = Recipe.Patch,
        Architecture = Recipe.Architecture,
        HyperParameters = Recipe.HyperParameters,
        InitialSteps = diffusion.Stages.Initial,
        AutoencoderSteps = diffusion.Stages.Autoencoder,
        PriorSteps = diffusion.Stages.Prior,
        ControlSteps = diffusion.Stages.Control,
        Batch = Recipe.Batch,
        DiffusionBatch = diffusion.DiffusionBatch,
        AutoencoderChannels = diffusion.AutoencoderChannels,
        LatentChannels = diffusion.LatentChannels,
        Channels = diffusion.Channels,
        Heads = diffusion.Heads,
        Groups = diffusion.Groups,
        Prediction = diffusion.Prediction,
        Divergence = diffusion.Divergence,
        Adversarial = diffusion.Adversarial,
        NoiseAugmentation = diffusion.NoiseAugmentation,
        SaveEvery = Recipe.SaveEvery,
        LogEvery = Recipe.LogEvery,
        Seed = Recipe.Seed,
    };

    /// <summary>Degrades an image by one of the tasks.</summary>
    internal ImageTransform Degrade()
    {
        PatchPipeline[] pipelines = [.. _tasks.Select(t => new PatchPipeline(t.Task!.Pipeline.Operators, Recipe.DamageFrame))];
        return (image, random) => pipelines[random.NextInteger(0, pipelines.Length - 1)].Degrade(image, random);
    }

    private string StageFolder(string stage) => Path.Combine(_options.Output, stage);

    private static IEnumerable<ImageBuffer> Squares(ImageBuffer image, int size)
    {
        for (int top = 0; top + size <= image.Height; top += size)
        {
            for (int left = 0; left + size <= image.Width; left += size)
                yield return image.Crop(top, left, size, size);
        }
    }
}
