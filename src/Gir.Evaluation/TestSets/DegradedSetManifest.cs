using System.Text.Json.Serialization;
using Gir.Imaging.Text;

namespace Gir.Evaluation.TestSets;

/// <summary>The JSON form of a degraded set. Read as a file that anybody may have written.</summary>
/// <param name="Format">Always "gir-degraded-set".</param>
/// <param name="Version">Version of the form.</param>
/// <param name="Name">The set's name.</param>
/// <param name="Seed">Seed of the degradations.</param>
/// <param name="DepthEstimator">What estimated the depth of images that come without; null: nothing did.</param>
/// <param name="Tasks">What is done.</param>
/// <param name="Images">What it is done to.</param>
internal sealed record DegradedSetManifest(
    [property: JsonRequired] string Format,
    [property: JsonRequired] int Version,
    [property: JsonRequired] string Name,
    [property: JsonRequired] ulong Seed,
    string? DepthEstimator,
    [property: JsonRequired] IReadOnlyList<DegradedSetTask> Tasks,
    [property: JsonRequired] IReadOnlyList<DegradedSetImage> Images)
{
    public const string FormatName = "gir-degraded-set";
    public const int CurrentVersion = 1;

    private const int LongestName = 256;
    private const int MostTasks = 1000;
    private const int MostImages = 10_000;
    private const int HashLength = 64;
    private const string Kind = "a degraded set";

    public static DegradedSetManifest Read(string json, string source) => StrictJson.Read(json, EvaluationJson.Source(source, Kind), root =>
    {
        root.RequireFormat(Kind, FormatName, CurrentVersion);
        DegradedSetManifest manifest = root.As<DegradedSetManifest>();
        return manifest.Defect() is { } defect ? throw new EvaluationException($"{source}: {defect}") : manifest;
    });

    /// <summary>What is wrong, or null.</summary>
    public string? Defect()
    {
        if (Tasks.Count is < 1 or > MostTasks || Images.Count is < 1 or > MostImages)
            return $"{Tasks.Count} tasks, {Images.Count} images: expected 1..{MostTasks} and 1..{MostImages}.";
        if (Tasks.FirstOrDefault(t => t.Id.Length is 0 or > LongestName) is not null || Tasks.DistinctBy(t => t.Id).Count() != Tasks.Count)
            return $"tasks: expected distinct ids of 1..{LongestName} characters.";
        foreach (DegradedSetImage image in Images)
        {
            if (!IsPath(image.Name))
                return $"images: '{Suggestion.Shortened(image.Name)}': expected a relative path of plain names, joined by '/'.";
            if (image.Degraded.Count != Tasks.Count || !image.Degraded.Append(image.Hash.Split('+')[0]).All(IsHash))
                return $"images, '{image.Name}': expected SHA-256 hashes, {HashLength} hexadecimal digits in lower case, one for each of the {Tasks.Count} tasks.";
        }

        return Images.DistinctBy(i => i.Name).Count() == Images.Count ? null : "images: two have the same name.";
    }

    // Names become paths when the set is built: nothing of them may lead out of its folder.
    private static bool IsPath(string name) => name.Length is > 0 and <= LongestName
        && name.Split('/').All(part => part.Length > 0 && part.Trim('.', ' ').Length > 0 && part.IndexOfAny(['\\', ':', '\0']) < 0 && !part.Any(char.IsControl));

    private static bool IsHash(string text) => text.Length == HashLength && text.All(char.IsAsciiHexDigitLower);
}

/// <summary>A task of a degraded set.</summary>
/// <param name="Id">Unique id; random draws are made by it.</param>
/// <param name="Pipeline">The pipeline with all its parameters and settings, as <see cref="Gir.Degradations.DegradationPipeline.ToJson"/> writes it.</param>
internal sealed record DegradedSetTask([property: JsonRequired] string Id, [property: JsonRequired] string Pipeline);

/// <summary>An image of a degraded set.</summary>
/// <param name="Name">Its file, relative to the folder of clean images, with '/'; random draws are made by it.</param>
/// <param name="Hash">SHA-256 of shape and samples of the clean image, and after '+' of its depth where it came with one.</param>
/// <param name="Degraded">SHA-256 of the 8-bit samples of the degraded image, for each task.</param>
internal sealed record DegradedSetImage(
    [property: JsonRequired] string Name, [property: JsonRequired] string Hash, [property: JsonRequired] IReadOnlyList<string> Degraded);
