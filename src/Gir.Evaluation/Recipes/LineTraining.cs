using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Gir.Degradations.Tasks;
using Gir.Evaluation.Generality;
using Gir.Evaluation.Lines;
using Gir.Evaluation.Shards;
using Gir.Evaluation.TestSets;
using Gir.Imaging.Files;
using Gir.Imaging.Observability;
using Gir.Imaging.Text;
using Gir.Metrics.FullReference;
using Gir.Models.Restoration;
using Gir.Models.Training;
using Gir.Models.Zoo;

namespace Gir.Evaluation.Recipes;

/// <summary>
/// Makes acceptance and excellence lines as the GIR paper does (section 4.1): for every task a small network and a larger one are trained for it alone;
/// their mean PSNR on a test set are the task's lines.
/// </summary>
/// <remarks>
/// It can be killed at any time and goes on task by task, and within a task where its training was saved. After every task the lines of all tasks
/// that are done are written to "lines.json" in the output folder, those of earlier runs with the same recipes included.
/// One run at a time in one output folder, but for <see cref="MakeAsync(LineWork, IProgress{LineTrainingProgress}?, CancellationToken)"/>, by which several processes may share the networks out.
/// </remarks>
public sealed class LineTraining
{
    private const string Label = "gir";

    private static readonly TrainingRecipe s_paper = new() { Name = "paper" };

    private readonly RecipeTrainingOptions _options;
    private readonly TestSet _testSet;
    private readonly RecipeTraining[] _trainings;
    private readonly int[] _owned;
    private readonly Lock _images = new();

    /// <summary>Finds out what is to be trained.</summary>
    /// <param name="acceptance">The smaller network's recipe; its tasks are replaced.</param>
    /// <param name="excellence">The larger network's recipe; its tasks are replaced.</param>
    /// <param name="tasks">Names of task sets.</param>
    /// <param name="testSet">What the networks are measured on.</param>
    /// <param name="options">Where and with how many threads; null means the defaults.</param>
    /// <param name="shard">Which part of the tasks; null: all. Lines of several parts are put together by <see cref="QualityLines.Merge"/>.</param>
    /// <exception cref="EvaluationException">A recipe is not valid, a task is not a fixed one, or there are more shards than tasks.</exception>
    /// <exception cref="Gir.Degradations.DegradationException">A name is no set of tasks.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public LineTraining(
        TrainingRecipe acceptance,
        TrainingRecipe excellence,
        IReadOnlyList<string> tasks,
        TestSet testSet,
        RecipeTrainingOptions? options = null,
        Shard? shard = null)
    {
        ArgumentNullException.ThrowIfNull(acceptance);
        ArgumentNullException.ThrowIfNull(excellence);
        ArgumentNullException.ThrowIfNull(tasks);
        ArgumentNullException.ThrowIfNull(testSet);
        _options = options ?? new RecipeTrainingOptions();
        _testSet = testSet;
        _trainings = [Training(acceptance, tasks, LineKind.Acceptance), Training(excellence, tasks, LineKind.Excellence)];
        if (_trainings[0].Runs.FirstOrDefault(r => r.Tasks[0].Task is null) is { } random)
            throw new EvaluationException($"tasks: '{random.Name}' is drawn anew for every image; lines need tasks of fixed degradations.");
        _owned = Owned(_trainings[0].Runs.Count, shard);
    }

    /// <summary>The file of the lines.</summary>
    public string LinesPath => Path.Combine(_options.Output, "lines.json");

    /// <summary>Trains and measures what is not done yet.</summary>
    /// <param name="progress">Told how far it is; may be null.</param>
    /// <param name="cancellationToken">Ends the run after the step in work; the state is saved.</param>
    /// <exception cref="EvaluationException">Images or networks do not suit the recipes, or the test set cannot be rebuilt.</exception>
    /// <exception cref="TrainingConfigurationException">A folder holds another training.</exception>
    /// <exception cref="TrainingDivergedException">A loss is no number any more.</exception>
    /// <exception cref="IOException">A file cannot be read or written.</exception>
    public async Task<LineTrainingResult> RunAsync(IProgress<LineTrainingProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        Directory.CreateDirectory(_options.Output);
        int done = 0;
        LineTrainingResult result = WriteLines(done);
        foreach (int i in _owned)
        {
            foreach (LineKind kind in Enum.GetValues<LineKind>())
            {
                if (!await MakeAsync(i, kind, progress, cancellationToken).ConfigureAwait(false))
                    return result;
            }

            result = WriteLines(++done);
        }

        return result;
    }

    /// <summary>How many tasks lines are made of.</summary>
    public int Count => _owned.Length;

    /// <summary>The networks that are not trained and measured yet, in their order.</summary>
    public IReadOnlyList<LineWork> Missing() =>
    [
        .. from i in _owned
           from kind in Enum.GetValues<LineKind>()
           where Known(i, kind) is null
           select new LineWork(i, _trainings[(int)kind].Runs[i].Name, kind),
    ];

    /// <summary>Trains and measures one network, where that is not done; several may be made at a time, each once.</summary>
    /// <param name="work">One of <see cref="Missing"/>.</param>
    /// <param name="progress">Told how far it is; may be null.</param>
    /// <param name="cancellationToken">Ends the training after the step in work; the state is saved.</param>
    /// <returns>Whether it is done; false where it was stopped.</returns>
    /// <inheritdoc cref="RunAsync"/>
    public Task<bool> MakeAsync(LineWork work, IProgress<LineTrainingProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(work);
        if (!_owned.Contains(work.Index) || !Enum.IsDefined(work.Kind) || _trainings[(int)work.Kind].Runs[work.Index].Name != work.Task)
            throw new ArgumentException($"{work} is none of this training's networks.", nameof(work));
        Directory.CreateDirectory(_options.Output);
        return MakeAsync(work.Index, work.Kind, progress, cancellationToken);
    }

    private LineRecord? Known(int index, LineKind kind)
    {
        RecipeTraining training = _trainings[(int)kind];
        RecipeRun run = training.Runs[index];
        return Read(run.Output, training.Recipe) is { } known && known.Pipeline == run.Tasks[0].Task!.Pipeline.ToJson() ? known : null;
    }

    private static int[] Owned(int tasks, Shard? shard)
    {
        if (shard is null)
            return [.. Enumerable.Range(0, tasks)];
        if (shard.Count > tasks)
            throw new EvaluationException($"Shard {shard}: there {(tasks == 1 ? "is 1 task" : $"are {tasks} tasks")} to make lines of; expected at most so many shards.");
        int[] places = Shard.Shuffled(tasks);
        (long start, long end) = shard.Range(tasks);
        return [.. Enumerable.Range(0, tasks).Where(t => places[t] >= start && places[t] < end)];
    }

    private RecipeTraining Training(TrainingRecipe recipe, IReadOnlyList<string> tasks, LineKind kind) =>
        new(recipe with { Tasks = tasks, Mode = RecipeMode.PerTask }, _options with { Output = Path.Combine(_options.Output, ChoiceWords<LineKind>.WordOf(kind)) });

    /// <summary>Trains and measures one network unless that is done; false where the training was stopped.</summary>
    private async Task<bool> MakeAsync(int index, LineKind kind, IProgress<LineTrainingProgress>? progress, CancellationToken cancellationToken)
    {
        RecipeTraining training = _trainings[(int)kind];
        RecipeRun run = training.Runs[index];
        int place = Array.IndexOf(_owned, index);
        if (Known(index, kind) is { } known)
        {
            progress?.Report(new LineTrainingProgress(run.Name, kind, place, _owned.Length) { Psnr = known.Psnr });
            return true;
        }

        lock (_images)
        {
            if (training.Images is null)
            {
                progress?.Report(new LineTrainingProgress(run.Name, kind, place, _owned.Length));
                ShareImages(cancellationToken);
                training.LoadImages(cancellationToken: cancellationToken);
            }
        }

        var told = new Told<TrainingProgress>(p => progress?.Report(new LineTrainingProgress(run.Name, kind, place, _owned.Length) { Training = p }));
        TrainingResult trained = training.Train(run, told, cancellationToken);
        if (!trained.IsComplete)
            return false;
        LineRecord record = await MeasureAsync(run, training.Recipe, kind, trained.BestCheckpoint!, cancellationToken).ConfigureAwait(false);
        AtomicFile.Write(RecordPath(run.Output), JsonSerializer.SerializeToUtf8Bytes(record, EvaluationJson.Indented.LineRecord));
        progress?.Report(new LineTrainingProgress(run.Name, kind, place, _owned.Length) { Psnr = record.Psnr });
        return true;
    }

    /// <summary>Both recipes mostly want the same images: then they are made once.</summary>
    private void ShareImages(CancellationToken cancellationToken)
    {
        TrainingRecipe[] recipes = [.. _trainings.Select(t => t.Recipe)];
        if (recipes[0].Images == recipes[1].Images && recipes[0].Validation == recipes[1].Validation && (recipes[0].LargestPatch, recipes[0].Seed) == (recipes[1].LargestPatch, recipes[1].Seed)
            && _trainings[0].CreateNetwork().InputChannels == _trainings[1].CreateNetwork().InputChannels)
        {
            _trainings[1].Images = _trainings[0].LoadImages(cancellationToken: cancellationToken);
        }
    }

    private async Task<LineRecord> MeasureAsync(RecipeRun run, TrainingRecipe recipe, LineKind kind, string checkpoint, CancellationToken cancellationToken)
    {
        DegradationTask task = run.Tasks[0].Task!;
        NetworkRestorer restorer = ModelZoo.Load(checkpoint, new ModelZooOptions { HyperParameters = recipe.HyperParameters, Name = ChoiceWords<LineKind>.WordOf(kind) });
        var benchmark = new Benchmark(new BenchmarkOptions
        {
            Seed = _testSet.Seed,
            FullReference = [new Psnr()],
            Generality = new GeneralityOptions { Resamples = 0 },
        });
        GeneralityReport report = await benchmark.RunAsync([restorer], [task], _testSet.Images, cancellationToken: cancellationToken).ConfigureAwait(false);
        return new LineRecord(
            run.Name,
            kind,
            report.Restorers[0].Averages[GeneralityReport.PsnrName].Value,
            report.Input.Averages[GeneralityReport.PsnrName].Value,
            task.Pipeline.ToJson(),
            _testSet.Name,
            _testSet.Hash,
            HashOf(recipe));
    }

    /// <summary>Collects what is measured, of whatever run, and writes it.</summary>
    private LineTrainingResult WriteLines(int done)
    {
        var measured = new Dictionary<string, double?[]>(StringComparer.Ordinal);
        foreach (LineKind kind in Enum.GetValues<LineKind>())
        {
            string folder = Path.Combine(_options.Output, ChoiceWords<LineKind>.WordOf(kind));
            foreach (string task in Directory.Exists(folder) ? Directory.EnumerateDirectories(folder) : [])
            {
                if (Read(task, _trainings[(int)kind].Recipe) is not { } record)
                    continue;
                if (!measured.TryGetValue(record.Task, out double?[]? psnr))
                    measured.Add(record.Task, psnr = new double?[2]);
                psnr[(int)kind] = record.Psnr;
            }
        }

        var lines = new OrderedDictionary<string, QualityLine>(StringComparer.Ordinal);
        var refused = new List<string>();
        foreach ((string task, double?[] psnr) in measured.OrderBy(m => m.Key, TaskOrder.Instance))
        {
            if (psnr is not [{ } acceptance, { } excellence])
                continue;
            if (excellence >= acceptance)
                lines.Add(task, new QualityLine(acceptance, excellence));
            else
                refused.Add(task);
        }

        QualityLines written = QualityLines.Fixed(Label, lines, Origin(refused));
        if (lines.Count > 0)
            AtomicFile.Write(LinesPath, Encoding.UTF8.GetBytes(written.ToJson()));
        return new LineTrainingResult(done, _owned.Length, written, refused);
    }

    private LinesOrigin Origin(IReadOnlyList<string> refused) => new()
    {
        Provenance = $"for every task two networks trained for it alone; their mean PSNR on {_testSet.Name}",
        TestSet = new LinesTestSet(_testSet.Name, _testSet.Hash),
        IsReduced = _trainings.Any(t => IsReduced(t.Recipe)),
        Settings = Settings(refused),
    };

    private Dictionary<string, string> Settings(IReadOnlyList<string> refused)
    {
        var settings = Enum.GetValues<LineKind>().ToDictionary(k => ChoiceWords<LineKind>.WordOf(k), k => Describe(_trainings[(int)k].Recipe));
        if (refused.Count > 0)
            settings.Add("without lines", $"tasks {string.Join(", ", refused)}: the larger network stayed behind the smaller one");
        return settings;
    }

    private static bool IsReduced(TrainingRecipe recipe) =>
        recipe.Iterations < s_paper.Iterations || recipe.Batch < s_paper.Batch || recipe.Patch < s_paper.Patch;

    private static string Describe(TrainingRecipe recipe)
    {
        string images = recipe.Images.Folder is null ? $"{recipe.Images.Scenes} procedural scenes" : $"photographs and {recipe.Images.Scenes} procedural scenes";
        return FormattableString.Invariant(
            $"{recipe.Architecture} {recipe.HyperParameters.ToJson()}, {recipe.Iterations} iterations of {recipe.Batch} patches of {recipe.Patch} x {recipe.Patch}{Stages(recipe)}, ")
            + FormattableString.Invariant($"{ChoiceWords<TrainingLoss>.WordOf(recipe.Loss)} loss, rate {recipe.LearningRate} to {recipe.MinimumLearningRate}, {images}")
            + (recipe.Initial is null ? "" : $", from {Path.GetFileName(recipe.Initial)}")
            + (IsReduced(recipe) ? $" (the paper: {s_paper.Iterations} of {s_paper.Batch} of {s_paper.Patch} x {s_paper.Patch})" : "");
    }

    private static string Stages(TrainingRecipe recipe) => recipe.Patches.Count == 0
        ? ""
        : FormattableString.Invariant($" (before: {string.Join(", ", recipe.Patches.Select(p => FormattableString.Invariant($"{p.Batch ?? recipe.Batch} of {p.Size} x {p.Size} until {p.Until}")))})");

    /// <summary>What a folder's network was measured at; null where it was not, or by another recipe or test set.</summary>
    private LineRecord? Read(string folder, TrainingRecipe recipe)
    {
        string path = RecordPath(folder);
        if (!File.Exists(path))
            return null;
        try
        {
            ReadOnlyMemory<byte> json = File.ReadAllBytes(path);
            LineRecord record = StrictJson.Read(json, EvaluationJson.Source(path, "the record of a line"), root => root.As<LineRecord>());
            return record.TestSetHash == _testSet.Hash && record.Recipe == HashOf(recipe) && double.IsFinite(record.Psnr) ? record : null;
        }
        catch (EvaluationException)
        {
            // A damaged record is made anew.
            return null;
        }
    }

    private static string RecordPath(string folder) => Path.Combine(folder, "line.json");

    /// <summary>Which tasks are asked for at a time does not change a task's network.</summary>
    private static string HashOf(TrainingRecipe recipe) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes((recipe with { Tasks = ["1"] }).ToJson())));
}
