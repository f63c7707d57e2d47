using Gir.Cli.Shell;
using Gir.Imaging.Text;
using Gir.Models.Restoration;
using Gir.Models.Zoo;

namespace Gir.Cli.Evaluate;

/// <summary>Restorers as a user names them.</summary>
internal static class RestorerChoice
{
    /// <summary>The restorers of lists such as "median(size=5),gir-v1,nets/best.safetensors"; without any: all that come with the packages.</summary>
    /// <param name="lists">The lists.</param>
    /// <param name="wrapper">Which network of checkpoints that hold several; null: the only one.</param>
    public static IReadOnlyList<IRestorer> Of(IReadOnlyList<string> lists, string? wrapper)
    {
        string[] names = [.. Names(lists).Distinct(StringComparer.Ordinal)];
        if (names.Length == 0)
            return [.. ClassicalRestorers.All, .. ModelZoo.Shipped.Select(n => ModelZoo.LoadShipped(n))];
        IRestorer[] restorers = [.. names.Select(name => Find(name, new ModelZooOptions { Wrapper = wrapper }))];
        // Trainings call their best network alike: where names collide, checkpoints are called by their paths.
        HashSet<string> twice = [.. restorers.GroupBy(r => r.Info.Name, StringComparer.Ordinal).Where(g => g.Count() > 1).Select(g => g.Key)];
        return
        [
            .. names
                .Zip(restorers, (name, restorer) => twice.Contains(restorer.Info.Name) && Path.Exists(name) ? Find(name, new ModelZooOptions { Wrapper = wrapper, Name = name }) : restorer)
                .DistinctBy(r => r.Info.Name),
        ];
    }

    /// <summary>The single names of lists.</summary>
    public static IEnumerable<string> Names(IReadOnlyList<string> lists) => lists.SelectMany(l => CallText.Split(l, ','));

    private static IRestorer Find(string name, ModelZooOptions options) =>
        StepByStep.Find(name) ?? RestorerFactory.Create("--restorer", name, Path.Exists(name) ? new RestorerOptions { Network = options } : null);
}
