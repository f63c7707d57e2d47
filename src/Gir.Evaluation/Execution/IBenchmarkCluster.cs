using Gir.Evaluation.Recipes;
using Gir.Models.Restoration;

namespace Gir.Evaluation.Execution;

/// <summary>Clusters whose machines make results of benchmarks, as programs ask an optional package for them. Safe for concurrent use.</summary>
public interface IBenchmarkCluster
{
    /// <summary>Works for a cluster until it is told to stop.</summary>
    /// <param name="address">The cluster, in the package's words.</param>
    /// <param name="restorers">The restorers that this process has.</param>
    /// <param name="cores">How many images it works on at a time.</param>
    /// <param name="tell">Told, from any thread, when it has begun and what goes wrong.</param>
    /// <param name="cancellationToken">Stops it in good order.</param>
    /// <exception cref="ArgumentException">The text is no address.</exception>
    /// <exception cref="EvaluationException">The cluster cannot be reached.</exception>
    Task ServeAsync(string address, IReadOnlyList<IRestorer> restorers, int cores, Action<string> tell, CancellationToken cancellationToken);

    /// <summary>Connects to a cluster; waits for about a minute where it is not up yet.</summary>
    /// <param name="address">The cluster, in the package's words.</param>
    /// <param name="tell">Told, from any thread, who takes part and what goes wrong.</param>
    /// <param name="cancellationToken">Stops the attempt.</param>
    /// <exception cref="ArgumentException">The text is no address.</exception>
    /// <exception cref="EvaluationException">The cluster cannot be reached.</exception>
    Task<IBenchmarkClusterConnection> ConnectAsync(string address, Action<string> tell, CancellationToken cancellationToken);
}

/// <summary>A connection to a cluster: for <see cref="BenchmarkOptions.Executor"/>.</summary>
public interface IBenchmarkClusterConnection : IBenchmarkExecutor, IAsyncDisposable
{
    /// <summary>Has the cluster make what a training of lines lacks; its folder has to be one that all machines share. <see cref="LineTraining.RunAsync"/> then finds everything done.</summary>
    /// <param name="terms">The training.</param>
    /// <param name="progress">Told, from any thread, how far the networks are; may be null.</param>
    /// <param name="cancellationToken">Stops the trainings; their state is saved.</param>
    /// <exception cref="EvaluationException">No machine of the cluster can do it, or a network failed again and again.</exception>
    Task TrainLinesAsync(LineTerms terms, IProgress<LineTrainingProgress>? progress, CancellationToken cancellationToken);
}
