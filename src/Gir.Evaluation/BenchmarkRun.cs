using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.ExceptionServices;
using Gir.Degradations.Depth;
using Gir.Degradations.Tasks;
using Gir.Evaluation.Results;
using Gir.Imaging;
using Gir.Imaging.Observability;
using Gir.Models.Restoration;
using Gir.Models.Tensors;
using Microsoft.Extensions.Logging;

namespace Gir.Evaluation;

/// <summary>One run of a <see cref="Benchmark"/>: what is not in the store yet is made and put there.</summary>
internal sealed class BenchmarkRun
{
    private readonly BenchmarkOptions _options;
    private readonly MetricSet _metrics;
    private readonly ResultStore _store;
    private readonly IProgress<BenchmarkProgress>? _progress;
    private readonly ILogger _logger;
    private readonly List<Unit> _units = [];
    private readonly int _total;
    private readonly int _resumed;
    private readonly ConcurrentDictionary<string, Exception> _leftOut = new(StringComparer.Ordinal);
    private readonly int _images;
    private int _done;

    public BenchmarkRun(
        BenchmarkOptions options,
        IReadOnlyList<Entrant> entrants,
        IReadOnlyList<DegradationTask> tasks,
        IReadOnlyList<BenchmarkImage> images,
        ResultStore store,
        IProgress<BenchmarkProgress>? progress,
        ILogger logger)
    {
        _logger = logger;
        _options = options;
        _metrics = new MetricSet(options);
        _store = store;
        _progress = progress;
        _images = images.Count;
        // Image after image, so that few are in memory at a time.
        foreach (BenchmarkImage image in images)
        {
            var source = new Source(image, options.DepthEstimator);
            foreach (DegradationTask task in tasks)
            {
                bool lacksInput = _store.Find(ResultRecord.InputName, task.Id, image.Name) is null;
                Entrant[] missing = [.. entrants.Where(e => _store.Find(e.Info.Name, task.Id, image.Name, e.Info.Identity) is null)];
                _resumed += entrants.Count + 1 - missing.Length - (lacksInput ? 1 : 0);
                if (lacksInput || missing.Length > 0)
                    _units.Add(new Unit(source.Use(), task, lacksInput, missing));
            }
        }

        _total = (entrants.Count + 1) * tasks.Count * images.Count;
        _done = _resumed;
    }

    /// <summary>The names of images that the run went on without.</summary>
    public IReadOnlyCollection<string> LeftOut => (IReadOnlyCollection<string>)_leftOut.Keys;

    public async Task ExecuteAsync(CancellationToken cancellationToken)
    {
        using TimedWork.Piece work = EvaluationTelemetry.Run.Begin(null);
        EvaluationLog.BenchmarkBegins(_logger, _resumed, _total);
        long start = Stopwatch.GetTimestamp();
        try
        {
            await WorkAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            EvaluationLog.BenchmarkFailed(_logger, e, Volatile.Read(ref _done), _total);
            throw;
        }

        EvaluationLog.BenchmarkDone(_logger, _total, Stopwatch.GetElapsedTime(start).TotalSeconds);
        work.Complete(_total);
    }

    private async Task WorkAsync(CancellationToken cancellationToken)
    {
        _progress?.Report(new BenchmarkProgress(_done, _total, _resumed));
        var parallel = new ParallelOptions
        {
            MaxDegreeOfParallelism = Math.Max(1, _options.Parallelism.MaxDegree),
            CancellationToken = cancellationToken,
        };
        await Parallel.ForEachAsync(_units, parallel, (unit, token) =>
        {
            // Several images at a time leave no processor idle: a network's own threads would only compete with them.
            using ThreadLimit limit = ThreadLimit.Enter(parallel.MaxDegreeOfParallelism > 1 ? 1 : null);
            WorkOrLeaveOut(unit, token);
            return ValueTask.CompletedTask;
        }).ConfigureAwait(false);
        if (_leftOut.Count == _images)
            ExceptionDispatchInfo.Throw(_leftOut.OrderBy(e => e.Key, StringComparer.Ordinal).First().Value);
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

    private void WorkOrLeaveOut(Unit unit, CancellationToken cancellationToken)
    {
        try
        {
            if (!_leftOut.ContainsKey(unit.Source.Image.Name))
                Work(unit, cancellationToken);
        }
        catch (ImageFailure failure)
        {
            if (_options.LeaveOut is null)
                ExceptionDispatchInfo.Throw(failure.InnerException!);
            if (_leftOut.TryAdd(unit.Source.Image.Name, failure.InnerException!))
                _options.LeaveOut(unit.Source.Image, failure.InnerException!);
        }
        finally
        {
            unit.Source.Release();
        }
    }

    private void Work(Unit unit, CancellationToken cancellationToken)
    {
        using TimedWork.Piece work = EvaluationTelemetry.Unit.Begin(unit.Task.Id);
        work.Activity?.SetTag("gir.image", unit.Source.Image.Name);
        long start = Stopwatch.GetTimestamp();
        (ImageBuffer clean, ImageBuffer degraded) = OfImage(() => Degrade(unit, cancellationToken));
        if (unit.LacksInput)
            Keep(OfImage(() => Score(ResultRecord.InputName, null, unit, clean, degraded, cancellationToken)));
        foreach (Entrant entrant in unit.Missing)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Keep(OfImage(() => Score(entrant.Info.Name, entrant.Info.Identity, unit, clean, Restore(entrant.Restorer, unit, degraded, cancellationToken), cancellationToken)));
        }

        work.Complete(unit);
        EvaluationLog.UnitDone(_logger, unit.Task.Id, unit.Source.Image.Name, Stopwatch.GetElapsedTime(start).TotalSeconds);
    }

    private (ImageBuffer Clean, ImageBuffer Degraded) Degrade(Unit unit, CancellationToken cancellationToken)
    {
        ImageBuffer clean = unit.Source.Clean;
        ImageBuffer degraded = Guard(null, unit, () => TaskInput.Degrade(
            unit.Task,
            _options.Seed,
            unit.Source.Image.Name,
            clean,
            unit.Task.Pipeline.UsesDepth ? unit.Source.Depth : null,
            unit.Source.Estimator,
            cancellationToken));
        return (TaskInput.Reference(clean, degraded), degraded);
    }

    private static ImageBuffer Restore(IRestorer restorer, Unit unit, ImageBuffer degraded, CancellationToken cancellationToken)
    {
        ImageBuffer restored = Guard(restorer, unit, () => ScaledComparison.Restore(Told(restorer, unit.Task), degraded, cancellationToken));
        if (!restored.HasShapeOf(degraded))
            throw Failure(restorer, unit, $"the restored image is {restored}, expected {degraded}.");
        foreach (float sample in restored.Samples)
        {
            if (!float.IsFinite(sample))
                throw Failure(restorer, unit, $"the restored image has a sample that is {sample}.");
        }

        return restored.Quantized();
    }

    private ResultRecord Score(string name, string? identity, Unit unit, ImageBuffer clean, ImageBuffer image, CancellationToken cancellationToken)
    {
        IReadOnlyDictionary<string, double> values = Guard(null, unit, () => _metrics.Measure(clean, image, cancellationToken));
        var record = new ResultRecord(name, unit.Task.Id, unit.Source.Image.Name, values) { Identity = identity };
        if (_store.Defect(record) is { } defect)
            throw Failure(null, unit, $"the result of '{name}' cannot be kept: {defect}");
        return record;
    }

    private void Keep(ResultRecord record)
    {
        _store.Append(record);
        EvaluationTelemetry.Results.Add(1);
        _progress?.Report(new BenchmarkProgress(Interlocked.Increment(ref _done), _total, _resumed)
        {
            Restorer = record.Restorer,
            Task = record.Task,
            Image = record.Image,
        });
    }

    /// <summary>Work whose failures are an image's own, unlike those of the file of results.</summary>
    private static T OfImage<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception e) when (e is GirException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new ImageFailure(e);
        }
    }

    private static T Guard<T>(IRestorer? restorer, Unit unit, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception e) when (e is not (OperationCanceledException or OutOfMemoryException))
        {
            throw Failure(restorer, unit, e.Message, e);
        }
    }

    private static EvaluationException Failure(IRestorer? restorer, Unit unit, string reason, Exception? cause = null)
    {
        string who = restorer is null ? "" : $", restorer '{restorer.Info.Name}'";
        return new EvaluationException($"Task '{unit.Task.Id}', image '{unit.Source.Image.Name}'{who}: {reason}", cause);
    }

    private sealed class ImageFailure(Exception cause) : Exception(cause.Message, cause);

    /// <summary>A task on an image, and who has still to be scored there.</summary>
    private sealed record Unit(Source Source, DegradationTask Task, bool LacksInput, Entrant[] Missing);

    /// <summary>A clean image with its depth, in memory from the first unit that needs it to the last.</summary>
    private sealed class Source
    {
        private readonly Lock _gate = new();
        private readonly CachedDepthEstimator? _estimator;
        private int _users;
        private ImageBuffer? _clean;
        private ImageBuffer? _depth;

        public Source(BenchmarkImage image, IDepthEstimator? estimator)
        {
            Image = image;
            _estimator = estimator is null ? null : new CachedDepthEstimator(estimator);
        }

        public BenchmarkImage Image { get; }

        public IDepthEstimator? Estimator => _estimator;

        public ImageBuffer Clean
        {
            get
            {
                lock (_gate)
                    return _clean ??= Image.Load();
            }
        }

        public ImageBuffer? Depth
        {
            get
            {
                lock (_gate)
                    return _depth ??= Image.LoadDepth();
            }
        }

        public Source Use()
        {
            _users++;
            return this;
        }

        public void Release()
        {
            lock (_gate)
            {
                if (--_users > 0)
                    return;
                (_clean, _depth) = (null, null);
                _estimator?.Forget();
            }
        }
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
