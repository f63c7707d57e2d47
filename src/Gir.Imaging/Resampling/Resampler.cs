namespace Gir.Imaging.Resampling;

/// <summary>Changes the size of an image as a named library does.</summary>
/// <remarks>
/// Planes are resampled independently; float conventions do not clip (bicubic and Lanczos overshoot). Images of one row or column are
/// legal in every convention: beyond the edge lies the only sample. Results are the same bits for any number of threads.
/// </remarks>
public static class Resampler
{
    private const double LargestScale = 65536;

    /// <summary>Resizes to a given size.</summary>
    /// <param name="image">Any number of planes, nominally [0, 1]; not changed.</param>
    /// <param name="height">Rows of the result, at least 1.</param>
    /// <param name="width">Columns of the result, at least 1.</param>
    /// <param name="kernel">The weighting.</param>
    /// <param name="convention">Whose arithmetic.</param>
    /// <param name="parallelism">Threads to use.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is below 1, or the result would be too large.</exception>
    /// <exception cref="ArgumentException">The convention has no such kernel.</exception>
    public static ImageBuffer Resize(
        ImageBuffer image,
        int height,
        int width,
        ResamplingKernel kernel,
        ResamplingConvention convention = ResamplingConvention.OpenCv,
        Parallelism parallelism = default)
    {
        ArgumentNullException.ThrowIfNull(image);
        CheckKernel(kernel, convention);
        ImageBuffer result = Uninitialized(image.Channels, height, width);
        Run(image, result, kernel, convention, null, parallelism);
        return result;
    }

    /// <summary>Resizes into an existing image, whose shape says the size; allocates no samples.</summary>
    /// <param name="image">The image; not changed.</param>
    /// <param name="destination">Receives the result: as many planes as the image, other samples than the image's own.</param>
    /// <param name="kernel">The weighting.</param>
    /// <param name="convention">Whose arithmetic.</param>
    /// <param name="parallelism">Threads to use.</param>
    /// <exception cref="ArgumentException">The plane counts differ, both are the same samples, or the convention has no such kernel.</exception>
    public static void Resize(
        ImageBuffer image,
        ImageBuffer destination,
        ResamplingKernel kernel,
        ResamplingConvention convention = ResamplingConvention.OpenCv,
        Parallelism parallelism = default)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(destination);
        CheckKernel(kernel, convention);
        if (destination.Channels != image.Channels)
        {
            throw new ArgumentException(
                $"The image has {image.Channels} channels, so the destination needs as many; it has {destination.Channels}.", nameof(destination));
        }

        if (ReferenceEquals(image.Array, destination.Array))
            throw new ArgumentException("An image cannot be resized into its own samples.", nameof(destination));
        Run(image, destination, kernel, convention, null, parallelism);
    }

    /// <summary>
    /// Resizes by a factor. The size is that of <see cref="OutputLength"/>; sampling steps are exactly 1 / scale (Pillow, which knows sizes
    /// only: the ratio of the sizes). The paper's resize degradation is Torch bicubic by 1/4 and <see cref="Resize(ImageBuffer, int, int,
    /// ResamplingKernel, ResamplingConvention, Parallelism)"/> back.
    /// </summary>
    /// <param name="image">Any number of planes, nominally [0, 1]; not changed.</param>
    /// <param name="scale">Output samples per input sample on both axes, 1/65536..65536; below 1 shrinks.</param>
    /// <param name="kernel">The weighting.</param>
    /// <param name="convention">Whose arithmetic.</param>
    /// <param name="parallelism">Threads to use.</param>
    /// <exception cref="ArgumentOutOfRangeException">The scale is out of range, or gives no sample or too many on an axis.</exception>
    /// <exception cref="ArgumentException">The convention has no such kernel.</exception>
    public static ImageBuffer Scale(
        ImageBuffer image,
        double scale,
        ResamplingKernel kernel,
        ResamplingConvention convention = ResamplingConvention.OpenCv,
        Parallelism parallelism = default)
    {
        ArgumentNullException.ThrowIfNull(image);
        CheckKernel(kernel, convention);
        ImageBuffer result = Uninitialized(
            image.Channels, OutputLength(image.Height, scale, convention), OutputLength(image.Width, scale, convention));
        Run(image, result, kernel, convention, scale, parallelism);
        return result;
    }

    /// <summary>Samples along an axis after scaling: Torch rounds down, MATLAB up, OpenCV and Pillow half to even.</summary>
    /// <param name="length">Samples before, at least 1.</param>
    /// <param name="scale">Output samples per input sample, 1/65536..65536.</param>
    /// <param name="convention">Whose rounding.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is out of range, or the result would be below 1 or above <see cref="int.MaxValue"/>.</exception>
    public static int OutputLength(int length, double scale, ResamplingConvention convention)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 1);
        if (!(scale >= 1 / LargestScale && scale <= LargestScale))
            throw new ArgumentOutOfRangeException(nameof(scale), scale, "Expected a scale of 1/65536 to 65536.");
        double exact = length * scale;
        double rounded = convention switch
        {
            ResamplingConvention.Torch => Math.Floor(exact),
            ResamplingConvention.Matlab or ResamplingConvention.MatlabUint8 or ResamplingConvention.MatlabUint8Symmetric => Math.Ceiling(exact),
            _ => Math.Round(exact, MidpointRounding.ToEven),
        };
        if (rounded is < 1 or > int.MaxValue)
        {
            throw new ArgumentOutOfRangeException(
                nameof(scale), scale, $"{length} samples would become {rounded}; expected 1..{int.MaxValue}.");
        }

        return (int)rounded;
    }

    /// <summary>Whether a convention has a kernel.</summary>
    public static bool IsSupported(ResamplingKernel kernel, ResamplingConvention convention) => convention switch
    {
        ResamplingConvention.Torch => kernel is ResamplingKernel.Nearest or ResamplingKernel.Bilinear or ResamplingKernel.Bicubic or ResamplingKernel.Area,
        ResamplingConvention.OpenCv => kernel is ResamplingKernel.Nearest or ResamplingKernel.Bilinear or ResamplingKernel.Bicubic
            or ResamplingKernel.Lanczos or ResamplingKernel.Area,
        ResamplingConvention.Matlab or ResamplingConvention.MatlabUint8 or ResamplingConvention.MatlabUint8Symmetric =>
            kernel is ResamplingKernel.Nearest or ResamplingKernel.Bilinear or ResamplingKernel.Bicubic or ResamplingKernel.Lanczos or ResamplingKernel.Box,
        ResamplingConvention.Pillow or ResamplingConvention.PillowFloat =>
            kernel is ResamplingKernel.Nearest or ResamplingKernel.Bilinear or ResamplingKernel.Bicubic or ResamplingKernel.Lanczos
            or ResamplingKernel.Box or ResamplingKernel.Hamming,
        _ => false,
    };

    private static void CheckKernel(ResamplingKernel kernel, ResamplingConvention convention)
    {
        if (!Enum.IsDefined(convention))
            throw new ArgumentException($"Unknown resampling convention {convention}.", nameof(convention));
        if (!IsSupported(kernel, convention))
        {
            IEnumerable<ResamplingKernel> known = Enum.GetValues<ResamplingKernel>().Where(k => IsSupported(k, convention));
            throw new ArgumentException($"{convention} has no kernel {kernel}; expected one of {string.Join(", ", known)}.", nameof(kernel));
        }
    }

    private static ImageBuffer Uninitialized(int channels, int height, int width)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        return ImagePool.Rent(channels, height, width);
    }

    private static void Run(
        ImageBuffer source, ImageBuffer destination, ResamplingKernel kernel, ResamplingConvention convention, double? scale, Parallelism parallelism)
    {
        bool shrinks = destination.Height <= source.Height && destination.Width <= source.Width;
        AxisWeights vertical = Axis(kernel, convention, source.Height, destination.Height, scale, shrinks);
        bool square = source.Height == source.Width && destination.Height == destination.Width;
        AxisWeights horizontal = square ? vertical : Axis(kernel, convention, source.Width, destination.Width, scale, shrinks);
        switch (convention)
        {
            case ResamplingConvention.MatlabUint8 or ResamplingConvention.MatlabUint8Symmetric:
                // imresize begins with the axis that shrinks most, with rows where both are alike.
                bool rowsFirst = scale is not null || (long)destination.Height * source.Width <= (long)destination.Width * source.Height;
                ByteResampler.Apply(source, destination, vertical, horizontal, rowsFirst, parallelism);
                break;
            case ResamplingConvention.Pillow:
                ByteResampler.Apply(source, destination, vertical, horizontal, verticalFirst: false, parallelism);
                break;
            default:
                SeparableResampler.Apply(source, destination, vertical, horizontal, parallelism);
                break;
        }
    }

    private static AxisWeights Axis(
        ResamplingKernel kernel, ResamplingConvention convention, int input, int output, double? scale, bool shrinks) => convention switch
    {
        ResamplingConvention.Torch => TorchAxis.Create(kernel, input, output, scale),
        ResamplingConvention.OpenCv => OpenCvAxis.Create(kernel, input, output, scale, shrinks),
        ResamplingConvention.Matlab => MatlabAxis.Create(kernel, input, output, scale, AxisWeights.Edge.Mirror),
        ResamplingConvention.MatlabUint8 => MatlabAxis.Create(kernel, input, output, scale, AxisWeights.Edge.Clamp),
        ResamplingConvention.MatlabUint8Symmetric => MatlabAxis.Create(kernel, input, output, scale, AxisWeights.Edge.Mirror),
        ResamplingConvention.Pillow => PillowAxis.Create(kernel, input, output, eightBit: true),
        _ => PillowAxis.Create(kernel, input, output, eightBit: false),
    };
}
