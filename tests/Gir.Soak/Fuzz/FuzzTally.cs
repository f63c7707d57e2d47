using System.Globalization;
using System.Text.Json;

namespace Gir.Soak.Fuzz;

/// <summary>How the runs of one reader ended; it can be kept in a file, so that a million is collected over days. Safe for concurrent use.</summary>
internal sealed class FuzzTally
{
    private readonly Lock _gate = new();

    /// <summary>The seed that all runs have.</summary>
    public required ulong Seed { get; init; }

    /// <summary>The first run.</summary>
    public required int From { get; init; }

    /// <summary>The first run that has not been made.</summary>
    public required int Next { get; set; }

    /// <summary>Files that were read.</summary>
    public int Read { get; set; }

    /// <summary>Files that were refused as documented.</summary>
    public int Refused { get; set; }

    /// <summary>Everything else.</summary>
    public int Failed { get; set; }

    /// <summary>The longest time of a run, ms.</summary>
    public double Longest { get; set; }

    /// <summary>The most that a run allocated, bytes.</summary>
    public long Most { get; set; }

    /// <summary>What the file holds, or nothing yet where there is none.</summary>
    /// <param name="path">The file; null: none.</param>
    /// <param name="seed">The seed.</param>
    /// <param name="from">The first run.</param>
    public static FuzzTally Open(string? path, ulong seed, int from)
    {
        if (path is null || !File.Exists(path))
            return new FuzzTally { Seed = seed, From = from, Next = from };
        FuzzTally kept = JsonSerializer.Deserialize<FuzzTally>(File.ReadAllBytes(path))!;
        return kept.Seed == seed && kept.From == from
            ? kept
            : throw new InvalidOperationException($"'{path}' holds runs of seed {kept.Seed} from {kept.From}; expected seed {seed} from {from}.");
    }

    /// <summary>Keeps it: the file is the old or the new one, whenever the program is killed.</summary>
    public void Save(string path)
    {
        File.WriteAllBytes(path + ".new", JsonSerializer.SerializeToUtf8Bytes(this));
        File.Move(path + ".new", path, overwrite: true);
    }

    public void Note(FuzzOutcome outcome)
    {
        lock (_gate)
        {
            _ = outcome.End switch { FuzzEnd.Read => Read++, FuzzEnd.Refused => Refused++, _ => Failed++ };
            Longest = Math.Max(Longest, outcome.Time.TotalMilliseconds);
            Most = Math.Max(Most, outcome.Bytes);
        }
    }

    /// <summary>A row of the table.</summary>
    public string Row(FuzzReader reader) => string.Create(
        CultureInfo.InvariantCulture,
        $"| {reader.Name} | {reader.Corpus.Count} | {Next - From:N0} | {Read:N0} | {Refused:N0} | {Failed} | {Longest:0} | {Most / 1048576.0:0.0} |");
}
