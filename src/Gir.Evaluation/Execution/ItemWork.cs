using System.Diagnostics;
using Gir.Degradations.Depth;
using Gir.Degradations.Tasks;
using Gir.Evaluation.Results;
using Gir.Imaging;
using Gir.Imaging.Observability;
using Gir.Models.Restoration;
using Microsoft.Extensions.Logging;

namespace Gir.Evaluation.Execution;

/// <summary>Degrades an image, has restorers restore it, and measures: the same on every machine.</summary>
internal sealed class ItemWork(BenchmarkOptions options, IReadOnlyList<IRestorer> restorers, IReadOnlyList<RestorerInfo> infos, ILogger logger)
{
    private readonly MetricSet _metrics = new(options);

    /// <summary>Makes the results of an item, one after another.</summary>
    /// <param name="item">What is to be made.</param>
    /// <param name="task">Its task.</param>
    /// <param name="image">Its image.</param>
    /// <param name="keep">Told each result as soon as it is made.</param>
    /// <param name="cancellationToken">Stops the work between restorers, and within them where they listen.</param>
    /// <exception cref="ImageFailure">The image cannot be read, degraded, restored or measured.</exception>
    public void Make(BenchmarkItem item, DegradationTask task, ImageSource image, Action<ResultRecord> keep, CancellationToken cancellationToken)
    {
        using TimedWork.Piece work = EvaluationTelemetry.Unit.Begin(task.Id);
        work.Activity?.SetTag("gir.image", image.Name);
        long start = Stopwatch.GetTimestamp();
        var place = new Place(task, image);
        (ImageBuffer clean, ImageBuffer degraded) = OfImage(() => Degrade(place, cancellationToken));
        if (item.Input)
            keep(OfImage(() => Score(ResultRecord.InputName, null, place, clean, degraded, cancellationToken)));
        foreach (int index in item.Restorers)
        {
            cancellationToken.ThrowIfCancellationRequested();
            keep(OfImage(() => Score(infos[index].Name, infos[index].Identity, place, clean, Restore(restorers[index], place, degraded, cancellationToken), cancellationToken)));
        }

        work.Complete(item);
        EvaluationLog.UnitDone(logger, task.Id, image.Name, Stopwatch.GetElapsedTime(start).TotalSeconds);
    }

    private (ImageBuffer Clean, ImageBuffer Degraded) Degrade(Place place, CancellationToken cancellationToken)
    {
        ImageBuffer clean = place.Image.Clean;
        ImageBuffer degraded = Guard(null, place, () => TaskInput.Degrade(
            place.Task,
            options.Seed,
            place.Image.Name,
            clean,
            place.Task.Pipeline.UsesDepth ? place.Image.Depth : null,
            place.Image.Estimator,
            cancellationToken));
        return (TaskInput.Reference(clean, degraded), degraded);
    }

    private static ImageBuffer Restore(IRestorer restorer, Place place, ImageBuffer degraded, CancellationToken cancellationToken)
    {
        ImageBuffer restored = Guard(restorer, place, () => ScaledComparison.Restore(BenchmarkRun.Told(restorer, place.Task), degraded, cancellationToken));
        if (!restored.HasShapeOf(degraded))
            throw Failure(restorer, place, $"the restored image is {restored}, expected {degraded}.");
        if (SampleRange.Fault(restored, "the restored image", float.MaxValue) is { } fault)
            throw Failure(restorer, place, fault);
        return restored.Quantized();
    }

    private ResultRecord Score(string name, string? identity, Place place, ImageBuffer clean, ImageBuffer image, CancellationToken cancellationToken)
    {
        IReadOnlyDictionary<string, double> values = Guard(null, place, () => _metrics.Measure(clean, image, cancellationToken));
        foreach ((string metric, double value) in values)
        {
            if (!ResultStore.IsValue(metric, value))
                throw Failure(null, place, FormattableString.Invariant($"the result of '{name}' cannot be kept: Metric '{metric}' is {value}: expected a finite number."));
        }

        return new ResultRecord(name, place.Task.Id, place.Image.Name, values) { Identity = identity };
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

    private static T Guard<T>(IRestorer? restorer, Place place, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception e) when (e is not (OperationCanceledException or OutOfMemoryException))
        {
            throw Failure(restorer, place, e.Message, e);
        }
    }

    private static EvaluationException Failure(IRestorer? restorer, Place place, string reason, Exception? cause = null)
    {
        string who = restorer is null ? "" : $", restorer '{restorer.Info.Name}'";
        return new EvaluationException($"Task '{place.Task.Id}', image '{place.Image.Name}'{who}: {reason}", cause);
    }

    private sealed record Place(DegradationTask Task, ImageSource Image);
}

/// <summary>Why an image's work cannot be done; the cause is what is told.</summary>
internal sealed class ImageFailure(Exception cause) : Exception(cause.Message, cause);

/// <summary>A clean image with its depth, in memory from the first item that needs it to the last.</summary>
/// <param name="image">The image.</param>
/// <param name="estimator">Estimates its depth where it has none.</param>
internal sealed class ImageSource(BenchmarkImage image, IDepthEstimator? estimator)
{
    private readonly Lock _gate = new();
    private readonly CachedDepthEstimator? _estimator = estimator is null ? null : new CachedDepthEstimator(estimator);
    private int _users;
    private ImageBuffer? _clean;
    private ImageBuffer? _depth;

    public string Name => image.Name;

    public IDepthEstimator? Estimator => _estimator;

    public ImageBuffer Clean
    {
        get
        {
            lock (_gate)
                return _clean ??= image.Load();
        }
    }

    public ImageBuffer? Depth
    {
        get
        {
            lock (_gate)
                return _depth ??= image.LoadDepth();
        }
    }

    public void Use()
    {
        lock (_gate)
            _users++;
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
