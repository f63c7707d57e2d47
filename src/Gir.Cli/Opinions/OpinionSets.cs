using Gir.Cli.Shell;
using Gir.Imaging.Text;
using Gir.Metrics.Opinions;

namespace Gir.Cli.Opinions;

/// <summary>The opinions that the command line points at.</summary>
internal static class OpinionSets
{
    private const string ColumnsForm = "image=NAME,score=NAME and, if there are any, reference=NAME, spread=NAME, group=NAME";

    private static readonly string[] s_forms = ["tid2013", "kadid10k", "koniq10k", "pipal", "generative", "csv"];

    /// <summary>One set, or the dimensions of generative restoration; of a bipolar set its two sides come after it.</summary>
    public static IReadOnlyList<OpinionSet> Read(OpinionsSettings settings)
    {
        string path = settings.Data;
        bool isFolder = settings.Form == "pipal";
        if (isFolder ? !Directory.Exists(path) : !File.Exists(path))
            throw new UsageException($"--data {path}: there is no such {(isFolder ? "folder" : "file")}.");
        if (settings.Dimension is not null && settings.Form != "generative")
            throw new UsageException($"--dimension {settings.Dimension}: only --form generative has dimensions, not '{settings.Form}'.");
        IReadOnlyList<OpinionSet> sets = settings.Form switch
        {
            "tid2013" => [OpinionFiles.ReadTid2013(path)],
            "kadid10k" => [OpinionFiles.ReadKadid10k(path)],
            "koniq10k" => [OpinionFiles.ReadKonIq10k(path)],
            "pipal" => [OpinionFiles.ReadPipal(path)],
            "generative" => Dimensions(OpinionFiles.ReadGenerativeRestoration(path), settings.Dimension),
            "csv" => [OpinionFiles.ReadCsv(path, Columns(settings.Columns), Scale(settings.Scale))],
            _ => throw new UsageException($"--form {settings.Form}: expected {Suggestion.Among(settings.Form, s_forms)}."),
        };
        return [.. sets.SelectMany(s => s.Poles().Prepend(s)).Where(s => s.Opinions.Count > 0)];
    }

    private static IReadOnlyList<OpinionSet> Dimensions(IReadOnlyList<OpinionSet> sets, string? name)
    {
        if (name is null)
            return sets;
        OpinionSet? wanted = sets.FirstOrDefault(s => s.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
        return wanted is not null
            ? [wanted]
            : throw new UsageException($"--dimension {name}: expected {Suggestion.Among(name, [.. sets.Select(s => s.Name.ToLowerInvariant())])}.");
    }

    private static OpinionScale Scale(string word) => ChoiceWords<OpinionScale>.Words.Contains(word)
        ? ChoiceWords<OpinionScale>.Parse(word)
        : throw new UsageException($"--scale {word}: expected {Suggestion.Among(word, ChoiceWords<OpinionScale>.Words)}.");

    private static OpinionColumns Columns(string text)
    {
        var named = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (string pair in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            string[] sides = pair.Split('=', 2, StringSplitOptions.TrimEntries);
            if (sides is not [var key, { Length: > 0 } column] || !named.TryAdd(key, column))
                throw new UsageException($"--columns {text}: '{pair}' is no NAME=COLUMN, or stands twice; expected {ColumnsForm}.");
        }

        string[] known = ["image", "score", "reference", "spread", "group"];
        if (named.Keys.FirstOrDefault(k => !known.Contains(k, StringComparer.OrdinalIgnoreCase)) is { } unknown)
            throw new UsageException($"--columns {text}: there is no '{unknown}'; expected {ColumnsForm}.");
        return new OpinionColumns(named.GetValueOrDefault("image", "image"), named.GetValueOrDefault("score", "score"))
        {
            Reference = named.GetValueOrDefault("reference"),
            Spread = named.GetValueOrDefault("spread"),
            Group = named.GetValueOrDefault("group"),
        };
    }
}
