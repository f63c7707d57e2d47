using Gir.Cli.Evaluate;
using Gir.Cli.Shell;
using Gir.Models.Restoration;
using Gir.Models.Zoo;

namespace Gir.Cli.Serve;

/// <summary>The restorers that the page offers, by the names that "gir restore --model" takes.</summary>
internal static class ServedModels
{
    /// <summary>Loads all of them, so that a mistake shows at once and no request can name a file.</summary>
    /// <param name="lists">Lists of names, expressions and checkpoint files; empty: all that come with the tool.</param>
    /// <param name="wrapper">Which network of checkpoints that hold several; null: the only one.</param>
    public static OrderedDictionary<string, IRestorer> Load(IReadOnlyList<string> lists, string? wrapper)
    {
        string[] names = [.. RestorerChoice.Names(lists).Distinct(StringComparer.Ordinal)];
        var models = new OrderedDictionary<string, IRestorer>(StringComparer.Ordinal);
        foreach (string name in names.Length > 0 ? names : [.. RestorerFactory.Names])
        {
            RestorerOptions? options = File.Exists(name) ? new RestorerOptions { Network = new ModelZooOptions { Wrapper = wrapper } } : null;
            IRestorer restorer = RestorerFactory.Create("--model", name, options);
            if (restorer is not ITaskAwareRestorer)
                models.Add(name, restorer);
            else if (names.Length > 0)
                throw new UsageException($"--model {name}: it is told the task; expected restorers that are not.");
        }

        return models;
    }
}
