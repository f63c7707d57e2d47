using Gir.Evaluation.Generality;
using Gir.Evaluation.Lines;
using Gir.Evaluation.Results;
using Gir.Imaging.Text;

namespace Gir.Evaluation.Shards;

/// <summary>Puts the shards of an evaluation together (<see cref="Benchmark.RunShardAsync"/>): results and report are those of one run, byte for byte.</summary>
/// <remarks>What does not belong together, is missing, or stands there twice is refused by name; results of other runs in the shards' files are passed over. Safe for concurrent use.</remarks>
public sealed class ShardMerge
{
    private const int MostNamed = 8;

    private readonly ResultStore _results;

    private ShardMerge(ResultStore results, GeneralityReport report, IReadOnlyDictionary<string, string> leftOut)
    {
        _results = results;
        Report = report;
        LeftOut = leftOut;
    }

    /// <summary>The report of all.</summary>
    public GeneralityReport Report { get; }

    /// <summary>The images that a shard went on without, and why; the report is over the others.</summary>
    public IReadOnlyDictionary<string, string> LeftOut { get; }

    /// <summary>All results, in the order of <see cref="ResultStore.ToList"/>.</summary>
    public IReadOnlyList<ResultRecord> Results => _results.ToList();

    /// <summary>Reads all shards of an evaluation.</summary>
    /// <param name="folders">The folder of every shard, in any order; each holds a file of results and what its shard says of itself.</param>
    /// <exception cref="EvaluationException">
    /// A folder holds no shard, shards differ in their settings, are missing, there twice or not complete; the message names shard and folder.
    /// </exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static ShardMerge Of(IReadOnlyList<string> folders)
    {
        ArgumentNullException.ThrowIfNull(folders);
        if (folders.Count == 0)
            throw new ArgumentException("Expected at least one folder.", nameof(folders));
        Part[] parts = [.. folders.Select(Part.Load)];
        RequireAllOnce(parts);
        // Only the first one's results are held beside the merged ones.
        Part first = parts[0];
        ResultStore merged = ResultStore.InMemory(first.Results.Configuration);
        var leftOut = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (Part part in parts)
        {
            RequireSame(part, first);
            foreach (ShardLeftOut image in part.Manifest.LeftOut ?? [])
                leftOut.TryAdd(image.Image, image.Reason);
        }

        foreach (Part part in parts)
            part.AddTo(merged, leftOut);
        EvaluationConfiguration configuration = first.Results.Configuration;
        EvaluationConfiguration reported = configuration with { Images = [.. configuration.Images.Where(i => !leftOut.ContainsKey(i.Name))] };
        if (reported.Images.Count == 0)
            throw new EvaluationException($"All images were left out: {leftOut.First().Value}");
        GeneralityReport report = new GeneralityCalculator(merged, first.Manifest.ToLines(first.Folder), first.Manifest.Generality, reported)
            .Report([.. first.Manifest.Restorers.Select(r => r.ToInfo())]);
        return new ShardMerge(merged, report, leftOut);
    }

    /// <summary>Writes the file of results that one run would have written; a <see cref="Benchmark"/> goes on from it.</summary>
    /// <param name="path">The file; replaced where it exists.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void SaveResults(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        _results.Save(path);
    }

    private static void RequireAllOnce(Part[] parts)
    {
        Part first = parts[0];
        if (parts.FirstOrDefault(p => p.Shard.Count != first.Shard.Count) is { } other)
            throw new EvaluationException($"'{other.Folder}' holds shard {other.Shard}, '{first.Folder}' shard {first.Shard}; expected shards of one number.");
        IGrouping<int, Part>? twice = parts.GroupBy(p => p.Shard.Number).FirstOrDefault(g => g.Count() > 1);
        if (twice is not null)
            throw new EvaluationException($"Shard {twice.First().Shard} is there twice: '{twice.First().Folder}' and '{twice.ElementAt(1).Folder}'.");
        Shard[] missing = [.. Enumerable.Range(1, first.Shard.Count).Except(parts.Select(p => p.Shard.Number)).Take(MostNamed + 1).Select(n => new Shard(n, first.Shard.Count))];
        if (missing.Length > 0)
        {
            string more = missing.Length > MostNamed ? " and more" : "";
            throw new EvaluationException($"{first.Shard.Count - parts.Length} of {first.Shard.Count} shards missing: {string.Join(", ", missing.Take(MostNamed).AsEnumerable())}{more}.");
        }
    }

    private static void RequireSame(Part part, Part first)
    {
        IReadOnlyList<string> differences = part.Results.Configuration.DifferencesFrom(first.Results.Configuration);
        string? difference = part.Manifest.Fingerprint == first.Manifest.Fingerprint
            ? part.Manifest.DifferenceFrom(first.Manifest)
            : differences.Count > 0 ? string.Join("; ", differences) : "fingerprints differ";
        if (difference is not null)
            throw new EvaluationException($"Shard {part.Shard} ('{part.Folder}') is of another evaluation than shard {first.Shard} ('{first.Folder}', \"there\"): {difference}.");
    }

    /// <summary>One shard.</summary>
    private sealed record Part(string Folder, Shard Shard, ShardManifest Manifest, ResultStore Results)
    {
        public static Part Load(string folder)
        {
            string path = Path.Combine(folder, ShardManifest.FileName);
            string results = Path.Combine(folder, Benchmark.ResultsName);
            if (!File.Exists(path) || !File.Exists(results))
                throw new EvaluationException($"'{folder}' holds no shard: expected {ShardManifest.FileName} and {Benchmark.ResultsName}, as an evaluation of a shard writes them.");
            ShardManifest manifest = ShardManifest.Load(path);
            ResultStore store = ResultStore.Read(results);
            if (store.Configuration.Fingerprint() != manifest.Fingerprint)
                throw new EvaluationException($"{results}: results of another configuration than {ShardManifest.FileName} beside it.");
            return new Part(folder, Shard.Parse(manifest.Shard), manifest, store);
        }

        /// <summary>Adds what this shard has to make; what it has not made is an error, but of images that were left out.</summary>
        public void AddTo(ResultStore merged, IReadOnlyDictionary<string, string> leftOut)
        {
            EvaluationConfiguration configuration = Results.Configuration;
            var plan = new ShardPlan(Shard, configuration.Images.Count, configuration.Tasks.Count, Manifest.Restorers.Count);
            (int missing, string? example) = (0, null);
            for (int i = 0; i < configuration.Images.Count; i++)
            {
                for (int t = 0; t < configuration.Tasks.Count; t++)
                {
                    for (int s = 0; s <= Manifest.Restorers.Count; s++)
                    {
                        if (!plan.Owns(i, t, s))
                            continue;
                        (string image, string task) = (configuration.Images[i].Name, configuration.Tasks[t].Id);
                        (string who, string? identity) = s == 0 ? (ResultRecord.InputName, null) : (Manifest.Restorers[s - 1].Name, Manifest.Restorers[s - 1].Identity);
                        if (Results.Find(who, task, image, identity) is { } result)
                            merged.Append(result);
                        else if (!leftOut.ContainsKey(image) && missing++ == 0)
                            example = $"'{Suggestion.Shortened(who)}' on task '{task}', image '{image}'";
                    }
                }
            }

            if (missing > 0)
                throw new EvaluationException($"Shard {Shard} ('{Folder}') is not complete: {missing} of {plan.Count} results missing, the first of {example}; run it again, and it goes on from there.");
        }
    }
}
