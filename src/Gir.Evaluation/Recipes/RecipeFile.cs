using System.Text;
using System.Text.Json;
using Gir.Imaging.Files;
using Gir.Models.Training;

namespace Gir.Evaluation.Recipes;

/// <summary>The recipe beside the checkpoints of its training: says what they are, and keeps another recipe from going on with them.</summary>
internal static class RecipeFile
{
    // What may change on the way without changing the weights; which tasks a network learns the trainer compares itself.
    private static readonly string[] s_free = ["name", "description", "saveEvery", "logEvery", "tasks", "mode"];

    public static string PathIn(string folder) => Path.Combine(folder, "recipe.json");

    /// <summary>Writes the recipe.</summary>
    /// <exception cref="EvaluationException">The folder holds a training by another recipe; the message names the fields that differ.</exception>
    public static void Write(string folder, TrainingRecipe recipe) => Write(folder, recipe, File.Exists(Trainer.LastCheckpointPath(folder)));

    /// <inheritdoc cref="Write(string, TrainingRecipe)"/>
    public static void Write(string folder, TrainingRecipe recipe, bool isBegun)
    {
        string path = PathIn(folder);
        if (File.Exists(path) && isBegun)
        {
            string[] differences = Differences(TrainingRecipe.Load(path), recipe);
            if (differences.Length > 0)
                throw new EvaluationException($"'{folder}' holds a training by another recipe: {string.Join("; ", differences)}. Train with the same recipe, or into another folder.");
        }

        AtomicFile.Write(path, Encoding.UTF8.GetBytes(recipe.ToJson()));
    }

    /// <summary>
    /// Makes sure that the recipe lies beside the checkpoints of a run that has ended: the folder may have been emptied while images were loaded, or later.
    /// </summary>
    /// <exception cref="EvaluationException">The checkpoint itself is gone.</exception>
    public static void Keep(string folder, TrainingRecipe recipe, TrainingResult result)
    {
        if (!File.Exists(result.LastCheckpoint))
            throw new EvaluationException($"'{result.LastCheckpoint}' is gone: somebody removed '{folder}' or what it holds while the network was trained. Train again.");
        if (!File.Exists(PathIn(folder)))
            Write(folder, recipe);
    }

    private static string[] Differences(TrainingRecipe there, TrainingRecipe here)
    {
        // The stages of a generative training do not compare their tasks.
        string[] free = !there.IsGenerative ? s_free : [.. s_free.Where(f => f != "tasks")];
        using JsonDocument first = JsonDocument.Parse(there.ToJson());
        using JsonDocument second = JsonDocument.Parse(here.ToJson());
        return
        [
            .. first.RootElement.EnumerateObject()
                .Where(p => !free.Contains(p.Name) && !(second.RootElement.TryGetProperty(p.Name, out JsonElement other) && JsonElement.DeepEquals(p.Value, other)))
                .Select(p => $"{p.Name} {OneLine(p.Value)} there, {(second.RootElement.TryGetProperty(p.Name, out JsonElement other) ? OneLine(other) : "null")} here"),
        ];
    }

    private static string OneLine(JsonElement element)
    {
        string text = string.Join(' ', element.GetRawText().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return text.Length <= 120 ? text : text[..120] + "...";
    }
}
