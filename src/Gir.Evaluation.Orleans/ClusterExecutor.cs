using System.Collections.Concurrent;
using System.Diagnostics;
using Gir.Evaluation.Orleans.Coordination;
using Gir.Evaluation.Orleans.Messages;
using Gir.Evaluation.Execution;
using Gir.Evaluation.Recipes;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Orleans;

namespace Gir.Evaluation.Orleans;

/// <summary>Makes a benchmark's results on the silos of an Orleans cluster, whose workers <see cref="GirClusterServiceCollectionExtensions.AddGirCluster"/> or <c>gir worker</c> starts.</summary>
/// <remarks>
/// Every silo is handed orders (some tasks on one image) and asked for results in turns; an image travels to it once, by content. Silos may come and go: what a lost one has not delivered is
/// made by others, and a result that comes twice is dropped by the benchmark, which alone writes the file of results. Restorers are known by name and
/// <see cref="Gir.Models.Restoration.IRestorer.Identity"/>: a silo makes results of those that it has itself, with the same weights. Safe for concurrent use.
/// </remarks>
public sealed class ClusterExecutor : IBenchmarkExecutor
{
    private readonly IDesks _desks;
    private readonly ClusterExecutorOptions _options;
    private readonly ILogger _logger;

    /// <summary>Creates an executor.</summary>
    /// <param name="grains">A client of the cluster, or a silo's own factory.</param>
    /// <param name="options">Settings; null means the defaults.</param>
    /// <param name="logger">Told of silos that join and are lost; null: nobody is.</param>
    /// <exception cref="ArgumentOutOfRangeException">A setting is out of range.</exception>
    public ClusterExecutor(IGrainFactory grains, ClusterExecutorOptions? options = null, ILogger<ClusterExecutor>? logger = null)
        : this(new OrleansDesks(grains), options, logger)
    {
        ArgumentNullException.ThrowIfNull(grains);
    }

    internal ClusterExecutor(IDesks desks, ClusterExecutorOptions? options, ILogger<ClusterExecutor>? logger = null)
    {
        _desks = desks;
        _options = options ?? new ClusterExecutorOptions();
        _options.Validate();
        _logger = logger ?? (ILogger)NullLogger.Instance;
    }

    /// <inheritdoc/>
    /// <exception cref="EvaluationException">No silo can do what is left for longer than <see cref="ClusterExecutorOptions.Patience"/>, or an order failed repeatedly.</exception>
    public async Task ExecuteAsync(BenchmarkJob job, IBenchmarkSink sink, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(job);
        ArgumentNullException.ThrowIfNull(sink);
        using var images = new JobImages(job);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var run = new ClusterRun(job, sink, images, new Ledger(job.Items, job.Restorers.Count, _options.OrderTime), _options, _logger);
        var links = new Dictionary<string, Task>(StringComparer.Ordinal);
        try
        {
            await CoordinateAsync(run, links, stop);
        }
        finally
        {
            await stop.CancelAsync();
            await Task.WhenAll(links.Values).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        cancellationToken.ThrowIfCancellationRequested();
    }

    /// <summary>Has the silos train what a training of lines lacks; see <see cref="IBenchmarkClusterConnection.TrainLinesAsync"/>.</summary>
    /// <param name="terms">The training, in a folder that all silos share.</param>
    /// <param name="progress">Told how far the networks are; may be null.</param>
    /// <param name="cancellationToken">Stops the trainings; their state is saved.</param>
    /// <exception cref="EvaluationException">No silo can do what is left for longer than <see cref="ClusterExecutorOptions.Patience"/>, or a network failed again and again.</exception>
    public Task TrainLinesAsync(LineTerms terms, IProgress<LineTrainingProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(terms);
        return new LineRun(terms, _desks, _options, progress, _logger).RunAsync(cancellationToken);
    }

    private async Task CoordinateAsync(ClusterRun run, Dictionary<string, Task> links, CancellationTokenSource stop)
    {
        long lastUseful = Stopwatch.GetTimestamp();
        string trouble = "no silo answers";
        while (!run.Ledger.IsDone)
        {
            stop.Token.ThrowIfCancellationRequested();
            try
            {
                IReadOnlyList<string> silos = await _desks.SilosAsync().WaitAsync(_options.Silence, stop.Token);
                run.Alive = silos.ToHashSet(StringComparer.Ordinal);
                foreach (string silo in silos.Where(s => !links.TryGetValue(s, out Task? link) || link.IsCompleted))
                    links[silo] = new SiloLink(run, _desks, silo).RunAsync(stop.Token);
                trouble = run.Trouble() ?? (silos.Count == 0 ? "the cluster has no silo" : trouble);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                // Whatever a cluster answers while parts of it are lost: it is asked again, for as long as patience lasts.
                trouble = $"the cluster does not answer: {e.Message}";
                ClusterLog.ClusterSilent(_logger, e.Message);
            }

            run.Tell();
            if (run.Ledger.HasLeases)
                lastUseful = Stopwatch.GetTimestamp();
            if (Stopwatch.GetElapsedTime(lastUseful) > _options.Patience)
                throw new EvaluationException($"For {_options.Patience.TotalSeconds:0} s no silo of the cluster could do what is left: {trouble}.");
            await Task.WhenAny([Task.Delay(_options.Refresh, stop.Token), run.Ledger.Changed, .. links.Values.Where(l => !l.IsCompleted)]);
            foreach (Task link in links.Values.Where(l => l.IsFaulted))
                await link;
        }
    }
}
