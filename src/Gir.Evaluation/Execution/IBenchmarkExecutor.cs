using Gir.Degradations.Tasks;
using Gir.Evaluation.Results;
using Gir.Models.Restoration;

namespace Gir.Evaluation.Execution;

/// <summary>Makes the results of a <see cref="Benchmark"/>: on this machine (the default), or on others.</summary>
/// <remarks>
/// The benchmark says what is to be made, and keeps what comes back: results may come in any order, and one that comes a second time is dropped. Implementations
/// are safe for concurrent use.
/// </remarks>
public interface IBenchmarkExecutor
{
    /// <summary>Makes results and hands each over as soon as it is made.</summary>
    /// <param name="job">What is to be made.</param>
    /// <param name="sink">Takes the results.</param>
    /// <param name="cancellationToken">Stops the work; what was handed over is kept.</param>
    /// <returns>Ends when every item was worked on, or its image given up.</returns>
    Task ExecuteAsync(BenchmarkJob job, IBenchmarkSink sink, CancellationToken cancellationToken);
}

/// <summary>Takes what an executor makes. Safe for concurrent use.</summary>
public interface IBenchmarkSink
{
    /// <summary>Keeps a result; when this returns it is in the file of results.</summary>
    /// <param name="result">The result; one that there is already is dropped.</param>
    /// <exception cref="EvaluationException">It is no result of this benchmark.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    void Keep(ResultRecord result);

    /// <summary>Tells that an image cannot be read, degraded, restored or measured.</summary>
    /// <param name="image">The image, by its place in <see cref="BenchmarkJob.Images"/>.</param>
    /// <param name="reason">Why; thrown where the benchmark does not go on without such images (<see cref="BenchmarkOptions.LeaveOut"/>).</param>
    void GiveUp(int image, Exception reason);

    /// <summary>Whether an image was given up: its further items need no work.</summary>
    /// <param name="image">The image, by its place.</param>
    bool IsGivenUp(int image);
}

/// <summary>What an <see cref="IBenchmarkExecutor"/> is to make.</summary>
public sealed record BenchmarkJob
{
    /// <summary>Seed, metrics and depth estimator; how many images at a time.</summary>
    public required BenchmarkOptions Options { get; init; }

    /// <summary>What the results depend on.</summary>
    public required EvaluationConfiguration Configuration { get; init; }

    /// <summary>The restorers.</summary>
    public required IReadOnlyList<IRestorer> Restorers { get; init; }

    /// <summary>What they are called in results, with their identities; in the same order.</summary>
    public required IReadOnlyList<RestorerInfo> Infos { get; init; }

    /// <summary>The tasks.</summary>
    public required IReadOnlyList<DegradationTask> Tasks { get; init; }

    /// <summary>The images.</summary>
    public required IReadOnlyList<BenchmarkImage> Images { get; init; }

    /// <summary>What is to be made, image after image.</summary>
    public required IReadOnlyList<BenchmarkItem> Items { get; init; }
}

/// <summary>A task on an image, and who is to be scored there.</summary>
/// <param name="Image">The image, by its place in the job.</param>
/// <param name="Task">The task, by its place.</param>
/// <param name="Input">Whether the degraded image itself is to be scored.</param>
/// <param name="Restorers">The restorers to be scored, by their places.</param>
public sealed record BenchmarkItem(int Image, int Task, bool Input, IReadOnlyList<int> Restorers);
