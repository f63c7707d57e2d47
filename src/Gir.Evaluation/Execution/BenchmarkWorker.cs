using Gir.Degradations.Depth;
using Gir.Degradations.Tasks;
using Gir.Evaluation.Results;
using Gir.Metrics;
using Gir.Models.Restoration;
using Gir.Models.Tensors;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gir.Evaluation.Execution;

/// <summary>Makes results of benchmarks that another process describes by <see cref="BenchmarkTerms"/>: the same bits as there.</summary>
/// <remarks>Safe for concurrent use; networks run on one thread each.</remarks>
public sealed class BenchmarkWorker
{
    private readonly IReadOnlyList<IRestorer> _restorers;
    private readonly IMetricCatalog _metrics;
    private readonly IDepthEstimator? _depthEstimator;
    private readonly ILogger _logger;

    /// <summary>Creates a worker.</summary>
    /// <param name="restorers">The restorers that it has.</param>
    /// <param name="metrics">Its metrics; null: those that come with the packages.</param>
    /// <param name="depthEstimator">What estimates depth where a benchmark asks for one of its name; null: <see cref="HeuristicDepthEstimator"/>.</param>
    /// <param name="logger">Told of every image that is done; null: nobody is.</param>
    public BenchmarkWorker(IReadOnlyList<IRestorer> restorers, IMetricCatalog? metrics = null, IDepthEstimator? depthEstimator = null, ILogger<BenchmarkWorker>? logger = null)
    {
        ArgumentNullException.ThrowIfNull(restorers);
        _restorers = restorers;
        _metrics = metrics ?? new MetricCatalog();
        _depthEstimator = depthEstimator ?? new HeuristicDepthEstimator();
        _logger = logger ?? (ILogger)NullLogger.Instance;
        Restorers = [.. restorers.Select(r => new Entrant(r).Info)];
    }

    /// <summary>What the restorers are called in results, with their identities; in their order.</summary>
    public IReadOnlyList<RestorerInfo> Restorers { get; }

    /// <summary>Why results of a benchmark cannot be made here, in words; null where they can.</summary>
    /// <param name="terms">The benchmark.</param>
    public string? WhyUnfit(BenchmarkTerms terms)
    {
        ArgumentNullException.ThrowIfNull(terms);
        if (terms.Version != BenchmarkTerms.ThisVersion)
            return $"it has version {BenchmarkTerms.ThisVersion}, expected {terms.Version}";
        if (terms.DepthEstimator is { } estimator && estimator != _depthEstimator?.Name)
            return $"it has no depth estimator '{estimator}'";
        try
        {
            IReadOnlyList<EvaluatedMetric> here = new MetricSet(Options(terms)).Describe();
            return here.SequenceEqual(terms.Metrics) ? null : "its metrics are others of the same names";
        }
        catch (ArgumentException e)
        {
            return $"it lacks a metric: {e.Message}";
        }
    }

    /// <summary>Makes the results of some tasks on an image, one after another.</summary>
    /// <param name="terms">The benchmark.</param>
    /// <param name="image">The image; <see cref="BenchmarkItem.Image"/> means nothing here.</param>
    /// <param name="items">What is to be made; tasks by their place in <paramref name="tasks"/>, restorers by their place in <see cref="Restorers"/>.</param>
    /// <param name="tasks">The benchmark's tasks.</param>
    /// <param name="keep">Told each result, with its item, as soon as it is made.</param>
    /// <param name="cancellationToken">Stops the work between restorers, and within them where they listen.</param>
    /// <returns>Null where all is made; else why the image cannot be read, degraded, restored or measured.</returns>
    public Exception? Make(
        BenchmarkTerms terms,
        BenchmarkImage image,
        IReadOnlyList<BenchmarkItem> items,
        IReadOnlyList<DegradationTask> tasks,
        Action<BenchmarkItem, ResultRecord> keep,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(terms);
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(items);
        ArgumentNullException.ThrowIfNull(tasks);
        ArgumentNullException.ThrowIfNull(keep);
        BenchmarkOptions options = Options(terms);
        var work = new ItemWork(options, _restorers, Restorers, _logger);
        var source = new ImageSource(image, options.DepthEstimator);
        using ThreadLimit limit = ThreadLimit.Enter(1);
        try
        {
            foreach (BenchmarkItem item in items)
                work.Make(item, tasks[item.Task], source, result => keep(item, result), cancellationToken);
            return null;
        }
        catch (ImageFailure failure)
        {
            return failure.InnerException!;
        }
    }

    private BenchmarkOptions Options(BenchmarkTerms terms) => new()
    {
        Seed = terms.Seed,
        FullReference = [.. terms.FullReference.Select(_metrics.FindFullReference)],
        NoReference = [.. terms.NoReference.Select(_metrics.FindNoReference)],
        DepthEstimator = terms.DepthEstimator is null ? null : _depthEstimator,
    };
}
