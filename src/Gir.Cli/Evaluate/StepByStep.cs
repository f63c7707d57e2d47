using Gir.Cli.Shell;
using Gir.Degradations;
using Gir.Imaging.Text;
using Gir.Models.Restoration;

namespace Gir.Cli.Evaluate;

/// <summary>The paper's step-by-step baseline as a user names it: "step-by-step(noise=dncnn_25.pth,blur=richardson-lucy,else=identity)".</summary>
internal static class StepByStep
{
    private const string Name = "step-by-step";
    private const string Else = "else";

    /// <summary>The models of a text, or null where it names something else.</summary>
    /// <exception cref="UsageException">It names no models, an unknown degradation, or one twice.</exception>
    public static IRestorer? Find(string text)
    {
        if (text == Name)
            throw new UsageException($"--restorer {Name}: expected a model for each degradation, e.g. {Name}(noise=median,blur=richardson-lucy,{Else}=identity).");
        if (!text.StartsWith(Name + "(", StringComparison.Ordinal) || text[^1] != ')')
            return null;
        string[] degradations = [.. DegradationCatalog.All.Select(d => d.Name)];
        var models = new Dictionary<string, IRestorer>(StringComparer.Ordinal);
        IRestorer? rest = null;
        foreach (string member in CallText.Split(text[(Name.Length + 1)..^1], ','))
        {
            string[] sides = member.Split('=', 2, StringSplitOptions.TrimEntries);
            if (sides.Length != 2 || (sides[0] != Else && !degradations.Contains(sides[0])))
                throw new UsageException($"--restorer {text}: '{member}': expected DEGRADATION=MODEL, of {Suggestion.Among(sides[0], [.. degradations, Else])}.");
            IRestorer model = RestorerFactory.Create($"--restorer {Name}, {sides[0]}", sides[1]);
            if (sides[0] == Else)
                rest = model;
            else if (!models.TryAdd(sides[0], model))
                throw new UsageException($"--restorer {text}: two models for '{sides[0]}'.");
        }

        foreach (string degradation in rest is null ? [] : degradations)
            models.TryAdd(degradation, rest!);
        try
        {
            return new SingleTaskModels(models, text);
        }
        catch (ArgumentException e)
        {
            throw new UsageException($"--restorer {text}: {e.Message}");
        }
    }
}
