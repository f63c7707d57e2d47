using Gir.Degradations.Kernels;
using Gir.Imaging;
using Gir.Imaging.Kernels;
using Gir.Imaging.Random;

namespace Gir.Degradations.Rain;

/// <summary>
/// Rain streaks (GIR paper, Eq. 14; procedure of the public generator closest to it, lyh-18/PromptGIP), optionally with drops on the lens.
/// </summary>
/// <remarks>
/// <para>
/// Uniform noise in [0, 256) keeps its values from 256 - strength / 100 on; a 3 x 3 filter sharpens it, a motion kernel drags it, and the
/// result is stretched to 0..255 and truncated to 8-bit levels: one gray layer for all channels. The reference works on 0..255;
/// adding level / 255 to samples in [0, 1] and clipping there is the same operation, so that an 8-bit image and rounding afterwards
/// give its very levels.
/// </para>
/// <para>
/// Kernel width, length and angle are drawn even at representative strength; the three draws are made whether used or not, so that giving
/// one leaves the others as they were. Small images: borders reflect as often as needed; where chance puts no streak, nothing is added.
/// </para>
/// </remarks>
public sealed record RainDegradation : IDegradation
{
    internal const uint NoiseStream = 1;
    internal const uint DropStream = 2;

    private static readonly DegradationParameter s_strength = DegradationParameter.Number(
        "strength", 0, 1000, "", "How much it rains: the share of bright noise pixels is strength / 25600.");

    private static readonly DegradationParameter s_width = DegradationParameter.Integer(
        "width", 1, 31, "pixels", "Width of the Gaussian that thickens the streaks.", odd: true).Or(0, "a draw of 3, 5, 7, 9 or 11");

    private static readonly DegradationParameter s_length = DegradationParameter.Integer(
        "length", 5, 90, "pixels", "Side of the motion kernel.").Or(0, "a draw of 20..40");

    private static readonly DegradationParameter s_angle = DegradationParameter.Integer(
        "angle", -90, 90, "degrees", "Angle from the vertical, positive with the lower end to the right.").Or(180, "a draw of -45..44");

    private static readonly DegradationParameter s_blend = DegradationParameter.Choice<RainBlend>(
        "blend", "How the streaks are laid over the image.");

    private static readonly DegradationParameter s_drops = DegradationParameter.Integer(
        "drops", 0, 10_000, "", "Number of drops on the lens.");

    /// <summary>The operator as data.</summary>
    public static DegradationDescriptor Descriptor { get; } = DegradationDescriptor.Define<RainDegradation>(
        "rain",
        "Adds rain streaks, and drops on the lens if asked to.",
        (random, _) => new RainDegradation { Strength = random.NextInteger(50, 100) },
        [
            s_strength.Bind<RainDegradation>(r => r.Strength, (r, v) => r with { Strength = v.Number }),
            s_width.Bind<RainDegradation>(r => Told(s_width, r.Width), (r, v) => r with { Width = v.Integer }),
            s_length.Bind<RainDegradation>(r => Told(s_length, r.Length), (r, v) => r with { Length = v.Integer }),
            s_angle.Bind<RainDegradation>(r => Told(s_angle, r.Angle), (r, v) => r with { Angle = v.Integer }),
            s_blend.Bind<RainDegradation>(r => DegradationValue.OfChoice(r.Blend), (r, v) => r with { Blend = v.Choice<RainBlend>() }),
            s_drops.Bind<RainDegradation>(r => r.Drops, (r, v) => r with { Drops = v.Integer }),
        ],
        isWeather: true);

    /// <summary>How much it rains, 0..1000; default 75, random range 50..100. The share of bright noise pixels is strength / 25600.</summary>
    public double Strength { get; init => field = s_strength.Check(value); } = 75;

    /// <summary>Width of the Gaussian that thickens the streaks, odd, 1..31; null (the default, or 0) draws one of 3, 5, 7, 9, 11.</summary>
    /// <exception cref="DegradationException">The width is even or out of range.</exception>
    public int? Width { get; init => field = Given(s_width, value); }

    /// <summary>Side of the motion kernel in pixels, 5..90; null (the default, or 0) draws 20..40.</summary>
    /// <exception cref="DegradationException">The length is out of range.</exception>
    public int? Length { get; init => field = Given(s_length, value); }

    /// <summary>Degrees from the vertical, -90..90, positive with the lower end to the right; null (the default, or 180) draws -45..44.</summary>
    /// <exception cref="DegradationException">The angle is out of range.</exception>
    public int? Angle { get; init => field = Given(s_angle, value); }

    /// <summary>How streaks are laid over the image; default <see cref="RainBlend.Add"/>.</summary>
    public RainBlend Blend { get; init => field = s_blend.Check(value); } = RainBlend.Add;

    /// <summary>Number of drops on the lens, 0..10000; default 0.</summary>
    public int Drops { get; init => field = s_drops.Check(value); }

    /// <inheritdoc/>
    public string Name => Descriptor.Name;

    /// <inheritdoc/>
    public ImageBuffer Apply(ImageBuffer image, DegradationContext context)
    {
        OperatorInput.Check(image, context);

        var random = new PhiloxRandom(context.Seed);
        int drawnWidth = 3 + (2 * random.NextInteger(0, 4));
        int drawnLength = random.NextInteger(20, 40);
        int drawnAngle = random.NextInteger(-45, 44);
        int width = Report(Width, drawnWidth, "width", context);
        int length = Report(Length, drawnLength, "length", context);
        int angle = Report(Angle, drawnAngle, "angle", context);

        double[] kernel = MotionKernel.Create(width, length, angle);
        ImageBuffer layer = RainStreaks.CreateLayer(image.Height, image.Width, Strength, kernel, length, context.Seed, context);
        ImageBuffer result = Uninitialized.Like(image);
        context.Parallelism.For(image.Height, 32, new BlendBody(image, layer, result, Blend), context.CancellationToken);
        ImagePool.Return(layer);
        if (Drops > 0)
            RaindropLayer.Paint(result, Drops, context.Seed, DropStream, context);
        return result;
    }

    private static int? Given(DegradationParameter parameter, int? value) =>
        value is { } number && parameter.Check(number) != parameter.SpecialValue ? number : null;

    private static DegradationValue Told(DegradationParameter parameter, int? value) => value ?? parameter.SpecialValue!.Value;

    private static int Report(int? given, int drawn, string name, DegradationContext context)
    {
        if (given is { } value)
            return value;
        context.OnDrawn?.Invoke(name, drawn);
        return drawn;
    }

    private readonly struct BlendBody(ImageBuffer image, ImageBuffer layer, ImageBuffer result, RainBlend blend) : IRangeBody
    {
        public void Invoke(int start, int end)
        {
            for (int c = 0; c < image.Channels; c++)
            {
                for (int y = start; y < end; y++)
                {
                    if (blend == RainBlend.Add)
                        RowMap.Invoke(image.Row(c, y), layer.Row(0, y), result.Row(c, y), new SaturatingAdd(1f));
                    else
                        RowMap.Invoke(image.Row(c, y), layer.Row(0, y), result.Row(c, y), default(Screen));
                }
            }
        }
    }
}
