using System.Numerics.Tensors;
using Gir.Imaging;
using Gir.Imaging.Filtering;
using Gir.Imaging.Resampling;

namespace Gir.Models.Restoration;

/// <summary>Settings of <see cref="BackProjectionRestorer"/>.</summary>
public sealed record BackProjectionRestorerOptions
{
    /// <summary>How many times smaller the image was, 2..16; default 4, the representative task.</summary>
    public int Factor { get; init; } = 4;

    /// <summary>Iterations of back-projection, 1..100; default 10.</summary>
    public int Iterations { get; init; } = 10;

    /// <summary>How much the first estimate is sharpened, 0..5; default 0.25.</summary>
    public double Sharpening { get; init; } = 0.25;
}

/// <summary>
/// Restores an image that was shrunk and enlarged again, by iterative back-projection (Irani and Peleg, "Improving Resolution by Image
/// Registration", 1991): the result, shrunk in the same way, gives the same small image.
/// </summary>
/// <remarks>
/// Shrinking and enlarging are bicubic as in PyTorch (A = -0.75, no antialiasing). The small image is first recovered from the enlarged
/// one; then a sharpened copy is corrected by the enlarged differences until it is consistent. Since nothing is smoothed before
/// shrinking, the small image is full of aliasing, and consistency gains little: hundredths of a decibel on photographs.
/// An image below the factor in height or width is returned as it is.
/// </remarks>
public sealed class BackProjectionRestorer : ClassicalRestorer
{
    private const int RecoveryIterations = 6;

    private readonly BackProjectionRestorerOptions _options;

    /// <summary>Creates the restorer.</summary>
    /// <param name="options">Settings; null for the defaults.</param>
    /// <param name="parallelism">Threads; results do not depend on them.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range.</exception>
    public BackProjectionRestorer(BackProjectionRestorerOptions? options = null, Parallelism parallelism = default)
        : base(
            Named("back-projection", ("factor", (options ??= new()).Factor), ("iterations", options.Iterations), ("sharpening", options.Sharpening)),
            "Iterative back-projection against shrinking and enlarging",
            parallelism)
    {
        InRange(options.Factor, 2, 16, "BackProjectionRestorerOptions.Factor");
        InRange(options.Iterations, 1, 100, "BackProjectionRestorerOptions.Iterations");
        InRange(options.Sharpening, 0, 5, "BackProjectionRestorerOptions.Sharpening");
        _options = options;
    }

    private protected override ImageBuffer RestoreCore(ImageBuffer degraded, CancellationToken cancellationToken)
    {
        if (degraded.Height < _options.Factor || degraded.Width < _options.Factor)
            return degraded.Clone();
        ImageBuffer small = Recover(degraded, cancellationToken);
        FilterKernel blur = FilterKernel.Gaussian((2 * _options.Factor) + 1, _options.Factor / 2.0);
        ImageBuffer estimate = ImageFilter.Correlate(degraded, blur, BorderFor(degraded, blur), Parallelism);
        TensorPrimitives.Subtract(degraded.Samples, estimate.Samples, estimate.Samples);
        TensorPrimitives.Multiply(estimate.Samples, (float)_options.Sharpening, estimate.Samples);
        TensorPrimitives.Add(degraded.Samples, estimate.Samples, estimate.Samples);
        for (int i = 0; i < _options.Iterations; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            AddEnlarged(estimate, Difference(small, Shrink(estimate)));
        }

        return estimate;
    }

    // Enlarging and shrinking again changes little, so the fixed point of small += shrink(degraded - enlarge(small)) is near. The
    // enlarged image is clamped because the degraded one was: the kernel overshoots at edges.
    private ImageBuffer Recover(ImageBuffer degraded, CancellationToken cancellationToken)
    {
        ImageBuffer small = Shrink(degraded);
        for (int i = 0; i < RecoveryIterations; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            ImageBuffer enlarged = Enlarge(small, degraded);
            TensorPrimitives.Max(enlarged.Samples, 0f, enlarged.Samples);
            TensorPrimitives.Min(enlarged.Samples, 1f, enlarged.Samples);
            ImageBuffer missing = Shrink(Difference(degraded, enlarged));
            TensorPrimitives.Add(small.Samples, missing.Samples, small.Samples);
        }

        return small;
    }

    private ImageBuffer Shrink(ImageBuffer image) => Resampler.Resize(
        image, image.Height / _options.Factor, image.Width / _options.Factor, ResamplingKernel.Bicubic, ResamplingConvention.Torch, Parallelism);

    private ImageBuffer Enlarge(ImageBuffer image, ImageBuffer like) =>
        Resampler.Resize(image, like.Height, like.Width, ResamplingKernel.Bicubic, ResamplingConvention.Torch, Parallelism);

    private void AddEnlarged(ImageBuffer image, ImageBuffer small) =>
        TensorPrimitives.Add(image.Samples, Enlarge(small, image).Samples, image.Samples);

    // Into the second image, which nobody needs any more.
    private static ImageBuffer Difference(ImageBuffer image, ImageBuffer other)
    {
        TensorPrimitives.Subtract(image.Samples, other.Samples, other.Samples);
        return other;
    }
}
