using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Gir.Evaluation.Generality;
using Gir.Evaluation.Lines;
using Gir.Imaging.Files;
using Gir.Imaging.Text;
using Gir.Models.Restoration;

namespace Gir.Evaluation.Shards;

/// <summary>What stands beside a shard's results ("shard.json"): all that is needed to put shards together. Read as a file that anybody may have written.</summary>
/// <param name="Format">Always "gir-shard".</param>
/// <param name="Version">Version of the form.</param>
/// <param name="Shard">Which shard, e.g. "2/8".</param>
/// <param name="Fingerprint">The configuration's fingerprint: results beside it bear the same.</param>
/// <param name="Restorers">Who is compared, in report order.</param>
/// <param name="Lines">The lines; null: those that follow the input.</param>
/// <param name="Generality">How rates and intervals are computed.</param>
/// <param name="LeftOut">Images that the shard went on without; null while it has not ended.</param>
internal sealed record ShardManifest(
    [property: JsonRequired] string Format,
    [property: JsonRequired] int Version,
    [property: JsonRequired] string Shard,
    [property: JsonRequired] string Fingerprint,
    [property: JsonRequired] IReadOnlyList<ShardRestorer> Restorers,
    QualityLinesJson? Lines,
    [property: JsonRequired] GeneralityOptions Generality,
    IReadOnlyList<ShardLeftOut>? LeftOut)
{
    /// <summary>The file's name.</summary>
    public const string FileName = "shard.json";

    private const string FormatName = "gir-shard";
    private const int CurrentVersion = 1;
    private const int LongestFile = 1 << 24;
    private const string Kind = "the file of a shard";

    /// <summary>What a shard says of itself at its beginning.</summary>
    public static ShardManifest Of(Shard shard, string fingerprint, IReadOnlyList<RestorerInfo> restorers, QualityLines lines, GeneralityOptions generality) => new(
        FormatName,
        CurrentVersion,
        shard.ToString(),
        fingerprint,
        [.. restorers.Select(r => new ShardRestorer(r.Name, r.Description, r.ParameterCount, r.Identity))],
        lines.AreRelativeToInput ? null : lines.ToDocument(),
        generality,
        null);

    /// <summary>Reads a shard's file.</summary>
    /// <exception cref="EvaluationException">It is no such file.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static ShardManifest Load(string path)
    {
        using FileStream file = File.OpenRead(path);
        string json = BoundedText.Read(file, LongestFile) ?? throw new EvaluationException($"{path}: not {Kind}: expected at most {LongestFile} bytes.");
        return StrictJson.Read(json, EvaluationJson.Source(path, Kind), root =>
        {
            root.RequireFormat(Kind, FormatName, CurrentVersion);
            ShardManifest manifest = root.As<ShardManifest>();
            try
            {
                Shards.Shard.Parse(manifest.Shard);
                manifest.Generality.Validate();
            }
            catch (Exception e) when (e is EvaluationException or ArgumentException)
            {
                throw new EvaluationException($"{path}: {e.Message}", e);
            }

            return manifest;
        });
    }

    /// <summary>Writes it in one piece.</summary>
    public void Save(string path) => AtomicFile.Write(path, Encoding.UTF8.GetBytes(JsonSerializer.Serialize(this, EvaluationJson.Indented.ShardManifest) + "\n"));

    /// <summary>What distinguishes another shard's settings from these, or null: beside the configuration, whose fingerprint tells of itself.</summary>
    public string? DifferenceFrom(ShardManifest other)
    {
        if (!Restorers.Select(r => (r.Name, r.Identity)).SequenceEqual(other.Restorers.Select(r => (r.Name, r.Identity))))
            return $"restorers {Names(other)} there, {Names(this)} here";
        if (!Restorers.SequenceEqual(other.Restorers))
            return "restorers of other descriptions";
        if (Text(Lines) != Text(other.Lines))
            return $"lines '{other.Label}' there, '{Label}' here{(Label == other.Label ? ", of other values" : "")}";
        return Generality != other.Generality ? "another comparison or other intervals" : null;
    }

    /// <summary>The lines.</summary>
    public QualityLines ToLines(string source) => Lines is null ? QualityLines.Input : QualityLines.FromDocument(Lines, source);

    private string Label => Lines?.Label ?? QualityLines.InputLabel;

    private static string Names(ShardManifest manifest) =>
        string.Join(", ", manifest.Restorers.Select(r => r.Identity is { Length: > 0 } identity ? $"{r.Name} ({identity[..Math.Min(8, identity.Length)]})" : r.Name));

    private static string? Text(QualityLinesJson? lines) => lines is null ? null : JsonSerializer.Serialize(lines, EvaluationJson.Compact.QualityLinesJson);
}

/// <summary>A restorer of a shard.</summary>
/// <param name="Name">Its name in results and reports.</param>
/// <param name="Description">One line about it.</param>
/// <param name="ParameterCount">Learned parameters.</param>
/// <param name="Identity">What tells it from others of its name.</param>
internal sealed record ShardRestorer(
    [property: JsonRequired] string Name, [property: JsonRequired] string Description, long ParameterCount = 0, string? Identity = null)
{
    public RestorerInfo ToInfo() => new(Name, Description) { ParameterCount = ParameterCount, Identity = Identity };
}

/// <summary>An image that a shard went on without.</summary>
/// <param name="Image">Its name.</param>
/// <param name="Reason">Why.</param>
internal sealed record ShardLeftOut([property: JsonRequired] string Image, [property: JsonRequired] string Reason);
