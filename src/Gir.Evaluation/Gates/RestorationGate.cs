using Gir.Degradations;
using Gir.Degradations.Tasks;
using Gir.Imaging.Text;

namespace Gir.Evaluation.Gates;

/// <summary>
/// What a blind restorer must reach before it ships: what is clean comes back clean, no task is harmed, and tasks are helped; as data. Judged by
/// <see cref="Benchmark.JudgeAsync"/>.
/// </summary>
/// <remarks>
/// The JSON form, in which bounds that are not asked for are left out:
/// <code>
/// {
///   "format": "gir-gate", "version": 1, "name": "mine",
///   "tasks": ["single"], "clean": 40, "worstGain": -0.05, "meanGain": 4,
///   "lines": { "3": { "psnr": 28.5 }, "jpeg-30": { "pipeline": "compression(quality=30)", "gain": 0.3 } }
/// }
/// </code>
/// </remarks>
public sealed record RestorationGate
{
    /// <summary>The id of the task that leaves images as they are; no line may bear it.</summary>
    public const string CleanTask = "clean";

    private const string FormatName = "gir-gate";
    private const int CurrentVersion = 1;
    private const string Kind = "a gate";
    private const int LongestFile = 1 << 18;
    private const int MostLines = 1000;
    private static readonly BuiltInTexts s_texts = new("Gir.Evaluation.Gates.", "gate", LongestFile);

    // Noise of strength nothing: a pipeline needs an operator.
    private static readonly DegradationTask s_clean = new(CleanTask, DegradationPipeline.Parse("noise(sigma=0)"));

    /// <summary>The gates that come with the package: "gir-v1", what the shipped blind model is meant to reach on photographs.</summary>
    public static IReadOnlyList<string> Names => s_texts.Names;

    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>What it is for, in a sentence.</summary>
    public string Description { get; init; } = "";

    /// <summary>Sets of tasks, as <see cref="TaskSet"/> names them, that <see cref="WorstGain"/> and <see cref="MeanGain"/> are taken over. Default: the 50 representative ones.</summary>
    public IReadOnlyList<string> Tasks { get; init; } = ["representative"];

    /// <summary>Least PSNR of every single image that was clean, restored, against itself, dB; null: not asked for.</summary>
    public double? Clean { get; init; }

    /// <summary>Least gain in mean PSNR of any task, dB: -0.05 allows for a harm of 0.05 dB; null: not asked for.</summary>
    public double? WorstGain { get; init; }

    /// <summary>Least mean of the tasks' gains, dB; null: not asked for.</summary>
    public double? MeanGain { get; init; }

    /// <summary>What is asked of single tasks, by id.</summary>
    public IReadOnlyDictionary<string, GateLine> Lines { get; init; } = new OrderedDictionary<string, GateLine>();

    /// <summary>A gate by name, or from a file.</summary>
    /// <param name="nameOrPath">One of <see cref="Names"/>, or a JSON file.</param>
    /// <exception cref="EvaluationException">There is neither, or the file is no gate; the message says what is wrong, and where.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static RestorationGate Load(string nameOrPath) => FromJson(s_texts.Load(nameOrPath), nameOrPath);

    /// <summary>Reads a gate from JSON text.</summary>
    /// <param name="json">Text in the documented form.</param>
    /// <param name="source">What to call the text in errors, e.g. its file.</param>
    /// <exception cref="EvaluationException">The text is no gate; the message says what is wrong, and where.</exception>
    public static RestorationGate FromJson(string json, string source = "gate")
    {
        ArgumentNullException.ThrowIfNull(json);
        ArgumentNullException.ThrowIfNull(source);
        RestorationGateJson read = StrictJson.Read(json, EvaluationJson.Source(source, Kind), root =>
        {
            root.RequireFormat(Kind, FormatName, CurrentVersion);
            return root.As<RestorationGateJson>();
        });
        var gate = new RestorationGate
        {
            Name = read.Name,
            Description = read.Description ?? "",
            Tasks = read.Tasks ?? ["representative"],
            Clean = read.Clean,
            WorstGain = read.WorstGain,
            MeanGain = read.MeanGain,
            Lines = read.Lines ?? new Dictionary<string, GateLine>(),
        };
        gate.Resolve(source);
        return gate;
    }

    /// <summary>All tasks that are measured: those of <see cref="Tasks"/>, those that lines bring along, and <see cref="CleanTask"/> where that is asked for.</summary>
    /// <exception cref="EvaluationException">A name or a line does not hold together; the message names it.</exception>
    public IReadOnlyList<DegradationTask> ResolveTasks() => Resolve(Name).All;

    /// <summary>The same, and those of <see cref="Tasks"/> alone.</summary>
    internal GateTasks Resolve(string source)
    {
        Require(!string.IsNullOrWhiteSpace(Name), "name", "expected a name.");
        Require(Tasks.Count is >= 1 and <= MostLines, "tasks", $"expected 1..{MostLines} names of task sets.");
        Require(Lines.Count <= MostLines, "lines", $"expected at most {MostLines}.");
        foreach ((string name, double? bound) in (ReadOnlySpan<(string, double?)>)[("clean", Clean), ("worstGain", WorstGain), ("meanGain", MeanGain)])
            Require(bound is null || double.IsFinite(bound.Value), name, "expected a number of dB.");
        Require(Clean is not null || WorstGain is not null || MeanGain is not null || Lines.Count > 0, "lines", "a gate that asks for nothing lets everything through.");
        DegradationTask[] set = Guard("tasks", () => Tasks.SelectMany(TaskSet.Parse).DistinctBy(t => t.Id).ToArray());
        var own = new List<DegradationTask>();
        foreach ((string id, GateLine line) in Lines)
        {
            string where = $"lines, task '{id}'";
            Require(line is { Psnr: not null } or { Gain: not null }, where, "expected \"psnr\" or \"gain\".");
            Require((line.Psnr is null || double.IsFinite(line.Psnr.Value)) && (line.Gain is null || double.IsFinite(line.Gain.Value)), where, "expected numbers of dB.");
            bool isKnown = set.Any(t => t.Id == id);
            Require(!isKnown || line.Pipeline is null, where, "it is among the gate's tasks and has a pipeline already.");
            Require(isKnown || line.Pipeline is not null, where, "it is not among the gate's tasks: expected a \"pipeline\".");
            Require(id is { Length: >= 1 and <= 128 } && (isKnown || id != CleanTask), where, $"expected an id of 1..128 characters that is not '{CleanTask}'.");
            if (!isKnown)
                own.Add(new DegradationTask(id, Guard(where, () => DegradationPipeline.Parse(line.Pipeline!, DegradationPipelineOptions.Benchmark))));
        }

        Require(set.All(t => t.Id != CleanTask), "tasks", $"'{CleanTask}' is taken.");
        return new GateTasks(set, [.. set, .. own, .. Clean is null ? Array.Empty<DegradationTask>() : [s_clean]]);

        void Require(bool holds, string where, string expected)
        {
            if (!holds)
                throw new EvaluationException($"{source}: {where}: {expected}");
        }

        T Guard<T>(string where, Func<T> read)
        {
            try
            {
                return read();
            }
            catch (DegradationException e)
            {
                throw new EvaluationException($"{source}: {where}: {e.Message}", e);
            }
        }
    }
}

/// <summary>The tasks of a gate.</summary>
/// <param name="Set">Those that gains are taken over.</param>
/// <param name="All">All that are measured.</param>
internal sealed record GateTasks(IReadOnlyList<DegradationTask> Set, IReadOnlyList<DegradationTask> All);

/// <summary>A gate's file.</summary>
internal sealed record RestorationGateJson(
    string Format,
    int Version,
    string Name,
    string? Description,
    IReadOnlyList<string>? Tasks,
    double? Clean,
    double? WorstGain,
    double? MeanGain,
    IReadOnlyDictionary<string, GateLine>? Lines);
