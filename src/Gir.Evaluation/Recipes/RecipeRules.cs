using System.Globalization;
using Gir.Degradations;
using Gir.Imaging.Scenes;
using Gir.Imaging.Text;
using Gir.Models.Generative.Diffusion;
using Gir.Models.Zoo;

namespace Gir.Evaluation.Recipes;

/// <summary>What makes a recipe legal; fields are called by their JSON names.</summary>
internal static class RecipeRules
{
    public const int LongestName = 64;
    public const int MostTasks = 1000;
    public const int MostStages = 100;
    private const int MostMemory = 1 << 20;
    private const int MostSteps = 100_000_000;
    private const int MostWidth = 4096;
    private const int MostLayers = 1000;
    private const double MostWeight = 1e6;

    public static void Check(TrainingRecipe recipe, string source)
    {
        var rules = new Rules(source);
        rules.That(IsName(recipe.Name), "name", recipe.Name, $"1..{LongestName} letters, digits, '-', '_' and '.', not '.' first");
        rules.That(
            ModelZoo.Names.Contains(recipe.Architecture, StringComparer.OrdinalIgnoreCase), "architecture", recipe.Architecture,
            $"one of {string.Join(", ", ModelZoo.Names)}");
        rules.That(recipe.Tasks.Count is >= 1 and <= MostTasks, "tasks", $"{recipe.Tasks.Count} names", $"1..{MostTasks} names of task sets");
        rules.That(recipe.TaskWeights.Count == 0 || recipe.Mode == RecipeMode.Mixed, "taskWeights", "weights", "none unless one network learns all tasks (mode \"mixed\")");
        foreach ((string task, double weight) in recipe.TaskWeights)
            rules.That(weight is > 0 and <= MostWeight, $"taskWeights.{task}", weight, $"a number above 0 and at most {MostWeight}");
        rules.Range("iterations", recipe.Iterations, 1, 100_000_000);
        rules.Range("batch", recipe.Batch, 1, 1024);
        CheckPatch("patch", recipe.Patch, rules);
        Check(recipe, recipe.Patches, rules);
        rules.That(Enum.IsDefined(recipe.Mode), "mode", recipe.Mode, "one of " + string.Join(", ", ChoiceWords<RecipeMode>.Words));
        rules.That(Enum.IsDefined(recipe.Loss), "loss", recipe.Loss, "one of " + string.Join(", ", ChoiceWords<Models.Training.TrainingLoss>.Words));
        rules.That(recipe.PsnrEpsilon is >= 1e-8 and <= 1, "psnrEpsilon", recipe.PsnrEpsilon, "a number in 1e-8..1");
        rules.That(
            recipe.PsnrEpsilon == new TrainingRecipe { Name = "" }.PsnrEpsilon || (recipe.Loss == Models.Training.TrainingLoss.Psnr && recipe.EncoderIterations is null),
            "psnrEpsilon", recipe.PsnrEpsilon, "nothing unless the loss is \"psnr\" without contrast");
        if (recipe.EncoderIterations is { } encoder)
        {
            rules.That(encoder >= 0 && encoder < recipe.Iterations, "encoderIterations", encoder, "at least 0 and fewer than iterations");
            rules.That(recipe.Architecture.Equals("DASR", StringComparison.OrdinalIgnoreCase), "encoderIterations", encoder, "null unless the architecture is DASR");
            rules.That(recipe.Batch % 2 == 0, "batch", recipe.Batch, "an even number, since half of it are second patches");
        }

        rules.That(Enum.IsDefined(recipe.Optimizer), "optimizer", recipe.Optimizer, "one of " + string.Join(", ", ChoiceWords<Models.Training.TrainingOptimizer>.Words));
        rules.That(recipe.LearningRate is > 0 and <= 1, "learningRate", recipe.LearningRate, "a number above 0 and at most 1");
        rules.That(
            recipe.MinimumLearningRate >= 0 && recipe.MinimumLearningRate <= recipe.LearningRate, "minimumLearningRate", recipe.MinimumLearningRate,
            "a number of at least 0 and at most learningRate");
        rules.That(recipe.WeightDecay is >= 0 and <= 1, "weightDecay", recipe.WeightDecay, "a number in 0..1");
        rules.That(recipe.EmaDecay is null or (>= 0 and < 1), "emaDecay", recipe.EmaDecay, "a number of at least 0 and below 1, or null");
        rules.That(
            recipe.GradientClip is null || (recipe.GradientClip > 0 && double.IsFinite(recipe.GradientClip.Value)), "gradientClip", recipe.GradientClip,
            "a number above 0, or null");
        rules.That(recipe.TrainedParts.All(p => p.Length > 0), "trainedParts", "an empty name", "names of the network's parts");
        rules.Range("saveEvery", recipe.SaveEvery, 1, int.MaxValue);
        rules.Range("logEvery", recipe.LogEvery, 1, int.MaxValue);
        rules.That(recipe.Initial is null || recipe.Initial.Length > 0, "initial", recipe.Initial, "a checkpoint's path, or null");
        rules.Range("damageFrame", recipe.DamageFrame ?? 16, 16, 4096);
        rules.Range("weatherMemory", recipe.WeatherMemory, 16, MostMemory);
        Check(recipe.Validation, rules);
        Check(recipe.Images, rules);
        rules.That(Enum.IsDefined(recipe.Images.Layout), "images.layout", recipe.Images.Layout, "one of " + string.Join(", ", ChoiceWords<SceneLayout>.Words));
        Check(recipe, recipe.Sampling, rules);
        if (recipe.Generative is { } generative)
            Check(recipe, generative, rules);
        if (recipe.LatentDiffusion is { } diffusion)
            Check(recipe, diffusion, rules);
    }

    private static void Check(TrainingRecipe recipe, RecipeLatentDiffusion diffusion, Rules rules)
    {
        rules.That(recipe.Generative is null, "latentDiffusion", "beside generative", "one of the two");
        rules.That(recipe.Patch % 16 == 0, "patch", recipe.Patch, "a multiple of 16 for latent diffusion");
        rules.Range("batch", recipe.Batch, 1, 256);
        rules.Range("latentDiffusion.stages.initial", diffusion.Stages.Initial, 0, MostSteps);
        rules.Range("latentDiffusion.stages.autoencoder", diffusion.Stages.Autoencoder, 0, MostSteps);
        rules.Range("latentDiffusion.stages.prior", diffusion.Stages.Prior, 1, MostSteps);
        rules.Range("latentDiffusion.stages.control", diffusion.Stages.Control, 1, MostSteps);
        rules.Range("latentDiffusion.diffusionBatch", diffusion.DiffusionBatch, 1, 256);
        rules.Range("latentDiffusion.groups", diffusion.Groups, 1, MostWidth);
        rules.Range("latentDiffusion.heads", diffusion.Heads, 1, MostWidth);
        rules.Range("latentDiffusion.latentChannels", diffusion.LatentChannels, 1, MostWidth);
        rules.That(diffusion.Stages.Autoencoder > 0 || diffusion.LatentChannels == 3, "latentDiffusion.latentChannels", diffusion.LatentChannels, "3 where pixels are diffused as they are");
        rules.Range("latentDiffusion.autoencoderChannels", diffusion.AutoencoderChannels, 1, MostWidth);
        rules.Range("latentDiffusion.channels", diffusion.Channels, 2, MostWidth);
        rules.That(diffusion.AutoencoderChannels % Math.Max(diffusion.Groups, 1) == 0, "latentDiffusion.autoencoderChannels", diffusion.AutoencoderChannels, $"a multiple of the groups, {diffusion.Groups}");
        rules.That(diffusion.Channels % Math.Max(diffusion.Groups, 1) == 0, "latentDiffusion.channels", diffusion.Channels, $"a multiple of the groups, {diffusion.Groups}");
        rules.That(2 * diffusion.Channels % Math.Max(diffusion.Heads, 1) == 0, "latentDiffusion.heads", diffusion.Heads, $"a divisor of twice the channels, {2 * diffusion.Channels}");
        rules.That(Enum.IsDefined(diffusion.Prediction), "latentDiffusion.prediction", diffusion.Prediction, "one of " + string.Join(", ", ChoiceWords<DiffusionPrediction>.Words));
        rules.That(diffusion.Divergence is >= 0 and <= MostWeight, "latentDiffusion.divergence", diffusion.Divergence, $"a number in 0..{MostWeight}");
        rules.That(diffusion.Adversarial is >= 0 and <= MostWeight, "latentDiffusion.adversarial", diffusion.Adversarial, $"a number in 0..{MostWeight}");
        rules.Range("latentDiffusion.noiseAugmentation", diffusion.NoiseAugmentation, 0, 1000);
        CheckUnsaid(recipe, rules);
    }

    private static void Check(TrainingRecipe recipe, RecipeGenerative generative, Rules rules)
    {
        rules.That(recipe.Patch is 64 or 128 or 256 or 512, "patch", recipe.Patch, "64, 128, 256 or 512 for generative stages");
        rules.That(recipe.Batch is 1 or 2 or 3 or 4 || recipe.Batch % 8 == 0, "batch", recipe.Batch, "1..4 or a multiple of 8 for generative stages, which compare images in fours");
        rules.Range("generative.stages.regression", generative.Stages.Regression, 1, MostSteps);
        rules.Range("generative.stages.prior", generative.Stages.Prior, 1, MostSteps);
        rules.Range("generative.stages.synthesis", generative.Stages.Synthesis, 1, MostSteps);
        rules.Range("generative.stages.fusion", generative.Stages.Fusion, 1, MostSteps);
        rules.That(generative.Prior is null || generative.Prior.Length > 0, "generative.prior", generative.Prior, "a prior's file or folder, or null");
        rules.That(generative.Narrow is > 0 and <= 1, "generative.narrow", generative.Narrow, "a number above 0 and at most 1");
        rules.Range("generative.styleFeatures", generative.StyleFeatures, 1, MostWidth);
        rules.Range("generative.mappingLayers", generative.MappingLayers, 1, MostLayers);
        rules.Range("generative.encoderWidth", generative.EncoderWidth, 1, MostWidth);
        rules.Range("generative.featureChannels", generative.FeatureChannels, 1, MostWidth);
        rules.Range("generative.fusionBlocks", generative.FusionBlocks, 0, MostLayers);
        rules.That(generative.Adversarial is >= 0 and <= MostWeight, "generative.adversarial", generative.Adversarial, $"a number in 0..{MostWeight}");
        rules.That(generative.Contextual is >= 0 and <= MostWeight, "generative.contextual", generative.Contextual, $"a number in 0..{MostWeight}");
        rules.That(generative.ContextualWeights.Count <= MostStages && generative.ContextualWeights.All(w => w.Length > 0), "generative.contextualWeights", generative.ContextualWeights.Count, $"at most {MostStages} files of VGG-19, each with a name");
        if (generative.Perceptual is { } perceptual)
        {
            rules.That(perceptual.Weights.Count is >= 1 and <= MostStages && perceptual.Weights.All(w => w.Length > 0), "generative.perceptual.weights", perceptual.Weights.Count, "at least one file, of a network and of LPIPS's linear layers");
            rules.Range("generative.perceptual.side", perceptual.Side, 16, 1024);
            rules.That(perceptual.Weight is >= 0 and <= MostWeight, "generative.perceptual.weight", perceptual.Weight, $"a number in 0..{MostWeight}");
        }

        CheckUnsaid(recipe, rules);
    }

    // Stages have their own settings; who says one of these believes that it counts.
    private static void CheckUnsaid(TrainingRecipe recipe, Rules rules)
    {
        var plain = new TrainingRecipe { Name = "" };
        Unsaid("taskWeights", recipe.TaskWeights.Count == 0);
        Unsaid("mode", recipe.Mode == plain.Mode);
        Unsaid("iterations", recipe.Iterations == plain.Iterations);
        Unsaid("patches", recipe.Patches.Count == 0);
        Unsaid("loss", recipe.Loss == plain.Loss);
        Unsaid("encoderIterations", recipe.EncoderIterations is null);
        Unsaid("optimizer", recipe.Optimizer == plain.Optimizer);
        Unsaid("learningRate", recipe.LearningRate == plain.LearningRate);
        Unsaid("minimumLearningRate", recipe.MinimumLearningRate == plain.MinimumLearningRate);
        Unsaid("weightDecay", recipe.WeightDecay == plain.WeightDecay);
        Unsaid("emaDecay", recipe.EmaDecay is null);
        Unsaid("gradientClip", recipe.GradientClip is null);
        Unsaid("trainedParts", recipe.TrainedParts.Count == 0);
        Unsaid("initial", recipe.Initial is null);
        Unsaid("wholePictures", !recipe.WholePictures);

        void Unsaid(string field, bool isUnsaid) => rules.That(isUnsaid, field, "another than the default", "nothing beside generative stages, which have their own settings");
    }

    private static void CheckPatch(string field, int size, Rules rules)
    {
        rules.Range(field, size, 16, 1024);
        rules.That(size % 4 == 0, field, size, "a multiple of 4, since degradations resize to quarters");
    }

    private static void Check(TrainingRecipe recipe, IReadOnlyList<RecipePatches> stages, Rules rules)
    {
        rules.That(stages.Count <= MostStages, "patches", $"{stages.Count} stages", $"at most {MostStages}");
        int begin = 0;
        for (int i = 0; i < stages.Count; i++)
        {
            string field = string.Create(CultureInfo.InvariantCulture, $"patches[{i}]");
            CheckPatch(field + ".size", stages[i].Size, rules);
            rules.Range(field + ".batch", stages[i].Batch ?? recipe.Batch, 1, 1024);
            rules.That(recipe.EncoderIterations is null || (stages[i].Batch ?? recipe.Batch) % 2 == 0, field + ".batch", stages[i].Batch, "an even number, since half of it are second patches");
            rules.That(
                stages[i].Until > begin && stages[i].Until < recipe.Iterations, field + ".until", stages[i].Until,
                $"more than {begin}, where the stage begins, and fewer than the {recipe.Iterations} iterations, the last of which see \"patch\" and \"batch\"");
            begin = stages[i].Until;
        }
    }

    private static void Check(TrainingRecipe recipe, RecipeSampling sampling, Rules rules)
    {
        rules.That(sampling.Clean is >= 0 and < 1, "sampling.clean", sampling.Clean, "a number of at least 0 and below 1");
        rules.That(sampling.Tones is >= 0 and <= 1, "sampling.tones", sampling.Tones, "a number in 0..1");
        rules.That(sampling.Overexposed is >= 0 and <= 1, "sampling.overexposed", sampling.Overexposed, "a number in 0..1");
        rules.That(sampling.Frames is >= 0 and <= 1, "sampling.frames", sampling.Frames, "a number in 0..1");
        rules.That(sampling.Windows is >= 0 and <= 1, "sampling.windows", sampling.Windows, "a number in 0..1");
        rules.That(sampling.Turned is >= 0 and <= 1, "sampling.turned", sampling.Turned, "a number in 0..1");
        rules.That(sampling.Weather is null or (>= 0 and <= 1), "sampling.weather", sampling.Weather, "a number in 0..1, or null");
        rules.That(
            sampling.Orders.Count is 0 or DegradationPipeline.PaperMaximumOrder, "sampling.orders", $"{sampling.Orders.Count} numbers", $"{DegradationPipeline.PaperMaximumOrder}, one for each order, or none");
        rules.That(sampling.Orders.All(w => w is >= 0 and <= 1e6) && (sampling.Orders.Count == 0 || sampling.Orders.Any(w => w > 0)), "sampling.orders", string.Join(", ", sampling.Orders), "numbers in 0..1000000, one of them above 0");
        foreach ((string name, double weight) in sampling.Operators)
        {
            rules.That(
                DegradationCatalog.All.Any(d => d.Name == name), "sampling.operators", name, $"names among {string.Join(", ", DegradationCatalog.All.Select(d => d.Name))}");
            rules.That(weight is >= 0 and <= 1e6, $"sampling.operators.{name}", weight, "a number in 0..1000000");
        }

        foreach (bool weather in (ReadOnlySpan<bool>)[true, false])
        {
            rules.That(
                DegradationCatalog.All.Any(d => d.IsWeather == weather && (!sampling.Operators.TryGetValue(d.Name, out double weight) || weight > 0)),
                "sampling.operators", "0", $"at least one operator that is {(weather ? "" : "no ")}weather with a weight above 0");
        }

        rules.That(recipe.WholePictures || sampling.IsDefault, "sampling", "set", "wholePictures = true, without which the sampling is the paper's");
        rules.That(!recipe.WholePictures || recipe.EncoderIterations is null, "wholePictures", "true", "false for DASR's contrast, which wants two patches of a degradation");
    }

    private static void Check(RecipeValidation validation, Rules rules)
    {
        rules.Range("validation.every", validation.Every, 0, int.MaxValue);
        rules.Range("validation.images", validation.Images, 1, 1000);
        rules.Range("validation.size", validation.Size, 16, 4096);
        rules.Range("validation.tasks", validation.Tasks, 1, MostTasks);
    }

    private static void Check(RecipeImages images, Rules rules)
    {
        rules.That(images.Folder is null || images.Folder.Length > 0, "images.folder", images.Folder, "a folder's path, or null");
        rules.Range("images.scenes", images.Scenes, 0, 100_000);
        rules.That(images.Scenes > 0 || images.Folder is not null, "images.scenes", images.Scenes, "at least 1 where there is no images.folder");
        rules.Range("images.sceneHeight", images.SceneHeight, 16, 4096);
        rules.Range("images.sceneWidth", images.SceneWidth, 16, 4096);
        rules.That(images.Fraction is > 0 and <= 1, "images.fraction", images.Fraction, "a number above 0 and at most 1");
        rules.Range("images.memory", images.Memory, 16, MostMemory);
        long sceneMemory = 16L * images.SceneHeight * images.SceneWidth * images.Scenes >> 20;
        rules.That(
            sceneMemory <= images.Memory, "images.scenes", images.Scenes,
            $"fewer or smaller scenes: they need {sceneMemory} MiB, images.memory is {images.Memory}");
    }

    private static bool IsName(string? name) =>
        name is { Length: >= 1 and <= LongestName } && name[0] != '.' && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.');

    private readonly struct Rules(string source)
    {
        public void Range(string field, int value, int minimum, int maximum) => That(value >= minimum && value <= maximum, field, value, $"a whole number of {minimum}..{maximum}");

        public void That<T>(bool holds, string field, T value, string expected)
        {
            if (!holds)
                throw new EvaluationException(string.Create(CultureInfo.InvariantCulture, $"{source}: {field} = {Shortened(value)}: expected {expected}."));
        }

        private static string Shortened<T>(T value)
        {
            string text = value is IFormattable number ? number.ToString(null, CultureInfo.InvariantCulture) : value?.ToString() ?? "null";
            return text.Length <= 80 ? text : text[..80] + "...";
        }
    }
}
