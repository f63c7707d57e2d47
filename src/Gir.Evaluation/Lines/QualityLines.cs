using System.Text.Json;
using Gir.Evaluation.Results;
using Gir.Imaging;
using Gir.Imaging.Text;

namespace Gir.Evaluation.Lines;

/// <summary>The acceptance and excellence line of every task, and where they come from.</summary>
/// <remarks>
/// <para>Acceptance and excellence rates mean nothing without their lines: the label is part of every report.</para>
/// <para>The JSON form, in dB of mean PSNR over the images of a task:</para>
/// <code>
/// {
///   "label": "my lines",
///   "provenance": "per-task networks of 2024, Kodak, seed 0",
///   "testSet": { "name": "my set", "hash": "5a89.." },
///   "images": "24 photographs of Kodak",
///   "reduced": true,
///   "settings": { "acceptance": "SRCNN, 2000 iterations", "excellence": "SRResNet, 2000 iterations" },
///   "lines": {
///     "1": { "acceptance": 25.33, "excellence": 26.10 },
///     "2": { "acceptance": 30.74, "excellence": 32.41 }
///   }
/// }
/// </code>
/// <para>Only "label" and "lines" must be there.</para>
/// <para>Immutable and safe for concurrent use.</para>
/// </remarks>
public sealed class QualityLines
{
    /// <summary>The label of <see cref="Input"/>.</summary>
    public const string InputLabel = "input";

    /// <summary>How far the excellence line of <see cref="Input"/> lies above its acceptance line, in dB.</summary>
    public const double InputExcellenceMargin = 3;

    // Ten thousands of tasks.
    private const int LongestFile = 1 << 22;

    private const string GirResource = "Gir.Evaluation.Lines.gir-scenes-v1.lines.json";

    private static readonly Lazy<QualityLines?> s_gir = new(() => FromResource(GirResource));

    private readonly OrderedDictionary<string, QualityLine>? _lines;

    private QualityLines(string label, LinesOrigin origin, OrderedDictionary<string, QualityLine>? lines)
    {
        Label = label;
        Origin = origin;
        _lines = lines;
    }

    /// <summary>
    /// Lines made from the degraded images themselves: a task's acceptance line is the mean PSNR of its unrestored images, its
    /// excellence line is 3 dB above.
    /// </summary>
    /// <remarks>
    /// The default where no networks trained for single tasks are at hand to draw lines from. Doing nothing then meets every
    /// acceptance line exactly, so the identity's acceptance rate is 1 by <see cref="LineComparison.AtLeast"/> and 0 by
    /// <see cref="LineComparison.Strict"/>; it is the reference to compare with, not an achievement. Rates by these lines
    /// must not be compared with published ones.
    /// </remarks>
    public static QualityLines Input { get; } = new(
        InputLabel,
        new LinesOrigin { Provenance = "acceptance: the degraded image's own mean PSNR on the task; excellence: 3 dB above it" },
        null);

    /// <summary>
    /// Our own lines on <see cref="TestSets.TestSet.Standard"/>, from networks trained for single tasks with the settings that
    /// <see cref="Origin"/> tells. Null in a build that carries none.
    /// </summary>
    public static QualityLines? Gir => s_gir.Value;

    /// <summary>A short name for tables, e.g. "input".</summary>
    public string Label { get; }

    /// <summary>Where the lines come from, in words; may be empty.</summary>
    public string Provenance => Origin.Provenance;

    /// <summary>Where the lines come from, and which images they hold for.</summary>
    public LinesOrigin Origin { get; }

    /// <summary>Whether the lines follow the degraded images' own PSNR instead of being fixed.</summary>
    public bool AreRelativeToInput => _lines is null;

    /// <summary>The tasks that have a fixed line, in the order given; empty where the lines are relative to the input.</summary>
    public IReadOnlyList<string> TaskIds => _lines is null ? [] : [.. _lines.Keys];

    /// <summary>Fixed lines.</summary>
    /// <param name="label">A short name for tables.</param>
    /// <param name="lines">Lines by task id.</param>
    /// <param name="provenance">Where they come from, in words.</param>
    /// <exception cref="ArgumentException">The label is blank, a line is not finite, or an excellence line is below its acceptance line.</exception>
    public static QualityLines Fixed(string label, IReadOnlyDictionary<string, QualityLine> lines, string provenance = "")
    {
        ArgumentNullException.ThrowIfNull(provenance);
        return Fixed(label, lines, new LinesOrigin { Provenance = provenance });
    }

    /// <summary>Fixed lines.</summary>
    /// <param name="label">A short name for tables.</param>
    /// <param name="lines">Lines by task id.</param>
    /// <param name="origin">Where they come from, and which images they hold for.</param>
    /// <exception cref="ArgumentException">The label is blank, a line is not finite, or an excellence line is below its acceptance line.</exception>
    public static QualityLines Fixed(string label, IReadOnlyDictionary<string, QualityLine> lines, LinesOrigin origin)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(label);
        ArgumentNullException.ThrowIfNull(lines);
        ArgumentNullException.ThrowIfNull(origin);
        foreach ((string task, QualityLine line) in lines)
        {
            if (Defect(line) is { } defect)
                throw new ArgumentException($"Task '{task}': {defect}", nameof(lines));
        }

        return new QualityLines(label, origin, new OrderedDictionary<string, QualityLine>(lines, StringComparer.Ordinal));
    }

    /// <summary>Reads lines from a file.</summary>
    /// <param name="path">A JSON file in the documented form.</param>
    /// <exception cref="EvaluationException">The file is not in that form.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static QualityLines Load(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        using FileStream file = File.OpenRead(path);
        string text = BoundedText.Read(file, LongestFile) ?? throw new EvaluationException($"{path}: not a lines file: expected at most {LongestFile} bytes.");
        return FromJson(text, path);
    }

    /// <summary>Reads lines from JSON text.</summary>
    /// <param name="json">Text in the documented form.</param>
    /// <param name="source">What to call the text in errors, e.g. its file.</param>
    /// <exception cref="EvaluationException">The text is not in that form.</exception>
    public static QualityLines FromJson(string json, string source = "lines")
    {
        ArgumentNullException.ThrowIfNull(json);
        ArgumentNullException.ThrowIfNull(source);
        return FromDocument(StrictJson.Read(json, EvaluationJson.Source(source, "a lines file"), root => root.As<QualityLinesJson>()), source);
    }

    /// <summary>Lines as they stand in a file.</summary>
    /// <exception cref="EvaluationException">They are not in the documented form.</exception>
    internal static QualityLines FromDocument(QualityLinesJson document, string source)
    {
        if (string.IsNullOrWhiteSpace(document.Label) || document.Lines is null)
        {
            throw new EvaluationException(
                $"{source}: not a lines file: expected {{\"label\": ..., \"lines\": {{\"TASK\": {{\"acceptance\": dB, \"excellence\": dB}}}}}}.");
        }

        foreach ((string task, QualityLine line) in document.Lines)
        {
            if (Defect(line) is { } defect)
                throw new EvaluationException($"{source}: task '{task}': {defect}");
        }

        if (document.TestSet is { } set && (string.IsNullOrWhiteSpace(set.Name) || string.IsNullOrWhiteSpace(set.Hash)))
            throw new EvaluationException($"{source}: testSet: expected a name and a hash.");
        return Fixed(document.Label, document.Lines, new LinesOrigin
        {
            Provenance = document.Provenance ?? "",
            TestSet = document.TestSet,
            Images = document.Images,
            IsReduced = document.Reduced ?? false,
            Settings = document.Settings ?? new Dictionary<string, string>(),
        });
    }

    /// <summary>Lines of several trainings as one: a training of lines may be shared out by tasks.</summary>
    /// <param name="parts">Fixed lines on the same images, at least one; a task may stand in several of them if its lines are equal. Settings that differ are kept with the tasks that they are of.</param>
    /// <exception cref="EvaluationException">Labels or images differ, or a task has other lines in another part; the message names both.</exception>
    /// <exception cref="ArgumentException">There is nothing to merge, or lines are relative to the input.</exception>
    public static QualityLines Merge(IReadOnlyList<QualityLines> parts)
    {
        ArgumentNullException.ThrowIfNull(parts);
        if (parts.Count == 0 || parts.Any(p => p.AreRelativeToInput))
            throw new ArgumentException("Expected at least one set of fixed lines.", nameof(parts));
        QualityLines first = parts[0];
        var lines = new SortedDictionary<string, QualityLine>(TaskOrder.Instance);
        foreach (QualityLines part in parts)
        {
            Require(part.Label == first.Label, "label", part.Label, first.Label);
            Require(part.Origin.TestSet == first.Origin.TestSet, "test set", part.Origin.TestSet?.ToString(), first.Origin.TestSet?.ToString());
            Require(part.Origin.Images == first.Origin.Images, "images", part.Origin.Images, first.Origin.Images);
            foreach ((string task, QualityLine line) in part._lines!)
            {
                if (!lines.TryAdd(task, line) && lines[task] != line)
                    throw new EvaluationException(FormattableString.Invariant($"Task '{task}' has the lines {lines[task].Acceptance} and {lines[task].Excellence} dB in one file, {line.Acceptance} and {line.Excellence} dB in another; expected one training of each task."));
            }
        }

        return Fixed(first.Label, lines, first.Origin with { IsReduced = parts.Any(p => p.Origin.IsReduced), Settings = MergedSettings(parts) });

        static void Require(bool holds, string what, string? found, string? expected)
        {
            if (!holds)
                throw new EvaluationException($"Lines with the {what} '{found ?? "unknown"}' and '{expected ?? "unknown"}' are no lines of one kind.");
        }
    }

    /// <summary>What all parts say alike, as it is; what differs, with the tasks that it is said of.</summary>
    private static Dictionary<string, string> MergedSettings(IReadOnlyList<QualityLines> parts)
    {
        var merged = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string name in parts.SelectMany(p => p.Origin.Settings.Keys).Distinct())
        {
            IGrouping<string?, QualityLines>[] values = [.. parts.GroupBy(p => p.Origin.Settings.GetValueOrDefault(name))];
            foreach (IGrouping<string?, QualityLines> value in values.Where(v => v.Key is not null))
            {
                string tasks = string.Join(", ", value.SelectMany(p => p.TaskIds).Distinct().Order(TaskOrder.Instance));
                merged.TryAdd(values.Length == 1 ? name : $"{name}, {(tasks.Length == 0 ? "no task" : "tasks " + tasks)}", value.Key!);
            }
        }

        return merged;
    }

    /// <summary>The lines as JSON in the documented form, tasks in the order given.</summary>
    /// <exception cref="InvalidOperationException">The lines are relative to the input: they have no numbers of their own.</exception>
    public string ToJson() => JsonSerializer.Serialize(ToDocument(), EvaluationJson.Indented.QualityLinesJson) + "\n";

    /// <summary>The lines as they stand in a file.</summary>
    /// <exception cref="InvalidOperationException">The lines are relative to the input: they have no numbers of their own.</exception>
    internal QualityLinesJson ToDocument() => _lines is null
        ? throw new InvalidOperationException("Lines relative to the input have no numbers to write.")
        : new QualityLinesJson(
            Label,
            Provenance.Length > 0 ? Provenance : null,
            Origin.TestSet,
            Origin.Images,
            Origin.IsReduced ? true : null,
            Origin.Settings.Count > 0 ? Origin.Settings : null,
            _lines);

    /// <summary>Whether <see cref="At"/> has an answer for a task.</summary>
    public bool Covers(string taskId) => _lines is null || _lines.ContainsKey(taskId);

    /// <summary>The line of a task.</summary>
    /// <param name="taskId">The task.</param>
    /// <param name="inputPsnr">Mean PSNR in dB of the task's degraded images; fixed lines ignore it.</param>
    /// <exception cref="EvaluationException">There is no line for the task.</exception>
    public QualityLine At(string taskId, double inputPsnr)
    {
        ArgumentNullException.ThrowIfNull(taskId);
        if (_lines is null)
            return new QualityLine(inputPsnr, inputPsnr + InputExcellenceMargin);
        return _lines.TryGetValue(taskId, out QualityLine line)
            ? line
            : throw new EvaluationException($"The lines '{Label}' have none for task '{taskId}'; they cover {_lines.Count} tasks: {Some(TaskIds)}.");
    }

    /// <summary>What has to be said where the lines are used, in a sentence; null: nothing.</summary>
    /// <remarks>A line is a mean PSNR over certain images. Where those are known by a hash, others are refused; where they are known in words only, nobody can tell.</remarks>
    public string? Warning => Origin is { TestSet: null, Images: { } images }
        ? $"The lines '{Label}' were made on {images}; on any other images the rates by them mean little."
        : null;

    /// <summary>Refuses other images than those that the lines were made on.</summary>
    internal void RequireImagesOf(EvaluationConfiguration configuration)
    {
        if (Origin.TestSet is not { } set)
            return;
        string actual = configuration.ImagesHash();
        if (actual == set.Hash)
            return;
        throw new EvaluationException(
            $"The lines '{Label}' were made on all images of '{set.Name}' with its seed (hash {set.Hash}); these images or their seed are others (hash {actual}). "
            + "A line is a mean PSNR over certain images: evaluate that set, or choose other lines, e.g. those relative to the input.");
    }

    private static QualityLines? FromResource(string name)
    {
        using Stream? resource = typeof(QualityLines).Assembly.GetManifestResourceStream(name);
        if (resource is null)
            return null;
        using var reader = new StreamReader(resource);
        return FromJson(reader.ReadToEnd(), name);
    }

    private static string Some(IReadOnlyList<string> ids) =>
        string.Join(", ", ids.Take(8)) + (ids.Count > 8 ? ", ..." : "");

    private static string? Defect(QualityLine line) => (line.Acceptance, line.Excellence) switch
    {
        var (a, e) when !double.IsFinite(a) || !double.IsFinite(e) => "expected finite numbers of dB.",
        var (a, e) when e < a => FormattableString.Invariant($"the excellence line {e} dB is below the acceptance line {a} dB."),
        _ => null,
    };
}

/// <summary>The lines file.</summary>
internal sealed record QualityLinesJson(
    string? Label,
    string? Provenance,
    LinesTestSet? TestSet,
    string? Images,
    bool? Reduced,
    IReadOnlyDictionary<string, string>? Settings,
    IReadOnlyDictionary<string, QualityLine>? Lines);
