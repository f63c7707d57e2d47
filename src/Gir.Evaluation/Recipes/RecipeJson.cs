using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Gir.Degradations;
using Gir.Imaging.Scenes;
using Gir.Imaging.Text;
using Gir.Models.Training;

namespace Gir.Evaluation.Recipes;

/// <summary>Recipes as JSON: unknown fields are errors, those that are missing keep their default.</summary>
internal static class RecipeJson
{
    private const int LongestFile = 1 << 20;

    private static readonly RecipeForm<RecipePatches> s_patches = new RecipeForm<RecipePatches>(() => new RecipePatches { Size = 0, Until = 0 })
        .Whole("size", p => p.Size, (p, v) => p with { Size = v }, required: true)
        .Whole("batch", p => p.Batch, (p, v) => p with { Batch = v }, when: p => p.Batch is not null)
        .Whole("until", p => p.Until, (p, v) => p with { Until = v }, required: true);

    private static readonly RecipeForm<RecipeValidation> s_validation = new RecipeForm<RecipeValidation>(() => new RecipeValidation())
        .Whole("every", r => r.Every, (r, v) => r with { Every = v })
        .Whole("images", r => r.Images, (r, v) => r with { Images = v })
        .Whole("size", r => r.Size, (r, v) => r with { Size = v })
        .Whole("tasks", r => r.Tasks, (r, v) => r with { Tasks = v });

    private static readonly RecipeForm<RecipeImages> s_images = new RecipeForm<RecipeImages>(() => new RecipeImages())
        .Text("folder", i => i.Folder, (i, v) => i with { Folder = v })
        .Whole("scenes", i => i.Scenes, (i, v) => i with { Scenes = v })
        .Whole("sceneHeight", i => i.SceneHeight, (i, v) => i with { SceneHeight = v })
        .Whole("sceneWidth", i => i.SceneWidth, (i, v) => i with { SceneWidth = v })
        .Word("layout", i => i.Layout, (i, v) => i with { Layout = v }, when: i => i.Layout != SceneLayout.Any)
        .Seed("firstScene", i => i.FirstScene, (i, v) => i with { FirstScene = v })
        .Number("fraction", i => i.Fraction, (i, v) => i with { Fraction = v }, when: i => i.Fraction != 1)
        .Whole("memory", i => i.Memory, (i, v) => i with { Memory = v });

    private static readonly RecipeForm<RecipeSampling> s_sampling = new RecipeForm<RecipeSampling>(() => new RecipeSampling())
        .Number("clean", s => s.Clean, (s, v) => s with { Clean = v })
        .Number("weather", s => s.Weather, (s, v) => s with { Weather = v })
        .Number("tones", s => s.Tones, (s, v) => s with { Tones = v })
        .Number("overexposed", s => s.Overexposed, (s, v) => s with { Overexposed = v }, when: s => s.Overexposed > 0)
        .Number("frames", s => s.Frames, (s, v) => s with { Frames = v }, when: s => s.Frames > 0)
        .Number("windows", s => s.Windows, (s, v) => s with { Windows = v })
        .Number("turned", s => s.Turned, (s, v) => s with { Turned = v })
        .Numbers("orders", DegradationPipeline.PaperMaximumOrder, s => s.Orders, (s, v) => s with { Orders = v })
        .Numbers("operators", s => s.Operators, (s, v) => s with { Operators = v });

    private static readonly RecipeForm<TrainingRecipe> s_recipe = new RecipeForm<TrainingRecipe>(() => new TrainingRecipe { Name = "" })
        .Text("name", r => r.Name, (r, v) => r with { Name = v }, required: true)
        .Text("description", r => r.Description, (r, v) => r with { Description = v })
        .Text("architecture", r => r.Architecture, (r, v) => r with { Architecture = v })
        .HyperParameters("hyperParameters", r => r.HyperParameters, (r, v) => r with { HyperParameters = v })
        .Texts("tasks", r => r.Tasks, (r, v) => r with { Tasks = v })
        .Numbers("taskWeights", r => r.TaskWeights, (r, v) => r with { TaskWeights = v }, when: r => r.TaskWeights.Count > 0)
        .Word("mode", r => r.Mode, (r, v) => r with { Mode = v })
        .Whole("iterations", r => r.Iterations, (r, v) => r with { Iterations = v })
        .Whole("batch", r => r.Batch, (r, v) => r with { Batch = v })
        .Whole("patch", r => r.Patch, (r, v) => r with { Patch = v })
        .Objects("patches", RecipeRules.MostStages, s_patches, r => r.Patches, (r, v) => r with { Patches = v }, when: r => r.Patches.Count > 0)
        .Word("loss", r => r.Loss, (r, v) => r with { Loss = v })
        .Number("psnrEpsilon", r => r.PsnrEpsilon, (r, v) => r with { PsnrEpsilon = v }, when: r => r.Loss == TrainingLoss.Psnr)
        .Whole("encoderIterations", r => r.EncoderIterations, (r, v) => r with { EncoderIterations = v }, when: r => r.EncoderIterations is not null)
        .Word("optimizer", r => r.Optimizer, (r, v) => r with { Optimizer = v })
        .Number("learningRate", r => r.LearningRate, (r, v) => r with { LearningRate = v })
        .Number("minimumLearningRate", r => r.MinimumLearningRate, (r, v) => r with { MinimumLearningRate = v })
        .Number("weightDecay", r => r.WeightDecay, (r, v) => r with { WeightDecay = v })
        .Number("emaDecay", r => r.EmaDecay, (r, v) => r with { EmaDecay = v })
        .Number("gradientClip", r => r.GradientClip, (r, v) => r with { GradientClip = v })
        .Texts("trainedParts", r => r.TrainedParts, (r, v) => r with { TrainedParts = v })
        .Object("validation", s_validation, r => r.Validation, (r, v) => r with { Validation = v })
        .Whole("saveEvery", r => r.SaveEvery, (r, v) => r with { SaveEvery = v })
        .Whole("logEvery", r => r.LogEvery, (r, v) => r with { LogEvery = v })
        .Seed("seed", r => r.Seed, (r, v) => r with { Seed = v })
        .Text("initial", r => r.Initial, (r, v) => r with { Initial = v })
        .Object("images", s_images, r => r.Images, (r, v) => r with { Images = v })
        .Flag("wholePictures", r => r.WholePictures, (r, v) => r with { WholePictures = v })
        .Object("sampling", s_sampling, r => r.Sampling, (r, v) => r with { Sampling = v })
        .Whole("damageFrame", r => r.DamageFrame, (r, v) => r with { DamageFrame = v })
        .Whole("weatherMemory", r => r.WeatherMemory, (r, v) => r with { WeatherMemory = v })
        .Object("generative", RecipeGenerativeForms.Generative, r => r.Generative!, (r, v) => r with { Generative = v }, when: r => r.Generative is not null)
        .Object("latentDiffusion", RecipeGenerativeForms.LatentDiffusion, r => r.LatentDiffusion!, (r, v) => r with { LatentDiffusion = v }, when: r => r.LatentDiffusion is not null);

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
        TrainingRecipe recipe = StrictJson.Read(json, form, s_recipe.Read);
        recipe.Validate(source);
        return recipe;
    }

    public static string Write(TrainingRecipe recipe)
    {
        var buffer = new ArrayBufferWriter<byte>();
        var options = new JsonWriterOptions { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
        using (var writer = new Utf8JsonWriter(buffer, options))
            s_recipe.Write(writer, recipe);
        return Encoding.UTF8.GetString(buffer.WrittenSpan) + "\n";
    }
}
