using System.Buffers;
using System.Globalization;
using Gir.Degradations.Kernels;
using Gir.Imaging;
using Gir.Imaging.Kernels;
using Gir.Imaging.Random;
using Gir.Imaging.Resampling;

namespace Gir.Degradations.Damage;

/// <summary>Damage (GIR paper, appendix A.1): thick straight lines in white or black, thin scratches, or a user's mask.</summary>
/// <remarks>
/// One color per image, white or black with probability 1/2. Each line joins two points with integer coordinates drawn uniformly from
/// [0, W] x [0, H], bounds included, and is painted exactly as OpenCV's <c>polylines</c> without antialiasing paints it: thickness 7
/// covers 9 rows and has round ends. The color is drawn first, whether used or not, so that fixing it leaves the lines as they were.
/// </remarks>
public sealed record DamageDegradation : IInPlaceDegradation
{
    private static readonly DegradationParameter s_lines = DegradationParameter.Integer("lines", 0, 1000, "", "Number of lines.");

    private static readonly DegradationParameter s_thickness = DegradationParameter.Integer(
        "thickness", 1, 255, "pixels", "Thickness of the lines in OpenCV's sense: an odd one paints two rows more, an even one one row more.");

    private static readonly DegradationParameter s_color = DegradationParameter.Choice<DamageColor>("color", "Color of the damage.");
    private static readonly DegradationParameter s_red = DegradationParameter.Number("red", 0, 1, "", "Red of the custom color.");
    private static readonly DegradationParameter s_green = DegradationParameter.Number("green", 0, 1, "", "Green of the custom color.");
    private static readonly DegradationParameter s_blue = DegradationParameter.Number("blue", 0, 1, "", "Blue of the custom color.");
    private static readonly DegradationParameter s_pattern = DegradationParameter.Choice<DamagePattern>(
        "pattern", "Straight lines, thin bent scratches, or a mask that the program gives (which cannot be written in an expression).");

    /// <summary>The operator as data.</summary>
    public static DegradationDescriptor Descriptor { get; } = DegradationDescriptor.Define<DamageDegradation>(
        "damage",
        "Covers the image with thick white or black lines, with scratches, or with a mask.",
        (random, _) => new DamageDegradation { Lines = random.NextInteger(5, 10), Thickness = random.NextInteger(5, 10) },
        [
            s_lines.Bind<DamageDegradation>(d => d.Lines, (d, v) => d with { Lines = v.Integer }),
            s_thickness.Bind<DamageDegradation>(d => d.Thickness, (d, v) => d with { Thickness = v.Integer }),
            s_color.Bind<DamageDegradation>(d => DegradationValue.OfChoice(d.Color), (d, v) => d with { Color = v.Choice<DamageColor>() }),
            s_red.Bind<DamageDegradation>(d => d.Red, (d, v) => d with { Red = v.Number }),
            s_green.Bind<DamageDegradation>(d => d.Green, (d, v) => d with { Green = v.Number }),
            s_blue.Bind<DamageDegradation>(d => d.Blue, (d, v) => d with { Blue = v.Number }),
            s_pattern.Bind<DamageDegradation>(d => DegradationValue.OfChoice(d.Pattern), (d, v) => d with { Pattern = v.Choice<DamagePattern>() }),
        ]);

    /// <summary>Number of lines or scratches, 0..1000; default 10, random range 5..10.</summary>
    public int Lines { get; init => field = s_lines.Check(value); } = 10;

    /// <summary>Thickness of lines in pixels as OpenCV understands it, of scratches at most; 1..255; default 7, random range 5..10.</summary>
    public int Thickness { get; init => field = s_thickness.Check(value); } = 7;

    /// <summary>Color of the damage; default <see cref="DamageColor.Random"/>: white or black.</summary>
    public DamageColor Color { get; init => field = s_color.Check(value); } = DamageColor.Random;

    /// <summary>Red of <see cref="DamageColor.Custom"/>, 0..1; default 0.5. Gray images take the color's luma (0.299, 0.587, 0.114).</summary>
    public double Red { get; init => field = s_red.Check(value); } = 0.5;

    /// <summary>Green of <see cref="DamageColor.Custom"/>, 0..1; default 0.5.</summary>
    public double Green { get; init => field = s_green.Check(value); } = 0.5;

    /// <summary>Blue of <see cref="DamageColor.Custom"/>, 0..1; default 0.5.</summary>
    public double Blue { get; init => field = s_blue.Check(value); } = 0.5;

    /// <summary>Lines (the default), scratches, or a mask.</summary>
    public DamagePattern Pattern { get; init => field = s_pattern.Check(value); } = DamagePattern.Lines;

    /// <summary>The mask of <see cref="DamagePattern.Mask"/>, resized bilinearly to the image; not part of expressions and JSON.</summary>
    public DamageMask? Mask { get; init; }

    /// <inheritdoc/>
    public string Name => Descriptor.Name;

    /// <summary>Damage by a user's mask.</summary>
    /// <param name="mask">Where the image is damaged.</param>
    /// <param name="color">The color; random (white or black) unless given.</param>
    public static DamageDegradation FromMask(DamageMask mask, DamageColor color = DamageColor.Random)
    {
        ArgumentNullException.ThrowIfNull(mask);
        return new DamageDegradation { Pattern = DamagePattern.Mask, Mask = mask, Color = color };
    }

    /// <inheritdoc/>
    public ImageBuffer Apply(ImageBuffer image, DegradationContext context)
    {
        OperatorInput.Check(image, context);
        ImageBuffer result = Uninitialized.Like(image);
        Paint(image, result, context);
        return result;
    }

    /// <inheritdoc/>
    public void ApplyInPlace(ImageBuffer image, DegradationContext context)
    {
        OperatorInput.Check(image, context);
        Paint(image, image, context);
    }

    private void Paint(ImageBuffer image, ImageBuffer result, DegradationContext context)
    {
        var random = new PhiloxRandom(context.Seed);
        bool drawnWhite = random.NextBoolean();
        if (Color == DamageColor.Random)
            context.OnDrawn?.Invoke("white", drawnWhite ? 1 : 0);
        DamageColor color = Color == DamageColor.Random ? (drawnWhite ? DamageColor.White : DamageColor.Black) : Color;

        if (Pattern == DamagePattern.Mask)
        {
            ImageBuffer mask = FittedMask(image, context);
            context.Parallelism.For(image.Height, 64, new PaintBody(image, mask.Array, result, color, Paints(image.Channels)), context.CancellationToken);
            return;
        }

        float[] lines = ArrayPool<float>.Shared.Rent(image.PlaneLength);
        Span<float> drawn = lines.AsSpan(0, image.PlaneLength);
        if (Pattern == DamagePattern.Scratches)
        {
            drawn.Clear();
            new ScratchLayer(image.Height, image.Width, Thickness).Draw(drawn, Lines, random);
        }
        else
        {
            DrawLines(drawn, image.Height, image.Width, random, context);
        }

        context.Parallelism.For(image.Height, 64, new PaintBody(image, lines, result, color, Paints(image.Channels)), context.CancellationToken);
        ArrayPool<float>.Shared.Return(lines);
    }

    /// <summary>Writes a mask of random lines, 0 or 1.</summary>
    private void DrawLines(Span<float> mask, int height, int width, PhiloxRandom random, DegradationContext context)
    {
        byte[] painted = ArrayPool<byte>.Shared.Rent(mask.Length);
        painted.AsSpan(0, mask.Length).Clear();
        var rasterizer = new LineRasterizer(painted, height, width);
        for (int line = 1; line <= Lines; line++)
        {
            (int x0, int y0) = (random.NextInteger(0, width), random.NextInteger(0, height));
            (int x1, int y1) = (random.NextInteger(0, width), random.NextInteger(0, height));
            rasterizer.Draw(x0, y0, x1, y1, Thickness);
            if (context.OnDrawn is { } report)
            {
                string prefix = string.Create(CultureInfo.InvariantCulture, $"line{line}.");
                report(prefix + "x0", x0);
                report(prefix + "y0", y0);
                report(prefix + "x1", x1);
                report(prefix + "y1", y1);
            }
        }

        for (int i = 0; i < mask.Length; i++)
            mask[i] = painted[i];
        ArrayPool<byte>.Shared.Return(painted);
    }

    private ImageBuffer FittedMask(ImageBuffer image, DegradationContext context)
    {
        ImageBuffer opacity = Mask?.Opacity ?? throw new DegradationException(
            "damage with pattern=mask needs a mask, which expressions and JSON cannot carry: set DamageDegradation.Mask (to replay a record, give DegradationRecord.Replay the pipeline that has it).");
        return opacity.Height == image.Height && opacity.Width == image.Width
            ? opacity
            : Resampler.Resize(opacity, image.Height, image.Width, ResamplingKernel.Bilinear, ResamplingConvention.OpenCv, context.Parallelism);
    }

    private float[] Paints(int channels) => channels == 1
        ? [(float)((0.299 * Red) + (0.587 * Green) + (0.114 * Blue))]
        : [(float)Red, (float)Green, (float)Blue];

    private readonly struct PaintBody(ImageBuffer image, float[] mask, ImageBuffer result, DamageColor color, float[] paints) : IRangeBody
    {
        public void Invoke(int start, int end)
        {
            for (int c = 0; c < image.Channels; c++)
            {
                for (int y = start; y < end; y++)
                {
                    ReadOnlySpan<float> opacity = mask.AsSpan(y * image.Width, image.Width);
                    if (color == DamageColor.Custom)
                        RowMap.Invoke(image.Row(c, y), opacity, result.Row(c, y), new Cover(paints[c]));
                    else
                        RowMap.Invoke(image.Row(c, y), opacity, result.Row(c, y), new SaturatingAdd(color == DamageColor.White ? 1f : -1f));
                }
            }
        }
    }
}
