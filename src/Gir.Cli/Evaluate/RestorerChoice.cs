using Gir.Cli.Shell;
using Gir.Models.Restoration;
using Gir.Models.Zoo;

namespace Gir.Cli.Evaluate;

/// <summary>Restorers as a user names them.</summary>
internal static class RestorerChoice
{
    /// <summary>The restorers of lists such as "median(size=5,edge=1),gir-small,nets/best.safetensors"; without any: all that come with the packages.</summary>
    public static IReadOnlyList<IRestorer> Of(IReadOnlyList<string> lists)
    {
        string[] names = [.. lists.SelectMany(Split)];
        if (names.Length == 0)
            return [.. ClassicalRestorers.All, .. ModelZoo.Shipped.Select(n => ModelZoo.LoadShipped(n))];
        IRestorer[] restorers = [.. names.Distinct(StringComparer.Ordinal).Select(Find)];
        // Trainings call their best network alike: where names collide, checkpoints are called by their paths.
        HashSet<string> twice = [.. restorers.GroupBy(r => r.Info.Name, StringComparer.Ordinal).Where(g => g.Count() > 1).Select(g => g.Key)];
        return
        [
            .. names.Distinct(StringComparer.Ordinal)
                .Zip(restorers, (name, restorer) => twice.Contains(restorer.Info.Name) && File.Exists(name) ? Load(name, new ModelZooOptions { Name = name }) : restorer)
                .DistinctBy(r => r.Info.Name),
        ];
    }

    /// <summary>Splits at the commas outside parentheses.</summary>
    private static IEnumerable<string> Split(string list)
    {
        int start = 0;
        int depth = 0;
        for (int i = 0; i <= list.Length; i++)
        {
            char c = i < list.Length ? list[i] : ',';
            depth += c switch { '(' => 1, ')' => -1, _ => 0 };
            if (i < list.Length && (c != ',' || depth > 0))
                continue;
            string name = list[start..i].Trim();
            start = i + 1;
            if (name.Length > 0)
                yield return name;
        }
    }

    private static IRestorer Find(string name)
    {
        if (ModelZoo.Shipped.Contains(name, StringComparer.OrdinalIgnoreCase))
            return ModelZoo.LoadShipped(name);
        if (File.Exists(name))
            return Load(name, new ModelZooOptions());
        if (name.Contains('/', StringComparison.Ordinal) || Path.HasExtension(name.Split('(')[0]))
            throw new UsageException($"--restorer {name}: there is no such file.");
        try
        {
            return ClassicalRestorers.Find(name);
        }
        catch (ArgumentException e)
        {
            string trained = ModelZoo.Shipped.Count > 0 ? $" Trained models: {string.Join(", ", ModelZoo.Shipped)}." : "";
            throw new UsageException($"--restorer {name}: {e.Message}{trained}");
        }
    }

    private static NetworkRestorer Load(string path, ModelZooOptions options)
    {
        try
        {
            return ModelZoo.Load(path, options);
        }
        catch (ArgumentException e)
        {
            throw new UsageException($"--restorer {path}: {e.Message}");
        }
    }
}
