using System.Collections.ObjectModel;
using Gir.Imaging.Scenes;
using Gir.Models.Training;
using Gir.Models.Zoo;

namespace Gir.Evaluation.Recipes;

/// <summary>A training as data: which network learns which tasks from which images, and how; immutable, JSON in and out.</summary>
/// <remarks>
/// The defaults are the GIR paper's: L1 loss, Adam, 2e-4 to 1e-7 by a cosine over 500,000 iterations of 8 patches of 128 x 128. The JSON form, in
/// which everything but the name may be left out:
/// <code>
/// {
///   "name": "my-gir",
///   "architecture": "SRResNet",
///   "hyperParameters": { "num_feat": 32 },
///   "tasks": ["gir"],
///   "iterations": 20000,
///   "batch": 8,
///   "patch": 64,
///   "images": { "scenes": 64 }
/// }
/// </code>
/// </remarks>
public sealed record TrainingRecipe
{
    /// <summary>A short name, for folders and reports: letters, digits, '-', '_' and '.'.</summary>
    public required string Name { get; init; }

    /// <summary>What it is for, in a sentence.</summary>
    public string Description { get; init; } = "";

    /// <summary>One of <see cref="ModelZoo.Names"/>; default "SRResNet".</summary>
    public string Architecture { get; init; } = "SRResNet";

    /// <summary>The network's hyper-parameters; what is not said is the published configuration's.</summary>
    public HyperParameters HyperParameters { get; init; } = HyperParameters.None;

    /// <summary>
    /// What is learnt: sets of tasks as <see cref="Gir.Degradations.Tasks.TaskSet"/> names them ("single", "representative", "cross:SEED", "1-10,21", a file),
    /// expressions with parameters ("noise(sigma=50)"), or "gir": every patch gets a pipeline of its own, drawn by Eq. 4 of the paper. Default "gir".
    /// </summary>
    public IReadOnlyList<string> Tasks { get; init; } = [RecipeTask.GirName];

    /// <summary>
    /// How often tasks are drawn beside the others, by their ids ("gir", "3", an expression), each above 0; default 1 for each. Expected losses are weighed alike: the
    /// weights of tasks in the GIR paper's objective (Eq. 1 to 3).
    /// </summary>
    public IReadOnlyDictionary<string, double> TaskWeights { get; init; } = ReadOnlyDictionary<string, double>.Empty;

    /// <summary>One network for all tasks (the default), or one for each.</summary>
    public RecipeMode Mode { get; init; }

    /// <summary>Steps of the optimizer, 1..100,000,000; default 500,000.</summary>
    public int Iterations { get; init; } = 500_000;

    /// <summary>Patches a step, 1..1024; default 8.</summary>
    public int Batch { get; init; } = 8;

    /// <summary>Height and width of a patch, a multiple of 4 in 16..1024; default 128.</summary>
    public int Patch { get; init; } = 128;

    /// <summary>
    /// Stages of other patches before those of <see cref="Patch"/> and <see cref="Batch"/>, in their order: small ones first are quick, large ones last show the network
    /// what lies far away. Default none.
    /// </summary>
    public IReadOnlyList<RecipePatches> Patches { get; init; } = [];

    /// <summary>What is minimized; default the mean absolute error.</summary>
    public TrainingLoss Loss { get; init; } = TrainingLoss.L1;

    /// <summary>For the loss "psnr": the mean squared error added before the logarithm, 1e-8..1; default 1e-3, which is 30 dB.</summary>
    public double PsnrEpsilon { get; init; } = 1e-3;

    /// <summary>
    /// For DASR: iterations, among <see cref="Iterations"/>, in which only its degradation encoder learns, by contrast; contrast then stays part of the loss, and half
    /// of the batch are second patches with the same degradation. Default null: no contrast.
    /// </summary>
    public int? EncoderIterations { get; init; }

    /// <summary>What moves the weights; default Adam.</summary>
    public TrainingOptimizer Optimizer { get; init; } = TrainingOptimizer.Adam;

    /// <summary>Learning rate at the start, above 0 and at most 1; default 2e-4.</summary>
    public double LearningRate { get; init; } = 2e-4;

    /// <summary>Learning rate at the end, 0 up to <see cref="LearningRate"/>; default 1e-7.</summary>
    public double MinimumLearningRate { get; init; } = 1e-7;

    /// <summary>Decoupled weight decay, 0..1; default 0.</summary>
    public double WeightDecay { get; init; }

    /// <summary>Decay of the weights' moving average, in [0, 1); default null: none is kept.</summary>
    public double? EmaDecay { get; init; }

    /// <summary>Largest norm of the gradient; default null: it is not limited.</summary>
    public double? GradientClip { get; init; }

    /// <summary>
    /// Parts of the network that learn, by their names, e.g. "trust" of GirNet; default none said: everything learns. Of such parts <see cref="Initial"/> may know
    /// nothing: they start fresh.
    /// </summary>
    public IReadOnlyList<string> TrainedParts { get; init; } = [];

    /// <summary>How the network is watched while it learns.</summary>
    public RecipeValidation Validation { get; init; } = new();

    /// <summary>Iterations between two saves, at least 1; default 1000.</summary>
    public int SaveEvery { get; init; } = 1000;

    /// <summary>Iterations between two lines of the log, at least 1; default 100.</summary>
    public int LogEvery { get; init; } = 100;

    /// <summary>Seed of all draws: tasks, images, crops, orientations, degradations. (Initial weights are those of the architecture.)</summary>
    public ulong Seed { get; init; }

    /// <summary>A checkpoint to start from, for fine-tuning; default null: fresh weights.</summary>
    public string? Initial { get; init; }

    /// <summary>What the patches are cut from.</summary>
    public RecipeImages Images { get; init; } = new();

    /// <summary>
    /// Whether whole pictures are degraded, anew for every patch, instead of patches: slower, but weather, borders and lines across the picture are those of the
    /// evaluation, and networks that look at the whole picture can learn. Default false.
    /// </summary>
    public bool WholePictures { get; init; }

    /// <summary>How "gir" draws pipelines where <see cref="WholePictures"/> is set.</summary>
    public RecipeSampling Sampling { get; init; } = new();

    /// <summary>
    /// Side of the square that damage is drawn on, 16..4096, of which a patch is a window: patches much smaller than the images would else be
    /// covered by lines that cross a whole image. Default null: damage is drawn on the patch alone.
    /// </summary>
    public int? DamageFrame { get; init; }

    /// <summary>Memory in MiB for images to which weather is applied ahead, 16..1,048,576; default 512.</summary>
    public int WeatherMemory { get; init; } = 512;

    /// <summary>Stages of a UGPNet, whose regression network the recipe's is; default null: the network is trained by itself. Then fields that say how to do that stay unsaid.</summary>
    public RecipeGenerative? Generative { get; init; }

    /// <summary>Stages of conditional latent diffusion, whose initial restorer the recipe's network is; default null. Not beside <see cref="Generative"/>.</summary>
    public RecipeLatentDiffusion? LatentDiffusion { get; init; }

    /// <summary>Whether stages of several networks are trained instead of the recipe's network alone.</summary>
    internal bool IsGenerative => Generative is not null || LatentDiffusion is not null;

    /// <summary>Reads a recipe's file.</summary>
    /// <param name="path">A JSON file in the documented form.</param>
    /// <exception cref="EvaluationException">The file is no recipe; the message names file and field.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static TrainingRecipe Load(string path) => RecipeJson.Load(path);

    /// <summary>Reads a recipe from JSON text.</summary>
    /// <param name="json">Text in the documented form.</param>
    /// <param name="source">What to call the text in errors, e.g. its file.</param>
    /// <exception cref="EvaluationException">The text is no recipe; the message names source and field.</exception>
    public static TrainingRecipe FromJson(string json, string source = "recipe") => RecipeJson.Read(json, source);

    /// <summary>The recipe as JSON in the documented form, all fields said.</summary>
    public string ToJson() => RecipeJson.Write(this);

    /// <summary>Checks every value.</summary>
    /// <param name="source">What to call the recipe in errors.</param>
    /// <exception cref="EvaluationException">A value is out of range; the message names the field.</exception>
    public void Validate(string source = "recipe") => RecipeRules.Check(this, source);

    /// <summary>The largest patch of all stages.</summary>
    internal int LargestPatch => Patches.Select(p => p.Size).Append(Patch).Max();

    /// <summary>The recipe's tasks.</summary>
    /// <exception cref="EvaluationException">A weight is of no task.</exception>
    /// <exception cref="Gir.Degradations.DegradationException">A name is no set of tasks.</exception>
    /// <exception cref="IOException">A file of tasks cannot be read.</exception>
    public IReadOnlyList<RecipeTask> ResolveTasks()
    {
        RecipeTask[] tasks = [.. Tasks.SelectMany(RecipeTask.Parse).DistinctBy(t => t.Id)];
        string? unknown = TaskWeights.Keys.FirstOrDefault(id => !tasks.Any(t => t.Id == id));
        return unknown is null
            ? tasks
            : throw new EvaluationException($"Recipe '{Name}': taskWeights: '{unknown}' is none of the tasks {string.Join(", ", tasks.Take(10).Select(t => t.Id))}{(tasks.Length > 10 ? ", ..." : "")}.");
    }
}

/// <summary>A stage of a training (progressive learning; Zamir et al., "Restormer", CVPR 2022).</summary>
public sealed record RecipePatches
{
    /// <summary>Height and width of a patch, a multiple of 4 in 16..1024.</summary>
    public required int Size { get; init; }

    /// <summary>Patches a step, 1..1024; default null: <see cref="TrainingRecipe.Batch"/>.</summary>
    public int? Batch { get; init; }

    /// <summary>Iterations, counted from the beginning, after which the next stage begins: more than those of the stage before, and fewer than <see cref="TrainingRecipe.Iterations"/>.</summary>
    public required int Until { get; init; }
}

/// <summary>How many networks a recipe trains.</summary>
public enum RecipeMode
{
    /// <summary>One network for all tasks.</summary>
    Mixed,

    /// <summary>A network for each task.</summary>
    PerTask,
}

/// <summary>How a network is watched while it learns: by mean PSNR on images kept out of the training.</summary>
public sealed record RecipeValidation
{
    /// <summary>Iterations between two validations; 0 for none. Default 5000.</summary>
    public int Every { get; init; } = 5000;

    /// <summary>Images kept out of the training, 1..1000; default 4.</summary>
    public int Images { get; init; } = 4;

    /// <summary>Largest height and width that is looked at, from the image's center, 16..4096; default 128.</summary>
    public int Size { get; init; } = 128;

    /// <summary>At most so many tasks, evenly spread, 1..1000; default 10.</summary>
    public int Tasks { get; init; } = 10;
}

/// <summary>What patches are cut from: photographs, procedural scenes, or both.</summary>
public sealed record RecipeImages
{
    /// <summary>The first seed of training scenes: far from those of test sets.</summary>
    public const ulong FirstTrainingSeed = 1_000_000;

    /// <summary>A folder of photographs; default null: none.</summary>
    public string? Folder { get; init; }

    /// <summary>How many scenes are made, 0..100,000; default 128.</summary>
    public int Scenes { get; init; } = 128;

    /// <summary>Rows of a scene, 16..4096; default 192.</summary>
    public int SceneHeight { get; init; } = 192;

    /// <summary>Columns of a scene, 16..4096; default 256.</summary>
    public int SceneWidth { get; init; } = 256;

    /// <summary>What scenes show; default: any layout, drawn from each scene's seed.</summary>
    public SceneLayout Layout { get; init; }

    /// <summary>Seed of the first scene; the others follow. Default <see cref="FirstTrainingSeed"/>.</summary>
    public ulong FirstScene { get; init; } = FirstTrainingSeed;

    /// <summary>
    /// Share of the images, without those kept out to validate on, that are trained on, above 0 and at most 1; default 1. Which ones is drawn by the recipe's seed, and those of a
    /// smaller share are among those of a larger one: what more data gives can be asked by it.
    /// </summary>
    public double Fraction { get; init; } = 1;

    /// <summary>Memory in MiB that images may take, 16..1,048,576; of photographs that need more a window each is kept. Default 2048.</summary>
    public int Memory { get; init; } = 2048;
}
