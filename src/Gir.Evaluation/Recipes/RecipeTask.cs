using Gir.Degradations;
using Gir.Degradations.Tasks;

namespace Gir.Evaluation.Recipes;

/// <summary>Something to learn: a task of fixed degradations, or the paper's random ones.</summary>
/// <param name="Id">The task's id, or <see cref="GirName"/>.</param>
/// <param name="Task">The task; null: a random pipeline for each patch, Eq. 4 of the GIR paper.</param>
public sealed record RecipeTask(string Id, DegradationTask? Task)
{
    /// <summary>The name of random pipelines.</summary>
    public const string GirName = "gir";

    /// <summary>Reads "gir", the name of a task set, or an expression with parameters such as "noise(sigma=50)".</summary>
    /// <exception cref="Gir.Degradations.DegradationException">The text names neither.</exception>
    /// <exception cref="IOException">A file of tasks cannot be read.</exception>
    public static IReadOnlyList<RecipeTask> Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        string name = text.Trim();
        if (name == GirName)
            return [new RecipeTask(GirName, null)];
        // No name of a set has a parenthesis; a file's may.
        if (name.Contains('(', StringComparison.Ordinal) && !File.Exists(name))
            return [new RecipeTask(name, new DegradationTask(name, DegradationPipeline.Parse(name, DegradationPipelineOptions.Benchmark)))];
        return [.. TaskSet.Parse(text).Select(t => new RecipeTask(t.Id, t))];
    }
}
