using Gir.Degradations.Depth;
using Gir.Degradations.Tasks;
using Gir.Imaging;
using Gir.Imaging.Random;

namespace Gir.Evaluation;

/// <summary>What a restorer is given: a task done to a clean image.</summary>
internal static class TaskInput
{
    /// <summary>Degrades an image; rounded to 8 bits, as if saved to a file.</summary>
    /// <param name="task">The task.</param>
    /// <param name="seed">The benchmark's seed; every task and image has draws of its own.</param>
    /// <param name="imageName">The image's name.</param>
    /// <param name="clean">The image.</param>
    /// <param name="depth">Its depth, where it has one.</param>
    /// <param name="estimator">Estimates its depth where it has none.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    public static ImageBuffer Degrade(
        DegradationTask task,
        ulong seed,
        string imageName,
        ImageBuffer clean,
        ImageBuffer? depth,
        IDepthEstimator? estimator,
        CancellationToken cancellationToken) =>
        task.Pipeline.Degrade(clean, Philox4x32.DeriveSeed(seed, task.Id), imageName, depth, estimator, parallelism: default, cancellationToken).Quantized();

    /// <summary>What a result is held against: a pipeline may crop to multiples of its own, and the reference then is what is left.</summary>
    public static ImageBuffer Reference(ImageBuffer clean, ImageBuffer degraded) =>
        clean.HasShapeOf(degraded) ? clean : clean.Crop(0, 0, degraded.Height, degraded.Width);
}
