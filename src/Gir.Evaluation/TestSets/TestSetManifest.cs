using System.Text.Json;
using System.Text.Json.Serialization;
using Gir.Degradations.Tasks;
using Gir.Imaging.Text;

namespace Gir.Evaluation.TestSets;

/// <summary>The JSON form of a test set: seeds, and what they must lead to. Read as a file that anybody may have written.</summary>
/// <param name="Format">Always "gir-test-set".</param>
/// <param name="Version">Version of the form.</param>
/// <param name="Name">The set's name.</param>
/// <param name="Height">Rows of a scene.</param>
/// <param name="Width">Columns of a scene.</param>
/// <param name="Seed">Seed of the degradations.</param>
/// <param name="CrossValidationSeed">Seed of the cross-validation tasks.</param>
/// <param name="Scenes">The scenes.</param>
/// <param name="Representative">Task n of the 50 representative ones on scene 1 + (n - 1) mod N: SHA-256 of the degraded image.</param>
/// <param name="CrossValidation">The same for the 50 cross-validation tasks.</param>
internal sealed record TestSetManifest(
    [property: JsonRequired] string Format,
    [property: JsonRequired] int Version,
    [property: JsonRequired] string Name,
    [property: JsonRequired] int Height,
    [property: JsonRequired] int Width,
    [property: JsonRequired] ulong Seed,
    [property: JsonRequired] ulong CrossValidationSeed,
    [property: JsonRequired] IReadOnlyList<TestSceneManifest> Scenes,
    [property: JsonRequired] IReadOnlyList<string> Representative,
    [property: JsonRequired] IReadOnlyList<string> CrossValidation)
{
    public const string FormatName = "gir-test-set";
    public const int CurrentVersion = 1;

    private const int LongestName = 64;
    private const int MostScenes = 256;
    private const int SmallestSide = 16;
    private const int LargestSide = 4096;
    private const long MostPixels = 1 << 24;
    private const int HashLength = 64;

    private const string Kind = "a test set";

    public static TestSetManifest Read(string json, string source) => StrictJson.Read(json, EvaluationJson.Source(source, Kind), root =>
    {
        root.RequireFormat(Kind, FormatName, CurrentVersion);
        TestSetManifest manifest = root.As<TestSetManifest>();
        return manifest.Defect() is { } defect ? throw new EvaluationException($"{source}: {defect}") : manifest;
    });

    public string Write() => JsonSerializer.Serialize(this, EvaluationJson.Indented.TestSetManifest) + "\n";

    /// <summary>What is wrong with a definition, or null.</summary>
    public static string? Defect(string? name, int height, int width, int scenes)
    {
        if (!IsName(name))
            return $"name: expected 1 to {LongestName} letters, digits, '-', '_' and '.'.";
        if (height is < SmallestSide or > LargestSide || width is < SmallestSide or > LargestSide)
            return $"size {height} x {width}: expected height and width in {SmallestSide}..{LargestSide}.";
        if (scenes is < 1 or > MostScenes)
            return $"{scenes} scenes: expected 1..{MostScenes}.";
        return (long)scenes * height * width > MostPixels
            ? $"{scenes} scenes of {height} x {width}: expected at most {MostPixels} pixels in all."
            : null;
    }

    private static bool IsName(string? name) =>
        name is { Length: > 0 and <= LongestName } && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.');

    private string? Defect()
    {
        if (Defect(Name, Height, Width, Scenes.Count) is { } defect)
            return defect;
        for (int i = 0; i < Scenes.Count; i++)
        {
            TestSceneManifest scene = Scenes[i];
            if (!IsName(scene.Name))
                return $"scenes[{i}]: expected a scene with a name of 1 to {LongestName} letters, digits, '-', '_' and '.'.";
            if (!IsHash(scene.Image) || !IsHash(scene.Depth))
                return $"scenes[{i}], '{scene.Name}': expected SHA-256 hashes, {HashLength} hexadecimal digits in lower case.";
        }

        if (Scenes.Select(s => s.Name).Distinct(StringComparer.Ordinal).Count() != Scenes.Count)
            return "scenes: two have the same name.";
        return Defect("representative", Representative) ?? Defect("crossValidation", CrossValidation);
    }

    private static string? Defect(string property, IReadOnlyList<string> hashes)
    {
        int count = RepresentativeTasks.All.Count;
        return hashes.Count == count && hashes.All(IsHash)
            ? null
            : $"{property}: expected {count} SHA-256 hashes, {HashLength} hexadecimal digits in lower case each.";
    }

    private static bool IsHash(string text) => text.Length == HashLength && text.All(char.IsAsciiHexDigitLower);
}

/// <summary>A scene of a test set.</summary>
/// <param name="Name">Unique name; random draws of the degradations are made by it.</param>
/// <param name="Seed">The scene's seed.</param>
/// <param name="Image">SHA-256 of its 8-bit RGB samples, interleaved, row by row.</param>
/// <param name="Depth">SHA-256 of its depth, row by row, float32 in little-endian order.</param>
internal sealed record TestSceneManifest(
    [property: JsonRequired] string Name,
    [property: JsonRequired] ulong Seed,
    [property: JsonRequired] string Image,
    [property: JsonRequired] string Depth);
