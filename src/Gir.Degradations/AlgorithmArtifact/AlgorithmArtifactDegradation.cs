using Gir.Degradations.Kernels;
using Gir.Imaging;
using Gir.Imaging.Filtering;
using Gir.Imaging.Kernels;
using Gir.Imaging.Random;

namespace Gir.Degradations.AlgorithmArtifact;

/// <summary>
/// The artifacts of a restoration algorithm: Richardson-Lucy deconvolution (GIR paper, appendix A.1) of an image that was not blurred so.
/// </summary>
/// <remarks>
/// <para>
/// The default is what the reference generator does: pad by 7 samples that fall linearly to 0, one iteration of scikit-image's
/// <c>richardson_lucy</c> with a flat 5 x 5 point spread from a flat 0.5, crop. That is a 5 x 5 box blur which darkens the outer two
/// samples, and it is computed as such. Zero lies beyond the padding.
/// </para>
/// <para>
/// The paper speaks of "grain and smearing effects", which one iteration does not show: <see cref="Grainy"/> does, by iterating on
/// a lightly blurred and noisy image, whose noise the iteration amplifies.
/// </para>
/// </remarks>
public sealed record AlgorithmArtifactDegradation : IDegradation
{
    private const uint NoiseStream = 1;
    private const double NegligibleEpsilon = 1e-9;

    private static readonly DegradationParameter s_iterations = DegradationParameter.Integer("iterations", 1, 200, "", "Iterations of Richardson-Lucy.");
    private static readonly DegradationParameter s_pointSpread = DegradationParameter.Choice<PointSpread>("point-spread", "The assumed blur.");
    private static readonly DegradationParameter s_size = DegradationParameter.Integer("size", 1, 31, "pixels", "Side of the assumed blur.", odd: true);
    private static readonly DegradationParameter s_sigma = DegradationParameter.Number("sigma", 0.1, 20, "pixels", "Standard deviation of a Gaussian point spread.");
    private static readonly DegradationParameter s_start = DegradationParameter.Number("start", 0.001, 1, "", "Every sample of the first estimate.");
    private static readonly DegradationParameter s_epsilon = DegradationParameter.Number("epsilon", 0, 0.1, "", "Added to the denominator.");
    private static readonly DegradationParameter s_padding = DegradationParameter.Integer("padding", 0, 64, "pixels", "Padding that falls linearly to 0, cropped afterwards.");
    private static readonly DegradationParameter s_blur = DegradationParameter.Number("blur", 0.01, 10, "pixels", "Standard deviation of a Gaussian blur before.").Or(0, "none");
    private static readonly DegradationParameter s_noise = DegradationParameter.Number("noise", 0, 100, "levels", "Standard deviation of Gaussian noise before.");

    /// <summary>The operator as data.</summary>
    public static DegradationDescriptor Descriptor { get; } = DegradationDescriptor.Define<AlgorithmArtifactDegradation>(
        "algorithm-artifact",
        "Runs Richardson-Lucy deconvolution on an image that does not need it.",
        (_, _) => new AlgorithmArtifactDegradation(),
        [
            s_iterations.Bind<AlgorithmArtifactDegradation>(a => a.Iterations, (a, v) => a with { Iterations = v.Integer }),
            s_pointSpread.Bind<AlgorithmArtifactDegradation>(
                a => DegradationValue.OfChoice(a.PointSpread), (a, v) => a with { PointSpread = v.Choice<PointSpread>() }),
            s_size.Bind<AlgorithmArtifactDegradation>(a => a.Size, (a, v) => a with { Size = v.Integer }),
            s_sigma.Bind<AlgorithmArtifactDegradation>(a => a.Sigma, (a, v) => a with { Sigma = v.Number }),
            s_start.Bind<AlgorithmArtifactDegradation>(a => a.Start, (a, v) => a with { Start = v.Number }),
            s_epsilon.Bind<AlgorithmArtifactDegradation>(a => a.Epsilon, (a, v) => a with { Epsilon = v.Number }),
            s_padding.Bind<AlgorithmArtifactDegradation>(a => a.Padding, (a, v) => a with { Padding = v.Integer }),
            s_blur.Bind<AlgorithmArtifactDegradation>(a => a.Blur, (a, v) => a with { Blur = v.Number }),
            s_noise.Bind<AlgorithmArtifactDegradation>(a => a.Noise, (a, v) => a with { Noise = v.Number }),
        ]);

    /// <summary>The artifacts that the paper describes: 30 iterations on an image blurred by sigma 1.2 with noise of 5 levels.</summary>
    public static AlgorithmArtifactDegradation Grainy { get; } = new() { Iterations = 30, Blur = 1.2, Noise = 5 };

    /// <summary>Iterations, 1..200; default 1.</summary>
    public int Iterations { get; init => field = s_iterations.Check(value); } = 1;

    /// <summary>The assumed blur; default <see cref="PointSpread.Box"/>.</summary>
    public PointSpread PointSpread { get; init => field = s_pointSpread.Check(value); } = PointSpread.Box;

    /// <summary>Side of the assumed blur in pixels, odd, 1..31; default 5.</summary>
    public int Size { get; init => field = s_size.Check(value); } = RampBox.Size;

    /// <summary>Standard deviation in pixels of <see cref="PointSpread.Gaussian"/>, 0.1..20; default 1.2.</summary>
    public double Sigma { get; init => field = s_sigma.Check(value); } = 1.2;

    /// <summary>Every sample of the first estimate, 0.001..1; default 0.5.</summary>
    public double Start { get; init => field = s_start.Check(value); } = 0.5;

    /// <summary>Added to the denominator, 0..0.1; default 1e-12.</summary>
    public double Epsilon { get; init => field = s_epsilon.Check(value); } = 1e-12;

    /// <summary>Pixels of padding that falls linearly to 0 before, cropped afterwards, 0..64; default 7.</summary>
    public int Padding { get; init => field = s_padding.Check(value); } = RampBox.Padding;

    /// <summary>Standard deviation in pixels of a Gaussian blur before, 0.01..10, or 0 for none; default 0.</summary>
    public double Blur { get; init => field = s_blur.Check(value); }

    /// <summary>Standard deviation in levels of 0..255 of Gaussian noise before, 0..100; default 0: none.</summary>
    public double Noise { get; init => field = s_noise.Check(value); }

    /// <inheritdoc/>
    public string Name => Descriptor.Name;

    private bool IsRampBox => Iterations == 1 && PointSpread == PointSpread.Box && Size == RampBox.Size
        && Padding == RampBox.Padding && Epsilon <= NegligibleEpsilon;

    /// <inheritdoc/>
    public ImageBuffer Apply(ImageBuffer image, DegradationContext context)
    {
        OperatorInput.Check(image, context);
        ImageBuffer observed = AddNoise(Blurred(image, context), context);
        return IsRampBox ? RampBox.Apply(observed, context) : Deconvolve(observed, context);
    }

    /// <summary>The iteration itself, whatever the parameters.</summary>
    internal ImageBuffer Deconvolve(ImageBuffer observed, DegradationContext context)
    {
        FilterKernel pointSpread = PointSpread == PointSpread.Box ? FilterKernel.Box(Size) : FilterKernel.Gaussian(Size, Sigma);
        ImageBuffer padded = observed.Pad(Padding, Padding, Padding, Padding, PadMode.LinearRamp);
        var options = new RichardsonLucyOptions(Iterations, (float)Start, Epsilon);
        ImageBuffer estimate = RichardsonLucy.Deconvolve(padded, pointSpread, options, context.Parallelism, context.CancellationToken);
        return estimate.Crop(Padding, Padding, observed.Height, observed.Width);
    }

    private ImageBuffer Blurred(ImageBuffer image, DegradationContext context)
    {
        if (Blur == 0)
            return image;
        int size = (2 * (int)Math.Ceiling(3 * Blur)) + 1;
        return ImageFilter.GaussianBlur(image, size, Blur, PadMode.Replicate, context.Parallelism);
    }

    private ImageBuffer AddNoise(ImageBuffer image, DegradationContext context)
    {
        if (Noise == 0)
            return image;
        ImageBuffer noisy = Uninitialized.Like(image);
        var body = new NoiseBody(image, noisy, (float)(Noise / 255), context.Seed);
        context.Parallelism.For(image.Height * image.Channels, 32, body, context.CancellationToken);
        return noisy;
    }

    private readonly struct NoiseBody(ImageBuffer image, ImageBuffer noisy, float sigma, ulong seed) : IRangeBody
    {
        public void Invoke(int start, int end)
        {
            int first = start * image.Width;
            int count = (end - start) * image.Width;
            Span<float> noise = noisy.Samples.Slice(first, count);
            Philox4x32.FillGaussian(noise, seed, NoiseStream, (ulong)first);
            // Clamped: a negative sample has no meaning for the iteration.
            RowMap.Invoke(image.Samples.Slice(first, count), noise, noise, new SaturatingAdd(sigma));
        }
    }
}
