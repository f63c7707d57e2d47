using System.Buffers;
using System.Numerics;

namespace Gir.Imaging.Filtering;

/// <summary>Settings of <see cref="RichardsonLucy"/>.</summary>
/// <param name="Iterations">Number of iterations, at least 1.</param>
/// <param name="Start">Every sample of the first estimate; above 0; default 0.5, as in scikit-image.</param>
/// <param name="FilterEpsilon">Added to the blurred estimate before dividing by it; at least 0; default 1e-12, as in scikit-image.</param>
/// <param name="Clip">Clamps the result to [-1, 1], as scikit-image does; default true.</param>
public sealed record RichardsonLucyOptions(int Iterations, float Start = 0.5f, double FilterEpsilon = 1e-12, bool Clip = true)
{
    /// <summary>What lies beyond the edge in both convolutions; default <see cref="PadMode.Zero"/>, as in scikit-image.</summary>
    public PadMode Border { get; init; } = PadMode.Zero;

    /// <summary>A first estimate of the image's shape instead of the flat one; null (default) for the flat one.</summary>
    public ImageBuffer? StartImage { get; init; }

    internal void Validate()
    {
        if (Iterations < 1)
            throw new ArgumentOutOfRangeException("options", Iterations, "RichardsonLucyOptions.Iterations: expected at least 1.");
        if (!(Start > 0 && float.IsFinite(Start)))
            throw new ArgumentOutOfRangeException("options", Start, "RichardsonLucyOptions.Start: expected a finite number above 0.");
        if (!(FilterEpsilon >= 0 && double.IsFinite(FilterEpsilon)))
            throw new ArgumentOutOfRangeException("options", FilterEpsilon, "RichardsonLucyOptions.FilterEpsilon: expected a finite number of at least 0.");
    }
}

/// <summary>
/// The deconvolution of Richardson (1972) and Lucy (1974): estimate *= flipped(p) * (observed / (p * estimate + epsilon)), where *
/// between images is convolution. Follows scikit-image 0.19 restoration.richardson_lucy; every channel by itself.
/// </summary>
public static class RichardsonLucy
{
    /// <summary>Deconvolves an image in float32.</summary>
    /// <param name="image">The observed image; non-negative samples make sense.</param>
    /// <param name="pointSpread">What blurred it; usually of sum 1.</param>
    /// <param name="options">Iterations, start, borders.</param>
    /// <param name="parallelism">Threads; the result does not depend on them.</param>
    /// <param name="cancellationToken">Checked in every iteration.</param>
    /// <returns>A new image of the same shape.</returns>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range.</exception>
    /// <exception cref="ArgumentException">The start image has another shape, or the image is too small for a reflected border.</exception>
    public static ImageBuffer Deconvolve(
        ImageBuffer image,
        FilterKernel pointSpread,
        RichardsonLucyOptions options,
        Parallelism parallelism = default,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(options);
        if (options.StartImage is { } start && !start.HasShapeOf(image))
            throw new ArgumentException($"The start image is {start}, the observed image {image}; expected the same shape.", nameof(options));
        var estimate = GC.AllocateUninitializedArray<float>(image.Samples.Length);
        Deconvolve(image.Array, image.Channels, image.Height, image.Width, options.StartImage?.Array, estimate, pointSpread, options, parallelism, cancellationToken);
        return new ImageBuffer(image.Channels, image.Height, image.Width, estimate);
    }

    /// <summary>Deconvolves planes of any precision.</summary>
    internal static void Deconvolve<T>(
        T[] observed,
        int planes,
        int height,
        int width,
        T[]? start,
        T[] estimate,
        FilterKernel pointSpread,
        RichardsonLucyOptions options,
        Parallelism parallelism = default,
        CancellationToken cancellationToken = default)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(pointSpread);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        Border.Check(height, width, pointSpread.Height, pointSpread.Width, options.Border);
        int length = planes * height * width;
        if (start is null)
            Array.Fill(estimate, T.CreateTruncating(options.Start));
        else
            start.AsSpan(0, length).CopyTo(estimate);

        // Blurring is a convolution with the point spread, hence a correlation with its mirror image; the correction the other way round.
        var blur = new PreparedKernel<T>(pointSpread.Flipped());
        var correct = new PreparedKernel<T>(pointSpread);
        T[] ratio = ArrayPool<T>.Shared.Rent(length);
        try
        {
            for (int iteration = 0; iteration < options.Iterations; iteration++)
            {
                var divide = new RatioSink<T>(observed, ratio, T.CreateTruncating(options.FilterEpsilon), width);
                PlaneCorrelation.Run(estimate, planes, height, width, blur, options.Border, divide, parallelism, cancellationToken);
                PlaneCorrelation.Run(ratio, planes, height, width, correct, options.Border, new MultiplySink<T>(estimate, width), parallelism, cancellationToken);
            }
        }
        finally
        {
            ArrayPool<T>.Shared.Return(ratio);
        }

        if (options.Clip)
        {
            for (int i = 0; i < length; i++)
                estimate[i] = T.Clamp(estimate[i], -T.One, T.One);
        }
    }
}
