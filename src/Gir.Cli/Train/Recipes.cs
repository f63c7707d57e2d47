using Gir.Cli.Shell;
using Gir.Evaluation.Recipes;
using Gir.Models.Zoo;

namespace Gir.Cli.Train;

/// <summary>The recipe that a command line asks for.</summary>
internal static class Recipes
{
    public static TrainingRecipe Find(string nameOrPath, RecipeOverrides overrides)
    {
        TrainingRecipe recipe = TrainingRecipes.Load(nameOrPath);
        bool isOther = overrides.Architecture is { } architecture && !architecture.Equals(recipe.Architecture, StringComparison.OrdinalIgnoreCase);
        recipe = recipe with
        {
            Architecture = overrides.Architecture ?? recipe.Architecture,
            // Another architecture knows nothing of this one's hyper-parameters.
            HyperParameters = overrides.Hyper is { } hyper ? Hyper(hyper) : isOther ? HyperParameters.None : recipe.HyperParameters,
            Tasks = overrides.Tasks.Count > 0 ? overrides.Tasks : recipe.Tasks,
            Iterations = overrides.Iterations ?? recipe.Iterations,
            EncoderIterations = overrides.EncoderIterations ?? recipe.EncoderIterations,
            Batch = overrides.Batch ?? recipe.Batch,
            Patch = overrides.Patch ?? recipe.Patch,
            LearningRate = overrides.LearningRate ?? recipe.LearningRate,
            MinimumLearningRate = Math.Min(recipe.MinimumLearningRate, overrides.LearningRate ?? recipe.LearningRate),
            Seed = overrides.Seed ?? recipe.Seed,
            Initial = overrides.Initial ?? recipe.Initial,
            Images = Images(recipe.Images, overrides),
        };
        if (overrides.Prior is { } prior)
        {
            recipe = recipe.Generative is { } generative
                ? recipe with { Generative = generative with { Prior = prior } }
                : throw new UsageException($"--prior {prior}: recipe '{recipe.Name}' trains no UGPNet, which alone has a prior to share.");
        }

        if (recipe.Initial is { } initial && !File.Exists(initial))
            throw new UsageException($"initial '{initial}': there is no such checkpoint.");
        recipe.Validate(nameOrPath);
        return recipe;
    }

    private static RecipeImages Images(RecipeImages images, RecipeOverrides overrides) => overrides.Images switch
    {
        null => images with { Scenes = overrides.Scenes ?? images.Scenes },
        "scenes" => images with { Folder = null, Scenes = overrides.Scenes ?? images.Scenes },
        { } folder when Directory.Exists(folder) => images with { Folder = folder, Scenes = overrides.Scenes ?? 0 },
        { } other => throw new UsageException($"--images {other}: expected a folder of photographs, or \"scenes\"."),
    };

    private static HyperParameters Hyper(string text)
    {
        try
        {
            return HyperParameters.Parse(text);
        }
        catch (ArgumentException e)
        {
            throw new UsageException($"--hyper {text}: {e.Message}");
        }
    }
}
