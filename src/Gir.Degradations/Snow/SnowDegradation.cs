using Gir.Degradations.Haze;
using Gir.Imaging;
using Gir.Imaging.Codecs;
using Gir.Imaging.Random;
using Gir.Imaging.Resampling;

namespace Gir.Degradations.Snow;

/// <summary>
/// Snow (GIR paper, Eq. 17 and 18): white flakes by a mask, I_s = I (1 - Z) + Z, then the haze veil over I_s with the same depth.
/// </summary>
/// <remarks>
/// The flakes are generated (several sizes and distances, motion and defocus blur), or masks are given by the program and resized
/// bilinearly. Wind and speed are drawn even at representative strength. The paper works on 0..255; every term scales alike, so on
/// [0, 1] the same formulas hold.
/// </remarks>
public sealed record SnowDegradation : IDegradation
{
    private static readonly DegradationParameter s_airlight = DegradationParameter.Number("airlight", 0, 1, "", "Brightness A of the veil.");
    private static readonly DegradationParameter s_beta = DegradationParameter.Number("beta", 0, 20, "", "Scattering coefficient beta per relative depth.");
    private static readonly DegradationParameter s_density = DegradationParameter.Number("density", 0, 10, "", "Factor on the number of generated flakes.");
    private static readonly DegradationParameter s_size = DegradationParameter.Number("size", 0.1, 10, "", "Factor on the radius of generated flakes.");
    private static readonly DegradationParameter s_source = DegradationParameter.Choice<SnowSource>(
        "source", "Generated flakes, or masks that the program gives (they cannot be written in an expression).");

    /// <summary>The operator as data.</summary>
    public static DegradationDescriptor Descriptor { get; } = DegradationDescriptor.Define<SnowDegradation>(
        "snow",
        "Lets it snow, with a veil that thickens with depth.",
        (random, _) => new SnowDegradation
        {
            Airlight = HazeDegradation.Hundredths(random.NextUniform(0.8, 0.95)),
            Beta = HazeDegradation.Hundredths(random.NextUniform(0.5, 1)),
        },
        [
            s_airlight.Bind<SnowDegradation>(s => s.Airlight, (s, v) => s with { Airlight = v.Number }),
            s_beta.Bind<SnowDegradation>(s => s.Beta, (s, v) => s with { Beta = v.Number }),
            s_density.Bind<SnowDegradation>(s => s.Density, (s, v) => s with { Density = v.Number }),
            s_size.Bind<SnowDegradation>(s => s.Size, (s, v) => s with { Size = v.Number }),
            s_source.Bind<SnowDegradation>(s => DegradationValue.OfChoice(s.Source), (s, v) => s with { Source = v.Choice<SnowSource>() }),
        ],
        isWeather: true,
        usesDepth: true);

    /// <summary>Brightness A of the veil, 0..1; default 0.9, random range 0.8..0.95 (rounded to 0.01).</summary>
    public double Airlight { get; init => field = s_airlight.Check(value); } = 0.9;

    /// <summary>Scattering coefficient beta per relative depth, 0..20; default 0.75, random range 0.5..1 (rounded to 0.01).</summary>
    public double Beta { get; init => field = s_beta.Check(value); } = 0.75;

    /// <summary>Factor on the number of generated flakes, 0..10; default 1.</summary>
    public double Density { get; init => field = s_density.Check(value); } = 1;

    /// <summary>Factor on the radius of generated flakes, 0.1..10; default 1, which suits the image's size.</summary>
    public double Size { get; init => field = s_size.Check(value); } = 1;

    /// <summary>Generated flakes (the default) or masks.</summary>
    public SnowSource Source { get; init => field = s_source.Check(value); } = SnowSource.Procedural;

    /// <summary>The masks of <see cref="SnowSource.Masks"/>, one of which is drawn per image; not part of expressions and JSON.</summary>
    public SnowMasks? Masks { get; init; }

    /// <inheritdoc/>
    public string Name => Descriptor.Name;

    /// <summary>Snow by given masks.</summary>
    public static SnowDegradation FromMasks(SnowMasks masks)
    {
        ArgumentNullException.ThrowIfNull(masks);
        return new SnowDegradation { Source = SnowSource.Masks, Masks = masks };
    }

    /// <inheritdoc/>
    public ImageBuffer Apply(ImageBuffer image, DegradationContext context)
    {
        OperatorInput.Check(image, context);
        ImageBuffer depth = ContextDepth.Require(Name, image, context);
        ImageBuffer mask = CreateMask(image.Height, image.Width, context);
        ImageBuffer result = HazeVeil.Apply(image, depth, mask, (float)Airlight, (float)Beta, context);
        // A mask that was given belongs to whoever gave it.
        if (Source == SnowSource.Procedural)
            ImagePool.Return(mask);
        return result;
    }

    /// <summary>The mask Z that <see cref="Apply"/> lays over an image of this size: 1 x H x W in [0, 1].</summary>
    /// <exception cref="DegradationException">Masks are asked for and none were given.</exception>
    public ImageBuffer CreateMask(int height, int width, DegradationContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var random = new PhiloxRandom(context.Seed);
        if (Source == SnowSource.Masks)
            return DrawMask(height, width, random, context);

        double wind = random.NextUniform(-40, 40);
        double speed = random.NextUniform(0.5, 4);
        context.OnDrawn?.Invoke("wind", wind);
        context.OnDrawn?.Invoke("speed", speed);
        return SnowGenerator.Create(height, width, Density, Size, wind, speed, context);
    }

    private ImageBuffer DrawMask(int height, int width, PhiloxRandom random, DegradationContext context)
    {
        SnowMasks masks = Masks ?? throw new DegradationException(
            "snow with source=masks needs masks, which expressions and JSON cannot carry: set SnowDegradation.Masks (to replay a record, give DegradationRecord.Replay the pipeline that has them).");
        int index = random.NextInteger(0, masks.Names.Count - 1);
        context.OnDrawn?.Invoke("mask", index);
        ImageBuffer mask = Load(masks, index);
        return mask.Height == height && mask.Width == width
            ? mask
            : Resampler.Resize(mask, height, width, ResamplingKernel.Bilinear, ResamplingConvention.OpenCv, context.Parallelism);
    }

    private static ImageBuffer Load(SnowMasks masks, int index)
    {
        try
        {
            return masks.Load(index);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ImageFormatException)
        {
            throw new DegradationException($"the snow mask '{masks.Names[index]}' cannot be read: {exception.Message}", exception);
        }
    }
}
