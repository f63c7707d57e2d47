using Gir.Imaging;
using Gir.Imaging.Filtering;
using Gir.Imaging.Random;

namespace Gir.Degradations.Blur;

/// <summary>
/// Blur by a kernel, with a border reflected about the edge samples (GIR paper, appendix A.1; the further kernels: Real-ESRGAN,
/// Wang et al. 2021, section 3.1, and Table 2's "motion blur, unfocus blur").
/// </summary>
/// <remarks>
/// The defaults are the representative parameters: isotropic Gaussian, size 15, sigma 2. Parameters that a kind does not use are
/// ignored. The image must be larger than half the kernel in both directions.
/// </remarks>
public sealed record BlurDegradation : IDegradation
{
    private static readonly DegradationParameter s_kind =
        DegradationParameter.Choice<BlurKind>("kind", "Shape of the kernel.");

    private static readonly DegradationParameter s_size =
        DegradationParameter.Integer("size", 1, 127, "pixels", "Height and width of the kernel; motion and disk find their own.", odd: true);

    private static readonly DegradationParameter s_sigma =
        DegradationParameter.Number("sigma", 0.01, 100, "pixels", "Standard deviation, along the first axis where there are two.");

    private static readonly DegradationParameter s_sigmaY =
        DegradationParameter.Number("sigmaY", 0.01, 100, "pixels", "Standard deviation along the second axis (anisotropic, generalized-gaussian, plateau).");

    private static readonly DegradationParameter s_theta =
        DegradationParameter.Number("theta", -2 * Math.PI, 2 * Math.PI, "radians", "Direction of the first axis, from right towards down (anisotropic, generalized-gaussian, plateau).");

    private static readonly DegradationParameter s_beta =
        DegradationParameter.Number("beta", 0.05, 20, "", "Shape: 1 is the Gaussian, less has heavier tails, more is flatter (generalized-gaussian, plateau).");

    private static readonly DegradationParameter s_length =
        DegradationParameter.Number("length", 1, 127, "pixels", "Length of the motion.");

    private static readonly DegradationParameter s_angle =
        DegradationParameter.Number("angle", -360, 360, "degrees", "Direction of the motion, counter-clockwise from right.");

    private static readonly DegradationParameter s_radius =
        DegradationParameter.Number("radius", 0.1, 63, "pixels", "Radius of the disk.");

    private static readonly BoundedCache<BlurDegradation, FilterKernel> s_kernels = new(64, static blur => blur.CreateKernel());

    /// <summary>The operator as data.</summary>
    public static DegradationDescriptor Descriptor { get; } = DegradationDescriptor.Define<BlurDegradation>(
        "blur",
        "Blur: Gaussian kernels of several shapes, motion, defocus.",
        Sample,
        [
            s_kind.Bind<BlurDegradation>(b => DegradationValue.OfChoice(b.Kind), (b, v) => b with { Kind = v.Choice<BlurKind>() }),
            s_size.Bind<BlurDegradation>(b => b.Size, (b, v) => b with { Size = v.Integer }),
            s_sigma.Bind<BlurDegradation>(b => b.Sigma, (b, v) => b with { Sigma = v.Number }),
            s_sigmaY.Bind<BlurDegradation>(b => b.SigmaY, (b, v) => b with { SigmaY = v.Number }),
            s_theta.Bind<BlurDegradation>(b => b.Theta, (b, v) => b with { Theta = v.Number }),
            s_beta.Bind<BlurDegradation>(b => b.Beta, (b, v) => b with { Beta = v.Number }),
            s_length.Bind<BlurDegradation>(b => b.Length, (b, v) => b with { Length = v.Number }),
            s_angle.Bind<BlurDegradation>(b => b.Angle, (b, v) => b with { Angle = v.Number }),
            s_radius.Bind<BlurDegradation>(b => b.Radius, (b, v) => b with { Radius = v.Number }),
        ]);

    /// <inheritdoc/>
    public string Name => "blur";

    /// <summary>Shape of the kernel; default isotropic.</summary>
    public BlurKind Kind { get; init => field = s_kind.Check(value); } = BlurKind.Isotropic;

    /// <summary>Height and width of the kernel in pixels, odd, 1..127; default 15. Motion and disk find their own.</summary>
    public int Size { get; init => field = s_size.Check(value); } = 15;

    /// <summary>Standard deviation in pixels, along the first axis where there are two, 0.01..100; default 2.</summary>
    public double Sigma { get; init => field = s_sigma.Check(value); } = 2;

    /// <summary>Standard deviation along the second axis in pixels, 0.01..100; default 2.</summary>
    public double SigmaY { get; init => field = s_sigmaY.Check(value); } = 2;

    /// <summary>Direction of the first axis in radians, from right towards down, -2 pi..2 pi; default 0.</summary>
    public double Theta { get; init => field = s_theta.Check(value); }

    /// <summary>Shape of generalized Gaussian and plateau, 0.05..20; default 1.</summary>
    public double Beta { get; init => field = s_beta.Check(value); } = 1;

    /// <summary>Length of the motion in pixels, 1..127; default 15.</summary>
    public double Length { get; init => field = s_length.Check(value); } = 15;

    /// <summary>Direction of the motion in degrees, counter-clockwise from right, -360..360; default 0.</summary>
    public double Angle { get; init => field = s_angle.Check(value); }

    /// <summary>Radius of the disk in pixels, 0.1..63; default 3.</summary>
    public double Radius { get; init => field = s_radius.Check(value); } = 3;

    /// <inheritdoc/>
    public ImageBuffer Apply(ImageBuffer image, DegradationContext context) => OperatorInput.Correlate(image, s_kernels.Get(this), context);

    private static BlurDegradation Sample(PhiloxRandom random, RandomRange range) => new()
    {
        Size = RandomSize.Draw(random, range),
        Sigma = Math.Round(random.NextUniform(0.2, 3), 2),
    };

    private FilterKernel CreateKernel() => Kind switch
    {
        BlurKind.Anisotropic => FilterKernel.AnisotropicGaussian(Size, Sigma, SigmaY, Theta),
        BlurKind.GeneralizedGaussian => FilterKernel.GeneralizedGaussian(Size, Sigma, SigmaY, Theta, Beta),
        BlurKind.Plateau => FilterKernel.Plateau(Size, Sigma, SigmaY, Theta, Beta),
        BlurKind.Motion => FilterKernel.Motion(Length, Angle),
        BlurKind.Disk => FilterKernel.Disk(Radius),
        _ => FilterKernel.Gaussian(Size, Sigma),
    };
}
