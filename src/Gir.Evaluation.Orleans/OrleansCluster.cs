using Gir.Evaluation.Execution;
using Gir.Evaluation.Recipes;
using Gir.Models.Restoration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans;
using Orleans.Hosting;
using Orleans.Runtime;

namespace Gir.Evaluation.Orleans;

/// <summary>Clusters of Orleans, for programs that know no more of them than <see cref="IBenchmarkCluster"/>: the tool <c>gir</c>.</summary>
/// <remarks>Safe for concurrent use.</remarks>
public sealed class OrleansCluster : IBenchmarkCluster
{
    private static readonly TimeSpan s_stop = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_connect = TimeSpan.FromSeconds(60);

    /// <inheritdoc/>
    public async Task ServeAsync(string address, IReadOnlyList<IRestorer> restorers, int cores, Action<string> tell, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(restorers);
        ArgumentNullException.ThrowIfNull(tell);
        ClusterAddress cluster = Parse(address);
        while (!cancellationToken.IsCancellationRequested)
        {
            if (await TakePartAsync(cluster, restorers, cores, tell, cancellationToken) is not { } reason)
                return;
            tell($"is no part of the cluster any more ({reason}), and joins again");
        }
    }

    /// <inheritdoc/>
    public async Task<IBenchmarkClusterConnection> ConnectAsync(string address, Action<string> tell, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(tell);
        ClusterAddress cluster = Parse(address);
        HostApplicationBuilder builder = Bare(tell);
        var options = new ClusterExecutorOptions { Progress = new StateTeller(tell) };
        builder.Services.AddSingleton<IClientConnectionRetryFilter, PatientConnection>();
        builder.Services.AddOrleansClient(client => ClusterMembership.Configure(client, cluster, options.Silence));
        IHost host = builder.Build();
        try
        {
            await StartAsync(host, cluster, cancellationToken);
            return new Connection(host, new ClusterExecutor(
                host.Services.GetRequiredService<IGrainFactory>(), options, host.Services.GetService<ILogger<ClusterExecutor>>()));
        }
        catch
        {
            host.Dispose();
            throw;
        }
    }

    /// <summary>A silo's life.</summary>
    /// <returns>Why it ended; null: it was told to.</returns>
    private static async Task<string?> TakePartAsync(
        ClusterAddress cluster, IReadOnlyList<IRestorer> restorers, int cores, Action<string> tell, CancellationToken cancellationToken)
    {
        HostApplicationBuilder builder = Bare(tell);
        builder.Services.AddGirCluster(cluster, o =>
        {
            o.Models = [.. restorers];
            o.Cores = cores;
        });
        var end = new SiloEnd();
        builder.Services.AddSingleton<IFatalErrorHandler>(end);
        using IHost host = builder.Build();
        await StartAsync(host, cluster, cancellationToken);
        tell($"works for the cluster {cluster} with {cores} cores and {restorers.Count} restorers, process {Environment.ProcessId}");
        await Task.WhenAny(end.Reason, Task.Delay(Timeout.Infinite, cancellationToken));
        await StopAsync(host);
        return cancellationToken.IsCancellationRequested ? null : await end.Reason;
    }

    private static ClusterAddress Parse(string address)
    {
        try
        {
            return ClusterAddress.Parse(address);
        }
        catch (FormatException e)
        {
            throw new ArgumentException(e.Message, nameof(address), e);
        }
    }

    /// <summary>A host without files, environment and console of its own: the tool has its own ways.</summary>
    private static HostApplicationBuilder Bare(Action<string> tell)
    {
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Logging.SetMinimumLevel(LogLevel.Information);
        builder.Logging.AddProvider(new OwnMessages(tell));
        return builder;
    }

    private static async Task StartAsync(IHost host, ClusterAddress cluster, CancellationToken cancellationToken)
    {
        try
        {
            await host.StartAsync(cancellationToken);
        }
        catch (Exception e) when (e is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            throw new EvaluationException($"The cluster {cluster} cannot be reached: {e.GetBaseException().Message}", e);
        }
    }

    private static async Task StopAsync(IHost host)
    {
        using var limit = new CancellationTokenSource(s_stop);
        try
        {
            await host.StopAsync(limit.Token);
        }
        catch (Exception)
        {
            // The process ends anyhow, and the cluster finds out.
        }
    }

    private sealed class Connection(IHost host, ClusterExecutor executor) : IBenchmarkClusterConnection
    {
        public Task ExecuteAsync(BenchmarkJob job, IBenchmarkSink sink, CancellationToken cancellationToken) => executor.ExecuteAsync(job, sink, cancellationToken);

        public Task TrainLinesAsync(LineTerms terms, IProgress<LineTrainingProgress>? progress, CancellationToken cancellationToken) =>
            executor.TrainLinesAsync(terms, progress, cancellationToken);

        public async ValueTask DisposeAsync()
        {
            await StopAsync(host);
            host.Dispose();
        }
    }

    /// <summary>A silo that others have called dead (it was too slow to answer, say) may not go on; Orleans would end the process.</summary>
    private sealed class SiloEnd : IFatalErrorHandler
    {
        private readonly TaskCompletionSource<string> _reason = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<string> Reason => _reason.Task;

        public bool IsUnexpected(Exception exception) => exception is not OperationCanceledException;

        public void OnFatalException(object? sender, string? context, Exception? exception) => _reason.TrySetResult(exception?.Message ?? context ?? "for no reason that it told");
    }

    /// <summary>A cluster whose first silo has not come up yet is waited for.</summary>
    private sealed class PatientConnection : IClientConnectionRetryFilter
    {
        private readonly long _start = System.Diagnostics.Stopwatch.GetTimestamp();

        public async Task<bool> ShouldRetryConnectionAttempt(Exception exception, CancellationToken cancellationToken)
        {
            if (System.Diagnostics.Stopwatch.GetElapsedTime(_start) > s_connect)
                return false;
            await Task.Delay(TimeSpan.FromSeconds(0.5), cancellationToken);
            return true;
        }
    }

    /// <summary>Tells who takes part whenever that changes.</summary>
    private sealed class StateTeller(Action<string> tell) : IProgress<ClusterState>
    {
        private ClusterState? _last;

        public void Report(ClusterState value)
        {
            if (_last is { } last && (value.Silos, value.Cores, value.Lost) == (last.Silos, last.Cores, last.Lost))
                return;
            _last = value;
            string lost = value.Lost > 0 ? $", {value.Lost} lost so far" : "";
            tell($"cluster: {value.Silos} silos, {value.Cores} cores{lost}");
        }
    }

    /// <summary>Gir's own warnings; Orleans' are for who runs a host of his own.</summary>
    private sealed class OwnMessages(Action<string> tell) : ILoggerProvider
    {
        public ILogger CreateLogger(string categoryName) => categoryName.StartsWith("Gir.", StringComparison.Ordinal) ? new Teller(tell) : Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance;

        public void Dispose()
        {
        }

        private sealed class Teller(Action<string> tell) : ILogger
        {
            public IDisposable? BeginScope<TState>(TState state)
                where TState : notnull => null;

            public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

            public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
            {
                if (IsEnabled(logLevel))
                    tell(formatter(state, exception));
            }
        }
    }
}
