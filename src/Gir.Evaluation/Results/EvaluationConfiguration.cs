using System.Security.Cryptography;
using System.Text.Json;
using Gir.Degradations.Tasks;

namespace Gir.Evaluation.Results;

/// <summary>Everything that a score depends on beside the restorer: results of two configurations must not be mixed.</summary>
/// <param name="Version">Version of the library that made the results, whose algorithms define the degradations.</param>
/// <param name="Seed">The benchmark's seed.</param>
/// <param name="Tasks">The tasks, in report order.</param>
/// <param name="Images">The clean images, in report order.</param>
/// <param name="Metrics">The metrics, in report order.</param>
/// <param name="DepthEstimator">Name of what estimates the depth of images that have none; null where nothing does.</param>
public sealed record EvaluationConfiguration(
    string Version,
    ulong Seed,
    IReadOnlyList<EvaluatedTask> Tasks,
    IReadOnlyList<EvaluatedImage> Images,
    IReadOnlyList<EvaluatedMetric> Metrics,
    string? DepthEstimator = null)
{
    /// <summary>SHA-256 of the configuration's canonical JSON, in lower-case hexadecimal.</summary>
    public string Fingerprint() =>
        Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(this, EvaluationJson.Compact.EvaluationConfiguration)));

    /// <summary>
    /// SHA-256 of the seed and of the images' names and hashes, in lower-case hexadecimal: what a <see cref="TestSets.TestSet"/> is known by.
    /// </summary>
    public string ImagesHash() => HashOfImages(Seed, Images);

    internal static string HashOfImages(ulong seed, IReadOnlyList<EvaluatedImage> images) =>
        Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(new EvaluatedImages(seed, images), EvaluationJson.Compact.EvaluatedImages)));

    /// <summary>What distinguishes another configuration from this one, one phrase per difference; empty where they are equal.</summary>
    /// <param name="other">The configuration to compare with; called "there", this one is "here".</param>
    public IReadOnlyList<string> DifferencesFrom(EvaluationConfiguration other)
    {
        ArgumentNullException.ThrowIfNull(other);
        var differences = new List<string>();
        if (Version != other.Version)
            differences.Add($"version {other.Version} there, {Version} here");
        if (Seed != other.Seed)
            differences.Add($"seed {other.Seed} there, {Seed} here");
        if (DepthEstimator != other.DepthEstimator)
            differences.Add($"depth estimator {other.DepthEstimator ?? "none"} there, {DepthEstimator ?? "none"} here");
        Compare(differences, "task", other.Tasks, Tasks, t => t.Id, t => t.Definition + " " + string.Join(' ', t.Operators) + " " + t.Group);
        Compare(differences, "image", other.Images, Images, i => i.Name, i => i.Hash);
        Compare(differences, "metric", other.Metrics, Metrics, m => m.Name, m => m.Convention + m.HigherIsBetter);
        return differences;
    }

    private static void Compare<T>(
        List<string> differences, string kind, IReadOnlyList<T> there, IReadOnlyList<T> here, Func<T, string> name, Func<T, string> content)
    {
        int before = differences.Count;
        string[] onlyThere = [.. there.Select(name).Except(here.Select(name))];
        string[] onlyHere = [.. here.Select(name).Except(there.Select(name))];
        if (onlyThere.Length > 0)
            differences.Add($"{kind}s only there: {Some(onlyThere)}");
        if (onlyHere.Length > 0)
            differences.Add($"{kind}s only here: {Some(onlyHere)}");
        ILookup<string, string> contents = there.ToLookup(name, content);
        string[] changed = [.. here.Where(item => contents[name(item)].Any() && !contents[name(item)].Contains(content(item))).Select(name)];
        if (changed.Length > 0)
            differences.Add($"{kind}s that changed: {Some(changed)}");
        if (differences.Count == before && !there.Select(name).SequenceEqual(here.Select(name)))
            differences.Add($"{kind}s in another order");
    }

    private static string Some(string[] names) =>
        string.Join(", ", names.Take(5)) + (names.Length > 5 ? $" and {names.Length - 5} more" : "");
}

/// <summary>A task as the results know it.</summary>
/// <param name="Id">Unique id, e.g. "17".</param>
/// <param name="Definition">The pipeline as an expression with all its parameters and its quantization.</param>
/// <param name="Operators">The operators' names in the order of application; empty where they are not known.</param>
/// <param name="Group">Which set the task belongs to.</param>
public sealed record EvaluatedTask(string Id, string Definition, IReadOnlyList<string> Operators, DegradationTaskGroup Group)
{
    /// <summary>The order k: how many operators are composed; 0 where they are not known.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public int Order => Operators.Count;
}

/// <summary>A clean image as the results know it.</summary>
/// <param name="Name">Unique name.</param>
/// <param name="Hash">Hash of its content, and of whatever else its degradation depends on, such as depth.</param>
public sealed record EvaluatedImage(string Name, string Hash);

/// <summary>A metric as the results know it.</summary>
/// <param name="Name">Unique name, e.g. "psnr".</param>
/// <param name="Convention">Color, crop, range and variant in words.</param>
/// <param name="HigherIsBetter">The direction; false as well where <see cref="ZeroIsBest"/>.</param>
/// <param name="ZeroIsBest">Whether values have a sign, and the best one is none: "detail", "sharpness".</param>
public sealed record EvaluatedMetric(
    string Name,
    string Convention,
    bool HigherIsBetter,
    [property: System.Text.Json.Serialization.JsonIgnore(Condition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingDefault)] bool ZeroIsBest = false);

/// <summary>Images and the seed of what is done to them: the part of a configuration that a test set fixes.</summary>
internal sealed record EvaluatedImages(ulong Seed, IReadOnlyList<EvaluatedImage> Images);
