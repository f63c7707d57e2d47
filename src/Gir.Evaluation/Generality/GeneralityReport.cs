using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Gir.Evaluation.Lines;
using Gir.Evaluation.Results;
using Gir.Imaging.Files;
using Gir.Imaging.Text;
using Gir.Metrics.Analysis;
using Gir.Models.Restoration;

namespace Gir.Evaluation.Generality;

/// <summary>How general every restorer of a comparison is.</summary>
/// <remarks>
/// Equal results give equal reports, byte for byte in JSON, whatever threads made them and however often the run was
/// interrupted. An infinite PSNR (an image restored exactly) is the JSON string "Infinity", a mean of nothing that could be measured "NaN".
/// </remarks>
/// <param name="Format">Always "gir-report".</param>
/// <param name="FormatVersion">Version of the JSON form.</param>
/// <param name="Configuration">What was run.</param>
/// <param name="Fingerprint">The configuration's fingerprint.</param>
/// <param name="Lines">The lines that the rates are held against.</param>
/// <param name="Comparison">What reaching a line means: "&gt;=" or "&gt;".</param>
/// <param name="Bootstrap">How the intervals were made; null where there are none.</param>
/// <param name="Input">The degraded images themselves, as if returned unchanged: the reference for all others.</param>
/// <param name="Restorers">The restorers, in the order they were given.</param>
public sealed record GeneralityReport(
    string Format,
    int FormatVersion,
    EvaluationConfiguration Configuration,
    string Fingerprint,
    LinesDescription Lines,
    string Comparison,
    BootstrapDescription? Bootstrap,
    RestorerGenerality Input,
    IReadOnlyList<RestorerGenerality> Restorers)
{
    internal const string FormatName = "gir-report";
    internal const int CurrentFormatVersion = 1;

    private const string Kind = "a report";

    /// <summary>The PSNR metric's name: the one that the rates are made of.</summary>
    public const string PsnrName = "psnr";

    /// <summary>Computes the report of complete results.</summary>
    /// <param name="results">Results of <see cref="ResultRecord.InputName"/> and of every restorer on every task and image.</param>
    /// <param name="restorers">The restorers to report, in report order.</param>
    /// <param name="lines">The lines to hold them against; null: <see cref="QualityLines.Input"/>.</param>
    /// <param name="options">Comparison and bootstrap; null means the defaults.</param>
    /// <exception cref="EvaluationException">
    /// A result is missing, PSNR was not measured, a task (or, where tasks may lack one, every task) has no line, or the lines were made on other images.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range.</exception>
    public static GeneralityReport From(
        ResultStore results, IReadOnlyList<RestorerInfo> restorers, QualityLines? lines = null, GeneralityOptions? options = null) =>
        new GeneralityCalculator(results, lines ?? QualityLines.Input, options ?? GeneralityOptions.Default).Report(restorers);

    /// <summary>The report as indented JSON: camel case, invariant culture, line feeds, one at the end.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, EvaluationJson.Indented.GeneralityReport) + "\n";

    /// <summary>Reads a report back.</summary>
    /// <param name="json">What <see cref="ToJson"/> wrote; it need not be trusted.</param>
    /// <param name="source">What to call the text in errors, e.g. its file.</param>
    /// <exception cref="EvaluationException">The text is not a report of this version; the message tells source, place, finding and expectation.</exception>
    public static GeneralityReport FromJson(string json, string source = "report")
    {
        ArgumentNullException.ThrowIfNull(json);
        ArgumentNullException.ThrowIfNull(source);
        return StrictJson.Read(json, EvaluationJson.Source(source, Kind), root =>
        {
            root.RequireFormat(Kind, FormatName, CurrentFormatVersion, "formatVersion");
            return root.As<GeneralityReport>();
        });
    }

    /// <summary>Writes the JSON beside the file, then renames it into place: a reader sees the old file or the new one, never half of one.</summary>
    /// <param name="path">The file; replaced where it exists.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Save(string path) => AtomicFile.Write(path, Encoding.UTF8.GetBytes(ToJson()));
}

/// <summary>Which lines a report is held against.</summary>
/// <param name="Label">The lines' label, e.g. "input".</param>
/// <param name="Provenance">Where they come from.</param>
/// <param name="Tasks">The lines themselves, in the tasks' order, without those that have none.</param>
/// <param name="TestSet">The images that they were made on; null where that is not known, or where they follow the input.</param>
/// <param name="IsReduced">Whether the networks behind them were trained with less than the paper's settings.</param>
/// <param name="Settings">How those networks were trained; null where nothing is known.</param>
/// <param name="Warning">What has to be said of rates by these lines (<see cref="QualityLines.Warning"/>); null: nothing.</param>
public sealed record LinesDescription(
    string Label,
    string Provenance,
    IReadOnlyList<TaskLine> Tasks,
    LinesTestSet? TestSet = null,
    bool IsReduced = false,
    IReadOnlyDictionary<string, string>? Settings = null,
    string? Warning = null);

/// <summary>A task's line.</summary>
/// <param name="Task">The task's id.</param>
/// <param name="Acceptance">Acceptance line, dB.</param>
/// <param name="Excellence">Excellence line, dB.</param>
public sealed record TaskLine(string Task, double Acceptance, double Excellence);

/// <summary>How intervals were made: percentiles over resamples of the images, the same resamples for every restorer.</summary>
/// <param name="Resamples">Number of resamples.</param>
/// <param name="Confidence">Share of them inside an interval.</param>
/// <param name="Seed">Seed of the drawing.</param>
public sealed record BootstrapDescription(int Resamples, double Confidence, ulong Seed);

/// <summary>Rates and mean PSNR over some of the tasks.</summary>
/// <param name="Name">What they have in common, e.g. "k=2" or "noise".</param>
/// <param name="Tasks">How many tasks.</param>
/// <param name="AcceptanceRate">AR over those that have a line, 0..1; null where none has.</param>
/// <param name="ExcellenceRate">ER over those that have a line, 0..1; null where none has.</param>
/// <param name="Psnr">Mean PSNR over all of them, dB.</param>
/// <param name="AcceptanceMargin">Mean distance of a task's PSNR from its acceptance line, dB; positive is above. Null where no task has a line.</param>
public sealed record TaskSubset(
    string Name, int Tasks, double? AcceptanceRate, double? ExcellenceRate, double Psnr, double? AcceptanceMargin)
{
    /// <summary>How many of the tasks have no line.</summary>
    public int WithoutLine { get; init; }
}

/// <summary>How one restorer did on one task.</summary>
/// <param name="Task">The task's id.</param>
/// <param name="Means">Mean over the images, by metric name.</param>
/// <param name="AcceptanceMargin">Mean PSNR minus acceptance line, dB; this and all that follows is null where the task has no line.</param>
/// <param name="ExcellenceMargin">Mean PSNR minus excellence line, dB.</param>
/// <param name="Accepted">Whether the acceptance line is reached.</param>
/// <param name="Excellent">Whether the excellence line is reached.</param>
/// <param name="Preference">
/// The acceptance margin minus the restorer's own mean over all tasks, dB: positive where the restorer favors the task at the cost of others.
/// </param>
public sealed record TaskOutcome(
    string Task,
    IReadOnlyDictionary<string, double> Means,
    double? AcceptanceMargin,
    double? ExcellenceMargin,
    bool? Accepted,
    bool? Excellent,
    double? Preference);

/// <summary>What is lost from the representative tasks to those drawn at random: representative minus cross-validation.</summary>
/// <param name="AcceptanceRate">Difference of AR; null, as the other two, where either set has no task with a line.</param>
/// <param name="ExcellenceRate">Difference of ER.</param>
/// <param name="Psnr">Difference of mean PSNR, dB.</param>
/// <param name="AcceptanceMargin">Difference of the mean margins to the acceptance lines, dB.</param>
public sealed record CrossValidationGap(double? AcceptanceRate, double? ExcellenceRate, double Psnr, double? AcceptanceMargin);

/// <summary>How general one restorer is.</summary>
/// <param name="Name">The restorer's name.</param>
/// <param name="Description">One line about it.</param>
/// <param name="ParameterCount">Learned parameters.</param>
/// <param name="AcceptanceRate">AR, 0..1.</param>
/// <param name="ExcellenceRate">ER, 0..1.</param>
/// <param name="Averages">Mean over tasks and images, by metric name.</param>
/// <param name="Tasks">Every task, in the configuration's order.</param>
/// <param name="ByOrder">By the number of composed operators, ascending.</param>
/// <param name="ByOperator">By operator, in order of first appearance; a task counts for each of its operators once.</param>
/// <param name="ByGroup">By set of tasks.</param>
/// <param name="Gap">Representative minus cross-validation; null unless both were run.</param>
/// <param name="Identity">What tells the restorer from others of its name, e.g. a hash of its weights; null where the name says everything.</param>
public sealed record RestorerGenerality(
    string Name,
    string Description,
    long ParameterCount,
    Estimate AcceptanceRate,
    Estimate ExcellenceRate,
    IReadOnlyDictionary<string, Estimate> Averages,
    IReadOnlyList<TaskOutcome> Tasks,
    IReadOnlyList<TaskSubset> ByOrder,
    IReadOnlyList<TaskSubset> ByOperator,
    IReadOnlyList<TaskSubset> ByGroup,
    CrossValidationGap? Gap,
    string? Identity = null)
{
    /// <summary>
    /// How many results a metric could not measure, by its name, e.g. NIQE of flat images; means and averages are over the others. Null where every metric
    /// measured all.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, int>? NotMeasured { get; init; }

    /// <summary>By category of scene, where images are named "category/name", in order of first appearance; null where none is.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<CategoryOutcome>? ByCategory { get; init; }
}

/// <summary>How a restorer did on the images of one category, over all tasks.</summary>
/// <param name="Name">The category: the image's name up to its last '/'; empty for images without.</param>
/// <param name="Images">How many images.</param>
/// <param name="AcceptanceRate">AR over the tasks that have a line, 0..1; lines that follow the input follow that of these images.</param>
/// <param name="Means">Mean over tasks and images, by metric.</param>
public sealed record CategoryOutcome(string Name, int Images, double AcceptanceRate, IReadOnlyDictionary<string, double> Means);
