using Gir.Imaging;
using Gir.Imaging.Resampling;

namespace Gir.Degradations.Resize;

/// <summary>
/// Loss of resolution: the image is shrunk and enlarged back to its size (GIR paper, appendix A.1), without clipping in between.
/// </summary>
/// <remarks>
/// The defaults are the representative parameters: by 4, bicubic as torch computes it (A = -0.75, half-pixel centers, edge clamp, no
/// antialiasing). The small image has floor(size / scale) samples per axis (MATLAB: ceil). At sizes that the scale does not divide,
/// Torch samples at steps of exactly the scale (interpolate with scale_factor), OpenCV and Pillow at steps of the ratio of the sizes.
/// </remarks>
public sealed record ResizeDegradation : IDegradation
{
    private static readonly DegradationParameter s_scale =
        DegradationParameter.Number("scale", 1, 64, "", "How much smaller the image becomes in between.");

    private static readonly DegradationParameter s_down =
        DegradationParameter.Choice<ResamplingKernel>("down", "Kernel for shrinking.");

    private static readonly DegradationParameter s_up =
        DegradationParameter.Choice<ResamplingKernel>("up", "Kernel for enlarging.");

    private static readonly DegradationParameter s_convention =
        DegradationParameter.Choice<ResamplingConvention>("convention", "Whose arithmetic.");

    /// <summary>The operator as data.</summary>
    public static DegradationDescriptor Descriptor { get; } = DegradationDescriptor.Define<ResizeDegradation>(
        "resize",
        "Loss of resolution: shrinking, then enlarging back.",
        // The paper varies nothing here.
        (_, _) => new ResizeDegradation(),
        [
            s_scale.Bind<ResizeDegradation>(r => r.Scale, (r, v) => r with { Scale = v.Number }),
            s_down.Bind<ResizeDegradation>(r => DegradationValue.OfChoice(r.Down), (r, v) => r with { Down = v.Choice<ResamplingKernel>() }),
            s_up.Bind<ResizeDegradation>(r => DegradationValue.OfChoice(r.Up), (r, v) => r with { Up = v.Choice<ResamplingKernel>() }),
            s_convention.Bind<ResizeDegradation>(
                r => DegradationValue.OfChoice(r.Convention), (r, v) => r with { Convention = v.Choice<ResamplingConvention>() }),
        ]);

    /// <inheritdoc/>
    public string Name => "resize";

    /// <summary>How much smaller the image becomes in between, 1..64; default 4.</summary>
    public double Scale { get; init => field = s_scale.Check(value); } = 4;

    /// <summary>Kernel for shrinking; default bicubic.</summary>
    public ResamplingKernel Down { get; init => field = s_down.Check(value); } = ResamplingKernel.Bicubic;

    /// <summary>Kernel for enlarging; default bicubic.</summary>
    public ResamplingKernel Up { get; init => field = s_up.Check(value); } = ResamplingKernel.Bicubic;

    /// <summary>Whose arithmetic; default Torch. Not every convention has every kernel.</summary>
    public ResamplingConvention Convention { get; init => field = s_convention.Check(value); } = ResamplingConvention.Torch;

    string? IDegradation.Fault => Lacks(Down) ?? Lacks(Up);

    /// <inheritdoc/>
    public ImageBuffer Apply(ImageBuffer image, DegradationContext context)
    {
        OperatorInput.Check(image, context);
        if (((IDegradation)this).Fault is { } fault)
            throw new DegradationException(fault);
        if (image.Height < Scale || image.Width < Scale)
            throw new DegradationException($"the image is {image.Height} x {image.Width} (height x width), too small to be shrunk by {Scale}.");
        context.CancellationToken.ThrowIfCancellationRequested();
        ImageBuffer small = Shrink(image, context.Parallelism);
        ImageBuffer result = Resampler.Resize(small, image.Height, image.Width, Up, Convention, context.Parallelism);
        ImagePool.Return(small);
        return result;
    }

    private ImageBuffer Shrink(ImageBuffer image, Parallelism parallelism) => Convention switch
    {
        ResamplingConvention.OpenCv or ResamplingConvention.Pillow or ResamplingConvention.PillowFloat =>
            Resampler.Resize(image, (int)(image.Height / Scale), (int)(image.Width / Scale), Down, Convention, parallelism),
        _ => Resampler.Scale(image, 1 / Scale, Down, Convention, parallelism),
    };

    private string? Lacks(ResamplingKernel kernel) => Resampler.IsSupported(kernel, Convention)
        ? null
        : $"convention = {DegradationValue.OfChoice(Convention)} has no kernel {DegradationValue.OfChoice(kernel)}: expected one of "
            + string.Join(", ", Enum.GetValues<ResamplingKernel>().Where(k => Resampler.IsSupported(k, Convention)).Select(k => DegradationValue.OfChoice(k))) + ".";
}
