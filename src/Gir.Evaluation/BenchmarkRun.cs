using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.ExceptionServices;
using Gir.Degradations.Tasks;
using Gir.Evaluation.Execution;
using Gir.Evaluation.Results;
using Gir.Evaluation.Shards;
using Gir.Imaging.Observability;
using Gir.Models.Restoration;
using Microsoft.Extensions.Logging;

namespace Gir.Evaluation;

/// <summary>One run of a <see cref="Benchmark"/>: what is not in the store yet is made by an executor and put there.</summary>
internal sealed class BenchmarkRun : IBenchmarkSink
{
    private readonly BenchmarkOptions _options;
    private readonly IBenchmarkExecutor _executor;
    private readonly BenchmarkJob _job;
    private readonly ResultStore _store;
    private readonly IProgress<BenchmarkProgress>? _progress;
    private readonly ILogger _logger;
    private readonly int _total;
    private readonly int _resumed;
    private readonly ConcurrentDictionary<string, Exception> _leftOut = new(StringComparer.Ordinal);
    private readonly int _images;
    private int _done;

    /// <summary>Finds out what is to be made.</summary>
    /// <param name="options">How.</param>
    /// <param name="entrants">Who is compared.</param>
    /// <param name="tasks">The tasks.</param>
    /// <param name="images">The images.</param>
    /// <param name="store">What there is already.</param>
    /// <param name="plan">Which part of it; null: all.</param>
    /// <param name="progress">Told after every result; may be null.</param>
    /// <param name="logger">Told beginning, end and failures.</param>
    public BenchmarkRun(
        BenchmarkOptions options,
        IReadOnlyList<Entrant> entrants,
        IReadOnlyList<DegradationTask> tasks,
        IReadOnlyList<BenchmarkImage> images,
        ResultStore store,
        ShardPlan? plan,
        IProgress<BenchmarkProgress>? progress,
        ILogger logger)
    {
        _logger = logger;
        _options = options;
        _executor = options.Executor ?? new LocalExecutor(logger);
        _store = store;
        _progress = progress;
        var items = new List<BenchmarkItem>();
        var worked = new HashSet<int>();
        // Image after image, so that few are in memory at a time.
        for (int image = 0; image < images.Count; image++)
        {
            for (int task = 0; task < tasks.Count; task++)
            {
                (int i, int t) = (image, task);
                bool ownsInput = plan?.Owns(i, t, 0) != false;
                int[] owned = [.. Enumerable.Range(0, entrants.Count).Where(e => plan?.Owns(i, t, e + 1) != false)];
                bool lacksInput = ownsInput && store.Find(ResultRecord.InputName, tasks[t].Id, images[i].Name) is null;
                int[] missing = [.. owned.Where(e => store.Find(entrants[e].Info.Name, tasks[t].Id, images[i].Name, entrants[e].Info.Identity) is null)];
                _total += owned.Length + (ownsInput ? 1 : 0);
                _resumed += owned.Length - missing.Length + (ownsInput && !lacksInput ? 1 : 0);
                if (ownsInput || owned.Length > 0)
                    worked.Add(i);
                if (lacksInput || missing.Length > 0)
                    items.Add(new BenchmarkItem(i, t, lacksInput, missing));
            }
        }

        _images = worked.Count;
        _done = _resumed;
        _job = new BenchmarkJob
        {
            Options = options,
            Configuration = store.Configuration,
            Restorers = [.. entrants.Select(e => e.Restorer)],
            Infos = [.. entrants.Select(e => e.Info)],
            Tasks = tasks,
            Images = images,
            Items = items,
        };
    }

    /// <summary>How many results there are in the end, with those of earlier runs.</summary>
    public int Total => _total;

    /// <summary>The images that the run went on without, and why.</summary>
    public IReadOnlyDictionary<string, Exception> LeftOut => _leftOut;

    public async Task ExecuteAsync(CancellationToken cancellationToken)
    {
        using TimedWork.Piece work = EvaluationTelemetry.Run.Begin(null);
        EvaluationLog.BenchmarkBegins(_logger, _resumed, _total);
        long start = Stopwatch.GetTimestamp();
        try
        {
            _progress?.Report(new BenchmarkProgress(_done, _total, _resumed));
            await _executor.ExecuteAsync(_job, this, cancellationToken).ConfigureAwait(false);
            if (_leftOut.Count == _images)
                ExceptionDispatchInfo.Throw(_leftOut.OrderBy(e => e.Key, StringComparer.Ordinal).First().Value);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            EvaluationLog.BenchmarkFailed(_logger, e, Volatile.Read(ref _done), _total);
            throw;
        }

        EvaluationLog.BenchmarkDone(_logger, _total, Stopwatch.GetElapsedTime(start).TotalSeconds);
        work.Complete(_total);
    }

    /// <summary>A restorer that asks is told the names of the task's operators, in their order.</summary>
    /// <exception cref="ArgumentException">It has no remedy for one of them.</exception>
    public static IRestorer Told(IRestorer restorer, DegradationTask task)
    {
        if (restorer is not ITaskAwareRestorer aware)
            return restorer;
        try
        {
            return aware.ForTask([.. task.Pipeline.Operators.Select(o => o.Name)]);
        }
        catch (ArgumentException e)
        {
            throw new ArgumentException($"Task '{task.Id}', restorer '{restorer.Info.Name}': {e.Message}", "restorers", e);
        }
    }

    public bool IsGivenUp(int image) => _leftOut.ContainsKey(_job.Images[image].Name);

    public void GiveUp(int image, Exception reason)
    {
        if (_options.LeaveOut is null)
            ExceptionDispatchInfo.Throw(reason);
        if (_leftOut.TryAdd(_job.Images[image].Name, reason))
            _options.LeaveOut(_job.Images[image], reason);
    }

    public void Keep(ResultRecord result)
    {
        ArgumentNullException.ThrowIfNull(result);
        if (_store.Defect(result) is { } defect)
            throw new EvaluationException($"Task '{result.Task}', image '{result.Image}': the result of '{result.Restorer}' cannot be kept: {defect}");
        if (!_store.TryAppend(result))
            return;
        EvaluationTelemetry.Results.Add(1);
        _progress?.Report(new BenchmarkProgress(Interlocked.Increment(ref _done), _total, _resumed)
        {
            Restorer = result.Restorer,
            Task = result.Task,
            Image = result.Image,
        });
    }
}

/// <summary>A restorer, and what it is.</summary>
/// <param name="Restorer">The restorer.</param>
/// <param name="Info">What it is, with its identity.</param>
internal sealed record Entrant(IRestorer Restorer, RestorerInfo Info)
{
    // Asked once: a network's identity is a hash of all its weights.
    public Entrant(IRestorer restorer)
        : this(restorer, ScaledComparison.Describe(restorer.Info with { Identity = restorer.Identity }))
    {
    }
}
