using System.Text;
using System.Text.Json;
using Gir.Evaluation.Results;
using Gir.Imaging.Files;

namespace Gir.Evaluation.RealWorld;

/// <summary>How restorers fare on real images, by type, in the layout of the GIR paper's Table 3: a row for each restorer, a column for each type.</summary>
/// <param name="Format">Always "gir-real-world-report".</param>
/// <param name="FormatVersion">Version of the JSON form.</param>
/// <param name="Metrics">What was measured; those with a reference over the images that have one.</param>
/// <param name="Types">The types, in order.</param>
/// <param name="Restorers">The images as they are ("input"), then the restorers in the order they were given.</param>
public sealed record RealWorldReport(
    string Format, int FormatVersion, IReadOnlyList<EvaluatedMetric> Metrics, IReadOnlyList<RealWorldTypeCount> Types, IReadOnlyList<RealWorldResult> Restorers)
{
    internal const string FormatName = "gir-real-world-report";
    internal const int CurrentFormatVersion = 1;

    /// <summary>The groups of types, in order; empty where there are none.</summary>
    public IReadOnlyList<string> Groups => [.. Types.Select(t => t.Group).OfType<string>().Distinct(StringComparer.Ordinal)];

    /// <summary>The mean over types, each counting the same however many images it has, of those that have a value; NaN where none has.</summary>
    /// <param name="result">One of <see cref="Restorers"/>.</param>
    /// <param name="metric">The metric's name.</param>
    /// <param name="group">Over the types of this group; null: over all.</param>
    public double Average(RealWorldResult result, string metric, string? group = null)
    {
        ArgumentNullException.ThrowIfNull(result);
        return result.ByType.Zip(Types)
            .Where(p => group is null || p.Second.Group == group)
            .Select(p => p.First[metric])
            .Where(v => !double.IsNaN(v))
            .DefaultIfEmpty(double.NaN)
            .Average();
    }

    /// <summary>The report as indented JSON: camel case, invariant culture, line feeds, one at the end; a mean of nothing is the string "NaN".</summary>
    public string ToJson() => JsonSerializer.Serialize(this, EvaluationJson.Indented.RealWorldReport) + "\n";

    /// <summary>Writes the JSON beside the file, then renames it into place.</summary>
    /// <param name="path">The file; replaced where it exists.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Save(string path) => AtomicFile.Write(path, Encoding.UTF8.GetBytes(ToJson()));
}

/// <summary>A type and how many images of it were evaluated.</summary>
/// <param name="Name">The type.</param>
/// <param name="Group">Its group, or null.</param>
/// <param name="Images">How many images.</param>
/// <param name="References">How many of them have a ground truth.</param>
public sealed record RealWorldTypeCount(string Name, string? Group, int Images, int References);

/// <summary>How one restorer did.</summary>
/// <param name="Restorer">Its name; "input" for the images as they are.</param>
/// <param name="Identity">What tells it from others of its name; null where the name says everything.</param>
/// <param name="ByType">For each type the means over its images, by metric; NaN where none could be measured.</param>
public sealed record RealWorldResult(string Restorer, string? Identity, IReadOnlyList<IReadOnlyDictionary<string, double>> ByType);
