using Gir.Degradations.Tasks;
using Gir.Evaluation.Execution;
using Gir.Evaluation.Gates;
using Gir.Evaluation.Generality;
using Gir.Evaluation.Lines;
using Gir.Evaluation.Results;
using Gir.Evaluation.Shards;
using Gir.Imaging;
using Gir.Models.Restoration;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gir.Evaluation;

/// <summary>
/// Degrades images by tasks, has restorers restore them, and tells how general each restorer is: the evaluation of the GIR paper,
/// section 4.
/// </summary>
/// <remarks>
/// Each degraded image is made once for all restorers that lack it. Degraded and restored images are clamped and rounded to 8 bits
/// before they are measured, as if saved to files. Restorers see degraded images alone; one that is an <see cref="ITaskAwareRestorer"/> is told
/// the names of the task's operators, and no parameters. Results depend on seed, tasks, images and restorers alone, not on threads or interruptions.
/// A restorer that scales by s is given the degraded image scaled down by s (MATLAB's bicubic on 8 bits), so that its result has the
/// image's size, and is reported as "name(input/s)".
/// A metric that cannot measure an image leaves the other metrics and images as they are (<see cref="RestorerGenerality.NotMeasured"/>). An image that
/// cannot be read, degraded or restored ends the run, or is left out of it (<see cref="BenchmarkOptions.LeaveOut"/>).
/// Where several images are worked on at a time, networks run on one thread each. Results are kept by a restorer's name and
/// <see cref="IRestorer.Identity"/>: those of a checkpoint that has changed since are made afresh. Safe for concurrent use, with a results file for one run at a time.
/// </remarks>
public sealed class Benchmark
{
    /// <summary>What the file of results is called where a folder holds an evaluation.</summary>
    internal const string ResultsName = "results.jsonl";

    private readonly BenchmarkOptions _options;
    private readonly ILogger _logger;

    /// <summary>Creates a benchmark.</summary>
    /// <param name="options">Settings; null means the defaults.</param>
    /// <param name="logger">Is told beginning, end and failures; null: nobody is.</param>
    /// <exception cref="ArgumentException">No metric is named "psnr", or two metrics bear the same name.</exception>
    public Benchmark(BenchmarkOptions? options = null, ILogger<Benchmark>? logger = null)
    {
        _logger = logger ?? (ILogger)NullLogger.Instance;
        _options = options ?? new BenchmarkOptions();
        _options.Generality.Validate();
        if (_options.FullReference.All(m => m.Name != GeneralityReport.PsnrName))
            throw new ArgumentException($"Expected a full-reference metric named '{GeneralityReport.PsnrName}': rates are made of it.", nameof(options));
        Names.RequireDistinct(_options.FullReference.Select(m => m.Name).Concat(_options.NoReference.Select(m => m.Name)), "metric", nameof(options));
    }

    /// <summary>Runs, or completes an earlier run, and reports.</summary>
    /// <param name="restorers">The restorers, with distinct names, none of them "input".</param>
    /// <param name="tasks">The tasks, with distinct ids, at least one.</param>
    /// <param name="images">The images, with distinct names, at least one.</param>
    /// <param name="lines">The lines of the rates; null: <see cref="QualityLines.Input"/>.</param>
    /// <param name="progress">Told after every result, from any thread.</param>
    /// <param name="cancellationToken">Stops the run; results made so far stay in the file.</param>
    /// <exception cref="ArgumentException">Something is missing or has a name twice, or a restorer that is told the task has no remedy for it.</exception>
    /// <exception cref="EvaluationException">
    /// The file holds results of another configuration, a task has no line (see <see cref="GeneralityOptions.MissingLines"/>), the lines were made
    /// on other images, an image cannot be degraded, restored or measured; the
    /// message names restorer, task and image.
    /// </exception>
    /// <exception cref="IOException">A file cannot be read or written.</exception>
    /// <exception cref="Imaging.Codecs.ImageFormatException">An image file is damaged.</exception>
    public async Task<GeneralityReport> RunAsync(
        IReadOnlyList<IRestorer> restorers,
        IReadOnlyList<DegradationTask> tasks,
        IReadOnlyList<BenchmarkImage> images,
        QualityLines? lines = null,
        IProgress<BenchmarkProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        lines ??= QualityLines.Input;
        CheckJudged(restorers, tasks, images, lines);
        return await MeasureAsync(
            restorers, tasks, images, (store, left, infos) => new GeneralityCalculator(store, lines, _options.Generality, left).Report(infos), progress, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Runs, or completes an earlier run of, one of several equal parts of <see cref="RunAsync"/>: other machines make the others, <see cref="ShardMerge"/> puts them together.</summary>
    /// <param name="shard">Which part. Which results it makes depends on the numbers of restorers, tasks and images alone.</param>
    /// <param name="restorers">All restorers, the same and in the same order for every shard.</param>
    /// <param name="tasks">All tasks.</param>
    /// <param name="images">All images.</param>
    /// <param name="lines">The lines of the rates; null: <see cref="QualityLines.Input"/>.</param>
    /// <param name="progress">Told after every result, from any thread.</param>
    /// <param name="cancellationToken">Stops the run; results made so far stay in the file.</param>
    /// <returns>How many results the shard has.</returns>
    /// <remarks><see cref="BenchmarkOptions.ResultsPath"/> must be "results.jsonl" in a folder of the shard's own, where what <see cref="ShardMerge"/> needs is written beside it.</remarks>
    /// <exception cref="ArgumentException">As for <see cref="RunAsync"/>, or the options name no such file.</exception>
    /// <exception cref="EvaluationException">As for <see cref="RunAsync"/>, or the folder holds another shard.</exception>
    /// <exception cref="IOException">A file cannot be read or written.</exception>
    /// <exception cref="Imaging.Codecs.ImageFormatException">An image file is damaged.</exception>
    public async Task<int> RunShardAsync(
        Shard shard,
        IReadOnlyList<IRestorer> restorers,
        IReadOnlyList<DegradationTask> tasks,
        IReadOnlyList<BenchmarkImage> images,
        QualityLines? lines = null,
        IProgress<BenchmarkProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(shard);
        lines ??= QualityLines.Input;
        EvaluationConfiguration configuration = CheckJudged(restorers, tasks, images, lines);
        if (Path.GetFileName(_options.ResultsPath) != ResultsName)
            throw new ArgumentException($"A shard keeps its results: expected {nameof(BenchmarkOptions.ResultsPath)} to name '{ResultsName}' in a folder of its own.", nameof(shard));
        var plan = new ShardPlan(shard, images.Count, tasks.Count, restorers.Count);
        Entrant[] entrants = [.. restorers.Select(r => new Entrant(r))];
        ShardManifest manifest = ShardManifest.Of(shard, configuration.Fingerprint(), [.. entrants.Select(e => e.Info)], lines, _options.Generality);
        string path = Path.Combine(Path.GetDirectoryName(_options.ResultsPath)!, ShardManifest.FileName);
        using ResultStore store = ResultStore.Open(_options.ResultsPath!, configuration);
        if (File.Exists(path) && ShardManifest.Load(path).Shard is { } other && other != manifest.Shard)
            throw new EvaluationException($"{path}: the folder holds shard {other}, not {shard}; choose another output, or start afresh.");
        manifest.Save(path);
        var run = new BenchmarkRun(_options, entrants, tasks, images, store, plan, progress, _logger);
        await run.ExecuteAsync(cancellationToken).ConfigureAwait(false);
        int made = store.Count;
        store.Settle();
        (manifest with { LeftOut = [.. run.LeftOut.OrderBy(e => e.Key, StringComparer.Ordinal).Select(e => new ShardLeftOut(e.Key, e.Value.Message))] }).Save(path);
        return made;
    }

    /// <summary>Runs, or completes an earlier run of, the tasks of a gate, and holds the restorers against it.</summary>
    /// <param name="restorers">The restorers, with distinct names, none of them "input" and none that is told the task: a gate is for blind ones.</param>
    /// <param name="gate">What they have to reach.</param>
    /// <param name="images">The images, with distinct names, at least one.</param>
    /// <param name="progress">Told after every result, from any thread.</param>
    /// <param name="cancellationToken">Stops the run; results made so far stay in the file.</param>
    /// <exception cref="ArgumentException">Something is missing or has a name twice, or a restorer is told the task.</exception>
    /// <exception cref="EvaluationException">
    /// The gate's tasks do not hold together, the file holds results of another configuration, an image cannot be degraded, restored or measured.
    /// </exception>
    /// <exception cref="IOException">A file cannot be read or written.</exception>
    /// <exception cref="Imaging.Codecs.ImageFormatException">An image file is damaged.</exception>
    public async Task<GateReport> JudgeAsync(
        IReadOnlyList<IRestorer> restorers,
        RestorationGate gate,
        IReadOnlyList<BenchmarkImage> images,
        IProgress<BenchmarkProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(gate);
        GateTasks tasks = gate.Resolve(gate.Name);
        Check(restorers, tasks.All, images);
        if (restorers.OfType<ITaskAwareRestorer>().FirstOrDefault() is { } told)
            throw new ArgumentException($"'{told.Info.Name}' is told the task; a gate judges restorers that are not.", nameof(restorers));
        return await MeasureAsync(
            restorers, tasks.All, images, (store, left, infos) => new GateJudge(gate, tasks, store, left).Report(infos), progress, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>What results of these tasks and images depend on.</summary>
    /// <param name="tasks">The tasks.</param>
    /// <param name="images">The images.</param>
    public EvaluationConfiguration Describe(IReadOnlyList<DegradationTask> tasks, IReadOnlyList<BenchmarkImage> images)
    {
        ArgumentNullException.ThrowIfNull(tasks);
        ArgumentNullException.ThrowIfNull(images);
        return new EvaluationConfiguration(
            BenchmarkTerms.ThisVersion,
            _options.Seed,
            [.. tasks.Select(t => new EvaluatedTask(t.Id, t.Pipeline.ToJson(), [.. t.Pipeline.Operators.Select(o => o.Name)], t.Group))],
            [.. images.Select(i => new EvaluatedImage(i.Name, i.Hash))],
            new MetricSet(_options).Describe(),
            _options.DepthEstimator?.Name);
    }

    /// <summary>The pictures that a run measures, made again: results keep numbers alone.</summary>
    /// <param name="restorers">The restorers, of any names.</param>
    /// <param name="task">The task.</param>
    /// <param name="image">The image.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>The same pixels that <see cref="RunAsync"/> measured under the same options.</returns>
    /// <exception cref="GirException">The image cannot be degraded or restored.</exception>
    /// <exception cref="ArgumentException">The image does not fit, or a restorer that is told the task has no remedy for it.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public BenchmarkPictures Reproduce(
        IReadOnlyList<IRestorer> restorers, DegradationTask task, BenchmarkImage image, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(restorers);
        ArgumentNullException.ThrowIfNull(task);
        ArgumentNullException.ThrowIfNull(image);
        ImageBuffer clean = image.Load();
        ImageBuffer degraded = TaskInput.Degrade(
            task, _options.Seed, image.Name, clean, task.Pipeline.UsesDepth ? image.LoadDepth() : null, _options.DepthEstimator, cancellationToken);
        return new BenchmarkPictures(
            TaskInput.Reference(clean, degraded),
            degraded,
            [.. restorers.Select(r => ScaledComparison.Restore(BenchmarkRun.Told(r, task), degraded, cancellationToken).Quantized())]);
    }

    private async Task<T> MeasureAsync<T>(
        IReadOnlyList<IRestorer> restorers,
        IReadOnlyList<DegradationTask> tasks,
        IReadOnlyList<BenchmarkImage> images,
        Func<ResultStore, EvaluationConfiguration, IReadOnlyList<RestorerInfo>, T> report,
        IProgress<BenchmarkProgress>? progress,
        CancellationToken cancellationToken)
    {
        EvaluationConfiguration configuration = Describe(tasks, images);
        using ResultStore store = _options.ResultsPath is null
            ? ResultStore.InMemory(configuration)
            : ResultStore.Open(_options.ResultsPath, configuration);
        Entrant[] entrants = [.. restorers.Select(r => new Entrant(r))];
        var run = new BenchmarkRun(_options, entrants, tasks, images, store, null, progress, _logger);
        await run.ExecuteAsync(cancellationToken).ConfigureAwait(false);
        EvaluationConfiguration left = configuration with { Images = [.. configuration.Images.Where(i => !run.LeftOut.ContainsKey(i.Name))] };
        T made = report(store, left, [.. entrants.Select(e => e.Info)]);
        store.Settle();
        return made;
    }

    /// <summary>What is refused before anything runs.</summary>
    private EvaluationConfiguration CheckJudged(
        IReadOnlyList<IRestorer> restorers, IReadOnlyList<DegradationTask> tasks, IReadOnlyList<BenchmarkImage> images, QualityLines lines)
    {
        Check(restorers, tasks, images);
        foreach (DegradationTask task in tasks)
        {
            foreach (ITaskAwareRestorer restorer in restorers.OfType<ITaskAwareRestorer>())
                BenchmarkRun.Told(restorer, task);
        }

        EvaluationConfiguration configuration = Describe(tasks, images);
        lines.RequireImagesOf(configuration);
        GeneralityCalculator.JudgedTasks(lines, configuration.Tasks, _options.Generality);
        return configuration;
    }

    private static void Check(IReadOnlyList<IRestorer> restorers, IReadOnlyList<DegradationTask> tasks, IReadOnlyList<BenchmarkImage> images)
    {
        ArgumentNullException.ThrowIfNull(restorers);
        ArgumentNullException.ThrowIfNull(tasks);
        ArgumentNullException.ThrowIfNull(images);
        if (tasks.Count == 0)
            throw new ArgumentException("A benchmark needs at least one task.", nameof(tasks));
        if (images.Count == 0)
            throw new ArgumentException("A benchmark needs at least one image.", nameof(images));
        Names.RequireDistinct(restorers.Select(r => r.Info.Name), "restorer", nameof(restorers));
        Names.RequireDistinct(tasks.Select(t => t.Id), "task", nameof(tasks));
        Names.RequireDistinct(images.Select(i => i.Name), "image", nameof(images));
        foreach (IRestorer restorer in restorers)
        {
            if (restorer.Info.Name == ResultRecord.InputName)
                throw new ArgumentException($"No restorer may be named '{ResultRecord.InputName}': the degraded images are scored under that name.", nameof(restorers));
        }
    }
}
