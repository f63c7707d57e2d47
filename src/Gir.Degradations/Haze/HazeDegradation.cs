using Gir.Imaging;

namespace Gir.Degradations.Haze;

/// <summary>
/// Haze by the scattering model (GIR paper, Eq. 15 and 16): I(x) = J(x) t(x) + A (1 - t(x)), t(x) = exp(-beta d(x)), with one airlight A
/// for all channels.
/// </summary>
/// <remarks>
/// d is relative depth from the context: divided by its maximum (far = 1), its minimum not subtracted. The paper works on 0..255;
/// both sides of Eq. 15 scale alike, so on [0, 1] the same formula holds. The exponential is Gir's own polynomial (2 units in the last
/// place), equal to the last bit for every vector width.
/// </remarks>
public sealed record HazeDegradation : IDegradation
{
    private static readonly DegradationParameter s_airlight = DegradationParameter.Number(
        "airlight", 0, 1, "", "Brightness A of the haze.");

    private static readonly DegradationParameter s_beta = DegradationParameter.Number(
        "beta", 0, 20, "", "Scattering coefficient beta per relative depth.");

    /// <summary>The operator as data.</summary>
    public static DegradationDescriptor Descriptor { get; } = DegradationDescriptor.Define<HazeDegradation>(
        "haze",
        "Veils the image in haze that thickens with depth.",
        (random, _) => new HazeDegradation { Airlight = Hundredths(random.NextUniform(0.8, 1)), Beta = Hundredths(random.NextUniform(0.5, 2.5)) },
        [
            s_airlight.Bind<HazeDegradation>(h => h.Airlight, (h, v) => h with { Airlight = v.Number }),
            s_beta.Bind<HazeDegradation>(h => h.Beta, (h, v) => h with { Beta = v.Number }),
        ],
        isWeather: true,
        usesDepth: true);

    /// <summary>Brightness A of the haze, 0..1; default 0.9, random range 0.8..1 (rounded to 0.01).</summary>
    public double Airlight { get; init => field = s_airlight.Check(value); } = 0.9;

    /// <summary>Scattering coefficient beta per relative depth, 0..20; default 1.8, random range 0.5..2.5 (rounded to 0.01).</summary>
    public double Beta { get; init => field = s_beta.Check(value); } = 1.8;

    /// <inheritdoc/>
    public string Name => Descriptor.Name;

    /// <inheritdoc/>
    public ImageBuffer Apply(ImageBuffer image, DegradationContext context)
    {
        OperatorInput.Check(image, context);
        ImageBuffer depth = ContextDepth.Require(Name, image, context);
        return HazeVeil.Apply(image, depth, null, (float)Airlight, (float)Beta, context);
    }

    internal static double Hundredths(double value) => Math.Round(value, 2, MidpointRounding.ToEven);
}
