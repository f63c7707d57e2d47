using Gir.Imaging;
using Gir.Imaging.Filtering;
using Gir.Imaging.Random;

namespace Gir.Degradations.Ringing;

/// <summary>
/// Ringing and overshoot by a truncated sinc filter (GIR paper, appendix A.1; Real-ESRGAN, Wang et al. 2021, Eq. 6):
/// h(r) = omega J1(omega r) / (2 pi r), divided by its sum.
/// </summary>
/// <remarks>The defaults are the representative parameters. The image must be larger than half the kernel in both directions.</remarks>
public sealed record RingingDegradation : IDegradation
{
    private static readonly DegradationParameter s_size =
        DegradationParameter.Integer("size", 1, 127, "pixels", "Height and width of the kernel.", odd: true);

    private static readonly DegradationParameter s_omega =
        DegradationParameter.Number("omega", 0.01, Math.PI, "radians per pixel", "Cut-off frequency: lower rings wider.");

    private static readonly BoundedCache<RingingDegradation, FilterKernel> s_kernels =
        new(64, static ringing => FilterKernel.Sinc(ringing.Size, ringing.Omega));

    /// <summary>The operator as data.</summary>
    public static DegradationDescriptor Descriptor { get; } = DegradationDescriptor.Define<RingingDegradation>(
        "ringing",
        "Ringing and overshoot by a truncated sinc filter.",
        (random, range) => new RingingDegradation { Size = RandomSize.Draw(random, range), Omega = random.NextUniform(Math.PI / 3, Math.PI) },
        [
            s_size.Bind<RingingDegradation>(r => r.Size, (r, v) => r with { Size = v.Integer }),
            s_omega.Bind<RingingDegradation>(r => r.Omega, (r, v) => r with { Omega = v.Number }),
        ]);

    /// <inheritdoc/>
    public string Name => "ringing";

    /// <summary>Height and width of the kernel in pixels, odd, 1..127; default 15.</summary>
    public int Size { get; init => field = s_size.Check(value); } = 15;

    /// <summary>Cut-off frequency in radians per pixel, 0.01..pi; default 1.2.</summary>
    public double Omega { get; init => field = s_omega.Check(value); } = 1.2;

    /// <inheritdoc/>
    public ImageBuffer Apply(ImageBuffer image, DegradationContext context) => OperatorInput.Correlate(image, s_kernels.Get(this), context);
}
