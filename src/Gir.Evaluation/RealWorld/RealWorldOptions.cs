using Gir.Imaging;
using Gir.Metrics;
using Gir.Metrics.FullReference;
using Gir.Metrics.NoReference;

namespace Gir.Evaluation.RealWorld;

/// <summary>How real images are evaluated.</summary>
public sealed record RealWorldOptions
{
    /// <summary>Metrics that need no reference; default NIQE by the library's own model.</summary>
    public IReadOnlyList<INoReferenceMetric> NoReference { get; init; } = [new Niqe()];

    /// <summary>Metrics of the images that have a ground truth; default PSNR and SSIM.</summary>
    public IReadOnlyList<IFullReferenceMetric> FullReference { get; init; } = [new Psnr(), new Ssim()];

    /// <summary>How many images are worked on at a time; the results do not depend on it. Default: one.</summary>
    public Parallelism Parallelism { get; init; }

    /// <summary>
    /// Told, from any thread, of an image that cannot be read or restored, and why; the report is over the others. Default null: the first one ends the run.
    /// </summary>
    public Action<RealWorldImage, Exception>? LeaveOut { get; init; }

    /// <summary>Given every restored image, from any thread, with the restorer's name; e.g. to save it. Default null.</summary>
    public Action<RealWorldType, RealWorldImage, string, ImageBuffer>? Restored { get; init; }
}
