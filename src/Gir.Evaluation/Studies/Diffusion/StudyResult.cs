using System.Text;
using System.Text.Json;
using Gir.Imaging.Files;
using Gir.Imaging.Text;
using Gir.Metrics.Analysis;

namespace Gir.Evaluation.Studies.Diffusion;

/// <summary>What one system reached under one setting.</summary>
/// <param name="System">The system, e.g. "cldm-20".</param>
/// <param name="Setting">What it was given, e.g. "blur 1.5".</param>
/// <param name="Position">The setting as a number: blur in pixels, steps, a timestep; the place in the list where it is a word.</param>
/// <param name="Values">Means over the images with 95 % intervals, by name: psnr, ssim, deep, alignment, local, flips, and others of the experiment.</param>
public sealed record StudyRow(string System, string Setting, double Position, IReadOnlyDictionary<string, Estimate> Values);

/// <summary>The results of one experiment of a <see cref="DiffusionStudy"/>.</summary>
/// <param name="Experiment">Its name, one of <see cref="DiffusionStudy.Experiments"/>.</param>
/// <param name="Images">Scenes measured.</param>
/// <param name="Seeds">Sampling seeds.</param>
/// <param name="Notes">What was found beside the rows, and what they mean, a sentence each.</param>
/// <param name="Rows">The rows.</param>
/// <remarks>Immutable and safe for concurrent use.</remarks>
public sealed record StudyResult(string Experiment, int Images, int Seeds, IReadOnlyList<string> Notes, IReadOnlyList<StudyRow> Rows)
{
    private const string Kind = "a result of a diffusion study";
    private const string Mark = "gir-diffusion-study";
    private const int KnownVersion = 1;

    /// <summary>The mark of the format.</summary>
    public string Format { get; init; } = Mark;

    /// <summary>The format's version.</summary>
    public int Version { get; init; } = KnownVersion;

    /// <summary>The size of the study that the rows belong to; another size is another result.</summary>
    public string Size { get; init; } = "";

    /// <summary>Reads a result.</summary>
    /// <param name="path">A file that the study wrote.</param>
    /// <exception cref="EvaluationException">The file is no such result.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static StudyResult Load(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return StrictJson.Read(File.ReadAllText(path), EvaluationJson.Source(path, Kind), json =>
        {
            json.RequireFormat(Kind, Mark, KnownVersion);
            return json.As<StudyResult>();
        });
    }

    internal void Save(string path) => AtomicFile.Write(path, Encoding.UTF8.GetBytes(JsonSerializer.Serialize(this, EvaluationJson.Indented.StudyResult) + "\n"));
}
