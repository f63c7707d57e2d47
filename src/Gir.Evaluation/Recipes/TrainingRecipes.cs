namespace Gir.Evaluation.Recipes;

/// <summary>
/// The recipes that come with the package: "acceptance", "excellence", "mir-10", "mir-50" and "gir" have the GIR paper's settings, which cannot
/// hold its photographs; "gir-v1" is the shipped blind network's; those named "...-reduced" are for a processor and a few minutes or hours, "ugpnet-..." among them in generative stages.
/// </summary>
public static class TrainingRecipes
{
    private const string Prefix = "Gir.Evaluation.Recipes.";
    private const string Suffix = ".json";

    private static readonly Lazy<TrainingRecipe[]> s_all = new(() =>
    [
        .. typeof(TrainingRecipes).Assembly.GetManifestResourceNames()
            .Where(n => n.StartsWith(Prefix, StringComparison.Ordinal) && n.EndsWith(Suffix, StringComparison.Ordinal))
            .Select(Read)
            .OrderBy(r => r.Name, StringComparer.Ordinal),
    ]);

    /// <summary>All of them, by name.</summary>
    public static IReadOnlyList<TrainingRecipe> All => s_all.Value;

    /// <summary>A recipe by name, or from a file.</summary>
    /// <param name="nameOrPath">The name of one of <see cref="All"/>, or a JSON file.</param>
    /// <exception cref="EvaluationException">There is neither, or the file is no recipe.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static TrainingRecipe Load(string nameOrPath)
    {
        ArgumentNullException.ThrowIfNull(nameOrPath);
        if (All.FirstOrDefault(r => r.Name == nameOrPath) is { } builtIn)
            return builtIn;
        return File.Exists(nameOrPath)
            ? TrainingRecipe.Load(nameOrPath)
            : throw new EvaluationException($"There is no recipe '{nameOrPath}', and no such file; expected {string.Join(", ", All.Select(r => r.Name))} or a JSON file.");
    }

    private static TrainingRecipe Read(string resource)
    {
        using Stream stream = typeof(TrainingRecipes).Assembly.GetManifestResourceStream(resource)!;
        using var reader = new StreamReader(stream);
        return TrainingRecipe.FromJson(reader.ReadToEnd(), resource);
    }
}
