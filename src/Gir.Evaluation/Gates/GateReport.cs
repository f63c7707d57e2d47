using System.Text;
using System.Text.Json;
using Gir.Imaging.Files;

namespace Gir.Evaluation.Gates;

/// <summary>Restorers against a gate; equal results give equal reports, byte for byte in JSON.</summary>
/// <param name="Format">Always "gir-gate-report".</param>
/// <param name="FormatVersion">Version of the JSON form.</param>
/// <param name="Gate">The gate's name.</param>
/// <param name="Description">What the gate is for.</param>
/// <param name="Seed">Seed of the degradations.</param>
/// <param name="Images">Names of the images.</param>
/// <param name="Fingerprint">The configuration's fingerprint.</param>
/// <param name="Restorers">The restorers, in the order they were given.</param>
public sealed record GateReport(
    string Format,
    int FormatVersion,
    string Gate,
    string Description,
    ulong Seed,
    IReadOnlyList<string> Images,
    string Fingerprint,
    IReadOnlyList<GateVerdict> Restorers)
{
    internal const string FormatName = "gir-gate-report";
    internal const int CurrentFormatVersion = 1;

    /// <summary>Whether every restorer meets every line.</summary>
    public bool IsMet => Restorers.All(r => r.IsMet);

    /// <summary>The report as indented JSON: camel case, invariant culture, line feeds, one at the end; an infinite PSNR is the string "Infinity".</summary>
    public string ToJson() => JsonSerializer.Serialize(this, EvaluationJson.Indented.GateReport) + "\n";

    /// <summary>Writes the JSON beside the file, then renames it into place.</summary>
    /// <param name="path">The file; replaced where it exists.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Save(string path) => AtomicFile.Write(path, Encoding.UTF8.GetBytes(ToJson()));
}

/// <summary>One restorer against a gate.</summary>
/// <param name="Restorer">The restorer's name.</param>
/// <param name="Identity">What tells it from others of its name; null where the name says everything.</param>
/// <param name="Checks">The gate's lines.</param>
/// <param name="Tasks">All tasks that were measured, but for what was clean.</param>
/// <param name="Clean">What was clean, restored; empty where the gate does not ask for it.</param>
public sealed record GateVerdict(
    string Restorer, string? Identity, IReadOnlyList<GateCheck> Checks, IReadOnlyList<GateTaskResult> Tasks, IReadOnlyList<GateCleanResult> Clean)
{
    /// <summary>Whether every line is met.</summary>
    public bool IsMet => Checks.All(c => c.IsMet);
}

/// <summary>One line of a gate.</summary>
/// <param name="Line">What is asked, e.g. "worst gain of a task".</param>
/// <param name="Where">Where it was found, e.g. "4 (compression)".</param>
/// <param name="Found">What was found, dB.</param>
/// <param name="Bound">What it has to be at least, dB.</param>
public sealed record GateCheck(string Line, string Where, double Found, double Bound)
{
    /// <summary>Whether what was found is enough; NaN never is.</summary>
    public bool IsMet => Found >= Bound;
}

/// <summary>How a restorer did on a task, means over the images.</summary>
/// <param name="Task">The task's id.</param>
/// <param name="Operators">The operators' names, in the order of application.</param>
/// <param name="Input">PSNR of the degraded images, dB.</param>
/// <param name="Psnr">PSNR of the restored ones, dB.</param>
public sealed record GateTaskResult(string Task, IReadOnlyList<string> Operators, double Input, double Psnr)
{
    /// <summary>What was gained, dB; negative is harm.</summary>
    public double Gain => Psnr.Equals(Input) ? 0 : Psnr - Input;
}

/// <summary>How a clean image came back.</summary>
/// <param name="Image">The image's name.</param>
/// <param name="Psnr">PSNR of what the restorer made of it against itself, dB.</param>
public sealed record GateCleanResult(string Image, double Psnr);
