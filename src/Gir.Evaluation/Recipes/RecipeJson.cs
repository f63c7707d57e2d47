using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Gir.Degradations;
using Gir.Imaging;
using Gir.Imaging.Scenes;
using Gir.Imaging.Text;
using Gir.Models.Generative.UgpNet;
using Gir.Models.Training;

namespace Gir.Evaluation.Recipes;

/// <summary>Recipes as JSON: unknown fields are errors, those that are missing keep their default.</summary>
internal static class RecipeJson
{
    private const int LongestFile = 1 << 20;

    public static TrainingRecipe Load(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        using FileStream file = File.OpenRead(path);
        string text = BoundedText.Read(file, LongestFile) ?? throw new EvaluationException($"{path}: not a recipe: expected at most {LongestFile} bytes.");
        return Read(text, path);
    }

    public static TrainingRecipe Read(string json, string source)
    {
        ArgumentNullException.ThrowIfNull(json);
        ArgumentNullException.ThrowIfNull(source);
        StrictJsonSource form = EvaluationJson.Source(source, "a recipe") with { AllowsNull = true, LongestText = LongestFile };
        TrainingRecipe recipe = StrictJson.Read(json, form, root => Recipe(new RecipeObject(root)));
        recipe.Validate(source);
        return recipe;
    }

    public static string Write(TrainingRecipe recipe)
    {
        var buffer = new ArrayBufferWriter<byte>();
        var options = new JsonWriterOptions { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
        using (var writer = new Utf8JsonWriter(buffer, options))
            Write(writer, recipe);
        return Encoding.UTF8.GetString(buffer.WrittenSpan) + "\n";
    }

    private static TrainingRecipe Recipe(RecipeObject json)
    {
        var defaults = new TrainingRecipe { Name = "" };
        var recipe = new TrainingRecipe
        {
            Name = json.RequiredText("name"),
            Description = json.Text("description") ?? "",
            Architecture = json.Text("architecture") ?? defaults.Architecture,
            HyperParameters = json.HyperParameters("hyperParameters"),
            Tasks = json.Texts("tasks") ?? defaults.Tasks,
            TaskWeights = json.Numbers("taskWeights") ?? defaults.TaskWeights,
            Mode = json.Word<RecipeMode>("mode") ?? defaults.Mode,
            Iterations = json.Whole("iterations") ?? defaults.Iterations,
            Batch = json.Whole("batch") ?? defaults.Batch,
            Patch = json.Whole("patch") ?? defaults.Patch,
            Patches = json.Objects("patches", RecipeRules.MostStages) is { } stages ? [.. stages.Select(Patches)] : defaults.Patches,
            Loss = json.Word<TrainingLoss>("loss") ?? defaults.Loss,
            PsnrEpsilon = json.Number("psnrEpsilon") ?? defaults.PsnrEpsilon,
            EncoderIterations = json.Whole("encoderIterations"),
            Optimizer = json.Word<TrainingOptimizer>("optimizer") ?? defaults.Optimizer,
            LearningRate = json.Number("learningRate") ?? defaults.LearningRate,
            MinimumLearningRate = json.Number("minimumLearningRate") ?? defaults.MinimumLearningRate,
            WeightDecay = json.Number("weightDecay") ?? defaults.WeightDecay,
            EmaDecay = json.Number("emaDecay"),
            GradientClip = json.Number("gradientClip"),
            TrainedParts = json.Texts("trainedParts") ?? defaults.TrainedParts,
            Validation = json.Object("validation") is { } validation ? Validation(validation) : defaults.Validation,
            SaveEvery = json.Whole("saveEvery") ?? defaults.SaveEvery,
            LogEvery = json.Whole("logEvery") ?? defaults.LogEvery,
            Seed = json.Seed("seed") ?? defaults.Seed,
            Initial = json.Text("initial"),
            Images = json.Object("images") is { } images ? Images(images) : defaults.Images,
            WholePictures = json.Flag("wholePictures") ?? defaults.WholePictures,
            Sampling = json.Object("sampling") is { } sampling ? Sampling(sampling) : defaults.Sampling,
            DamageFrame = json.Whole("damageFrame"),
            WeatherMemory = json.Whole("weatherMemory") ?? defaults.WeatherMemory,
            Generative = json.Object("generative") is { } generative ? Generative(generative) : null,
            LatentDiffusion = json.Object("latentDiffusion") is { } diffusion ? RecipeDiffusionJson.Read(diffusion) : null,
        };
        json.Finish();
        return recipe;
    }

    private static RecipeValidation Validation(RecipeObject json)
    {
        var defaults = new RecipeValidation();
        var validation = new RecipeValidation
        {
            Every = json.Whole("every") ?? defaults.Every,
            Images = json.Whole("images") ?? defaults.Images,
            Size = json.Whole("size") ?? defaults.Size,
            Tasks = json.Whole("tasks") ?? defaults.Tasks,
        };
        json.Finish();
        return validation;
    }

    private static RecipeGenerative Generative(RecipeObject json)
    {
        var defaults = new RecipeGenerative();
        var generative = new RecipeGenerative
        {
            Stages = json.Object("stages") is { } stages ? Stages(stages) : defaults.Stages,
            Narrow = json.Number("narrow") ?? defaults.Narrow,
            StyleFeatures = json.Whole("styleFeatures") ?? defaults.StyleFeatures,
            MappingLayers = json.Whole("mappingLayers") ?? defaults.MappingLayers,
            EncoderWidth = json.Whole("encoderWidth") ?? defaults.EncoderWidth,
            FeatureChannels = json.Whole("featureChannels") ?? defaults.FeatureChannels,
            FusionBlocks = json.Whole("fusionBlocks") ?? defaults.FusionBlocks,
            Adversarial = json.Number("adversarial") ?? defaults.Adversarial,
            Contextual = json.Number("contextual") ?? defaults.Contextual,
            ContextualWeights = json.Texts("contextualWeights") ?? [],
            Perceptual = json.Object("perceptual") is { } perceptual ? Perceptual(perceptual) : null,
        };
        json.Finish();
        return generative;
    }

    private static UgpNetPerceptualOptions Perceptual(RecipeObject json)
    {
        var defaults = new UgpNetPerceptualOptions();
        var perceptual = new UgpNetPerceptualOptions
        {
            Weights = json.Texts("weights") ?? [],
            Side = json.Whole("side") ?? defaults.Side,
            Weight = json.Number("weight") ?? defaults.Weight,
        };
        json.Finish();
        return perceptual;
    }

    private static RecipeStages Stages(RecipeObject json)
    {
        var defaults = new RecipeStages();
        var stages = new RecipeStages
        {
            Regression = json.Whole("regression") ?? defaults.Regression,
            Prior = json.Whole("prior") ?? defaults.Prior,
            Synthesis = json.Whole("synthesis") ?? defaults.Synthesis,
            Fusion = json.Whole("fusion") ?? defaults.Fusion,
        };
        json.Finish();
        return stages;
    }

    private static RecipePatches Patches(RecipeObject json)
    {
        var patches = new RecipePatches { Size = json.RequiredWhole("size"), Batch = json.Whole("batch"), Until = json.RequiredWhole("until") };
        json.Finish();
        return patches;
    }

    private static RecipeSampling Sampling(RecipeObject json)
    {
        var defaults = new RecipeSampling();
        var sampling = new RecipeSampling
        {
            Clean = json.Number("clean") ?? defaults.Clean,
            Weather = json.Number("weather"),
            Tones = json.Number("tones") ?? defaults.Tones,
            Windows = json.Number("windows") ?? defaults.Windows,
            Turned = json.Number("turned") ?? defaults.Turned,
            Orders = json.NumberList("orders", DegradationPipeline.PaperMaximumOrder) ?? defaults.Orders,
            Operators = json.Numbers("operators") ?? defaults.Operators,
        };
        json.Finish();
        return sampling;
    }

    private static RecipeImages Images(RecipeObject json)
    {
        var defaults = new RecipeImages();
        var images = new RecipeImages
        {
            Folder = json.Text("folder"),
            Scenes = json.Whole("scenes") ?? defaults.Scenes,
            SceneHeight = json.Whole("sceneHeight") ?? defaults.SceneHeight,
            SceneWidth = json.Whole("sceneWidth") ?? defaults.SceneWidth,
            Layout = json.Word<SceneLayout>("layout") ?? defaults.Layout,
            FirstScene = json.Seed("firstScene") ?? defaults.FirstScene,
            Fraction = json.Number("fraction") ?? defaults.Fraction,
            Memory = json.Whole("memory") ?? defaults.Memory,
        };
        json.Finish();
        return images;
    }

    private static void Write(Utf8JsonWriter writer, TrainingRecipe recipe)
    {
        writer.WriteStartObject();
        writer.WriteString("name", recipe.Name);
        writer.WriteString("description", recipe.Description);
        writer.WriteString("architecture", recipe.Architecture);
        writer.WritePropertyName("hyperParameters");
        writer.WriteRawValue(recipe.HyperParameters.ToJson());
        WriteTexts(writer, "tasks", recipe.Tasks);
        if (recipe.TaskWeights.Count > 0)
            WriteNumbers(writer, "taskWeights", recipe.TaskWeights);
        writer.WriteString("mode", ChoiceWords<RecipeMode>.WordOf(recipe.Mode));
        writer.WriteNumber("iterations", recipe.Iterations);
        writer.WriteNumber("batch", recipe.Batch);
        writer.WriteNumber("patch", recipe.Patch);
        if (recipe.Patches.Count > 0)
            Write(writer, recipe.Patches);
        writer.WriteString("loss", ChoiceWords<TrainingLoss>.WordOf(recipe.Loss));
        if (recipe.Loss == TrainingLoss.Psnr)
            writer.WriteNumber("psnrEpsilon", recipe.PsnrEpsilon);
        if (recipe.EncoderIterations is { } encoder)
            writer.WriteNumber("encoderIterations", encoder);
        writer.WriteString("optimizer", ChoiceWords<TrainingOptimizer>.WordOf(recipe.Optimizer));
        writer.WriteNumber("learningRate", recipe.LearningRate);
        writer.WriteNumber("minimumLearningRate", recipe.MinimumLearningRate);
        writer.WriteNumber("weightDecay", recipe.WeightDecay);
        WriteOptional(writer, "emaDecay", recipe.EmaDecay);
        WriteOptional(writer, "gradientClip", recipe.GradientClip);
        WriteTexts(writer, "trainedParts", recipe.TrainedParts);
        writer.WriteStartObject("validation");
        writer.WriteNumber("every", recipe.Validation.Every);
        writer.WriteNumber("images", recipe.Validation.Images);
        writer.WriteNumber("size", recipe.Validation.Size);
        writer.WriteNumber("tasks", recipe.Validation.Tasks);
        writer.WriteEndObject();
        writer.WriteNumber("saveEvery", recipe.SaveEvery);
        writer.WriteNumber("logEvery", recipe.LogEvery);
        writer.WriteNumber("seed", recipe.Seed);
        writer.WriteString("initial", recipe.Initial);
        writer.WriteStartObject("images");
        writer.WriteString("folder", recipe.Images.Folder);
        writer.WriteNumber("scenes", recipe.Images.Scenes);
        writer.WriteNumber("sceneHeight", recipe.Images.SceneHeight);
        writer.WriteNumber("sceneWidth", recipe.Images.SceneWidth);
        if (recipe.Images.Layout != SceneLayout.Any)
            writer.WriteString("layout", ChoiceWords<SceneLayout>.WordOf(recipe.Images.Layout));
        writer.WriteNumber("firstScene", recipe.Images.FirstScene);
        if (recipe.Images.Fraction != 1)
            writer.WriteNumber("fraction", recipe.Images.Fraction);
        writer.WriteNumber("memory", recipe.Images.Memory);
        writer.WriteEndObject();
        writer.WriteBoolean("wholePictures", recipe.WholePictures);
        writer.WriteStartObject("sampling");
        writer.WriteNumber("clean", recipe.Sampling.Clean);
        WriteOptional(writer, "weather", recipe.Sampling.Weather);
        writer.WriteNumber("tones", recipe.Sampling.Tones);
        writer.WriteNumber("windows", recipe.Sampling.Windows);
        writer.WriteNumber("turned", recipe.Sampling.Turned);
        writer.WriteStartArray("orders");
        foreach (double weight in recipe.Sampling.Orders)
            writer.WriteNumberValue(weight);
        writer.WriteEndArray();
        WriteNumbers(writer, "operators", recipe.Sampling.Operators);
        writer.WriteEndObject();
        WriteOptional(writer, "damageFrame", recipe.DamageFrame);
        writer.WriteNumber("weatherMemory", recipe.WeatherMemory);
        if (recipe.Generative is { } generative)
            Write(writer, generative);
        if (recipe.LatentDiffusion is { } diffusion)
            RecipeDiffusionJson.Write(writer, diffusion);
        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, IReadOnlyList<RecipePatches> stages)
    {
        writer.WriteStartArray("patches");
        foreach (RecipePatches stage in stages)
        {
            writer.WriteStartObject();
            writer.WriteNumber("size", stage.Size);
            if (stage.Batch is { } batch)
                writer.WriteNumber("batch", batch);
            writer.WriteNumber("until", stage.Until);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter writer, RecipeGenerative generative)
    {
        writer.WriteStartObject("generative");
        writer.WriteStartObject("stages");
        writer.WriteNumber("regression", generative.Stages.Regression);
        writer.WriteNumber("prior", generative.Stages.Prior);
        writer.WriteNumber("synthesis", generative.Stages.Synthesis);
        writer.WriteNumber("fusion", generative.Stages.Fusion);
        writer.WriteEndObject();
        writer.WriteNumber("narrow", generative.Narrow);
        writer.WriteNumber("styleFeatures", generative.StyleFeatures);
        writer.WriteNumber("mappingLayers", generative.MappingLayers);
        writer.WriteNumber("encoderWidth", generative.EncoderWidth);
        writer.WriteNumber("featureChannels", generative.FeatureChannels);
        writer.WriteNumber("fusionBlocks", generative.FusionBlocks);
        writer.WriteNumber("adversarial", generative.Adversarial);
        writer.WriteNumber("contextual", generative.Contextual);
        if (generative.ContextualWeights.Count > 0)
            WriteTexts(writer, "contextualWeights", generative.ContextualWeights);
        if (generative.Perceptual is { } perceptual)
        {
            writer.WriteStartObject("perceptual");
            WriteTexts(writer, "weights", perceptual.Weights);
            writer.WriteNumber("side", perceptual.Side);
            writer.WriteNumber("weight", perceptual.Weight);
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    }

    private static void WriteTexts(Utf8JsonWriter writer, string name, IReadOnlyList<string> values)
    {
        writer.WriteStartArray(name);
        foreach (string value in values)
            writer.WriteStringValue(value);
        writer.WriteEndArray();
    }

    private static void WriteNumbers(Utf8JsonWriter writer, string name, IReadOnlyDictionary<string, double> values)
    {
        writer.WriteStartObject(name);
        foreach ((string key, double value) in values)
            writer.WriteNumber(key, value);
        writer.WriteEndObject();
    }

    private static void WriteOptional(Utf8JsonWriter writer, string name, double? value)
    {
        if (value is { } number)
            writer.WriteNumber(name, number);
        else
            writer.WriteNull(name);
    }
}
