using Gir.Degradations.Depth;
using Gir.Evaluation.Execution;
using Gir.Evaluation.Generality;
using Gir.Imaging;
using Gir.Metrics;
using Gir.Metrics.FullReference;

namespace Gir.Evaluation;

/// <summary>How a <see cref="Benchmark"/> runs.</summary>
public sealed record BenchmarkOptions
{
    /// <summary>The seed of all degradations; default 0. Every task and image has draws of its own.</summary>
    public ulong Seed { get; init; }

    /// <summary>How many images are worked on at a time; the results do not depend on it. Default: one.</summary>
    public Parallelism Parallelism { get; init; }

    /// <summary>Metrics with a reference; must hold one named "psnr". Default: PSNR and SSIM.</summary>
    public IReadOnlyList<IFullReferenceMetric> FullReference { get; init; } = [new Psnr(), new Ssim()];

    /// <summary>Metrics without a reference; default none.</summary>
    public IReadOnlyList<INoReferenceMetric> NoReference { get; init; } = [];

    /// <summary>
    /// Estimates the depth of images that come without, for haze and snow; default null: such a task then needs images with depth.
    /// </summary>
    public IDepthEstimator? DepthEstimator { get; init; }

    /// <summary>
    /// The file that keeps results as they are made, so that a killed run goes on where it was; default null: nothing is kept.
    /// </summary>
    public string? ResultsPath { get; init; }

    /// <summary>
    /// Told, from any thread, of an image that cannot be read, degraded or restored, and why; the run goes on without it, and the report is over the
    /// others. Where none is left the run ends with the first reason. Default null: the first such image ends the run.
    /// </summary>
    public Action<BenchmarkImage, Exception>? LeaveOut { get; init; }

    /// <summary>Makes the results; default null: this process does.</summary>
    public IBenchmarkExecutor? Executor { get; init; }

    /// <summary>How rates and intervals are computed.</summary>
    public GeneralityOptions Generality { get; init; } = GeneralityOptions.Default;
}
