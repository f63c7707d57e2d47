namespace Gir.Imaging.Filtering;

/// <summary>Linear and rank filters of images. Results have the same bits for any number of threads and any vector width.</summary>
/// <remarks>
/// A border of <see cref="PadMode.Reflect101"/> needs an image larger than the kernel's reach (half its size); smaller ones are
/// refused with an <see cref="ArgumentException"/>. Zero, Replicate, Symmetric and LinearRamp work for every size.
/// </remarks>
public static partial class ImageFilter
{
    /// <summary>Cross-correlates every channel with the same kernel, in float32; a separable kernel is applied as two passes.</summary>
    /// <param name="image">The image.</param>
    /// <param name="kernel">The weights; for a convolution give kernel.Flipped().</param>
    /// <param name="border">What lies beyond the edge; default Reflect101.</param>
    /// <param name="parallelism">Threads; the result does not depend on them.</param>
    /// <returns>A new image of the same shape, not clamped.</returns>
    /// <exception cref="ArgumentException">The image is too small for a reflected border.</exception>
    public static ImageBuffer Correlate(ImageBuffer image, FilterKernel kernel, PadMode border = PadMode.Reflect101, Parallelism parallelism = default)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(kernel);
        Border.Check(image.Height, image.Width, kernel.Height, kernel.Width, border);
        ImageBuffer result = Uninitialized(image);
        Correlate(image, kernel, result, border, parallelism);
        return result;
    }

    /// <summary>Cross-correlates every channel with the same kernel into an existing image, whose memory is used again.</summary>
    /// <param name="image">The image.</param>
    /// <param name="kernel">The weights; for a convolution give kernel.Flipped().</param>
    /// <param name="destination">Receives the result; of the image's shape, with memory of its own.</param>
    /// <param name="border">What lies beyond the edge; default Reflect101.</param>
    /// <param name="parallelism">Threads; the result does not depend on them.</param>
    /// <exception cref="ArgumentException">
    /// The destination has another shape or is the image itself, or the image is too small for a reflected border.
    /// </exception>
    public static void Correlate(
        ImageBuffer image,
        FilterKernel kernel,
        ImageBuffer destination,
        PadMode border = PadMode.Reflect101,
        Parallelism parallelism = default)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(kernel);
        ArgumentNullException.ThrowIfNull(destination);
        if (!destination.HasShapeOf(image))
            throw new ArgumentException($"The destination is {destination}, the image {image}; expected the same shape.", nameof(destination));
        if (ReferenceEquals(destination.Array, image.Array))
            throw new ArgumentException("The destination shares the image's samples; expected memory of its own.", nameof(destination));
        Border.Check(image.Height, image.Width, kernel.Height, kernel.Width, border);
        var sink = new StoreSink<float>(destination.Array, image.Width);
        PlaneCorrelation.Run(image.Array, image.Channels, image.Height, image.Width, new PreparedKernel<float>(kernel), border, sink, parallelism);
    }

    /// <summary>Cross-correlates every channel with a column and a row of weights.</summary>
    /// <param name="image">The image.</param>
    /// <param name="column">Vertical weights.</param>
    /// <param name="row">Horizontal weights.</param>
    /// <param name="border">What lies beyond the edge; default Reflect101.</param>
    /// <param name="parallelism">Threads; the result does not depend on them.</param>
    /// <returns>A new image of the same shape, not clamped.</returns>
    /// <exception cref="ArgumentException">A weight is not finite, or the image is too small for a reflected border.</exception>
    public static ImageBuffer CorrelateSeparable(
        ImageBuffer image,
        ReadOnlySpan<double> column,
        ReadOnlySpan<double> row,
        PadMode border = PadMode.Reflect101,
        Parallelism parallelism = default) =>
        Correlate(image, FilterKernel.FromFactors(column, row), border, parallelism);

    /// <summary>Blurs with an isotropic Gaussian.</summary>
    /// <param name="image">The image.</param>
    /// <param name="size">Odd size of the kernel.</param>
    /// <param name="sigma">Standard deviation in pixels, above 0.</param>
    /// <param name="border">What lies beyond the edge; default Reflect101.</param>
    /// <param name="parallelism">Threads; the result does not depend on them.</param>
    /// <returns>A new image of the same shape.</returns>
    /// <exception cref="ArgumentException">A parameter is out of range, or the image is too small for a reflected border.</exception>
    public static ImageBuffer GaussianBlur(ImageBuffer image, int size, double sigma, PadMode border = PadMode.Reflect101, Parallelism parallelism = default) =>
        Correlate(image, FilterKernel.Gaussian(size, sigma), border, parallelism);

    private static ImageBuffer Uninitialized(ImageBuffer shape) =>
        ImagePool.Rent(shape.Channels, shape.Height, shape.Width);
}
