using Gir.Degradations.Kernels;
using Gir.Imaging;
using Gir.Imaging.Random;

namespace Gir.Degradations.Noise;

/// <summary>Noise, independent for each pixel and channel, clamped to [0, 1] (GIR paper, appendix A.1).</summary>
/// <remarks>
/// The defaults are the representative parameters: Gaussian, sigma 20. Sample number i of the image (pixel number i where gray)
/// depends on the seed and on i alone. Parameters that a kind does not use are ignored.
/// </remarks>
public sealed record NoiseDegradation : IInPlaceDegradation
{
    private static readonly DegradationParameter s_kind = DegradationParameter.Choice<NoiseKind>("kind", "Distribution of the noise.");

    private static readonly DegradationParameter s_sigma =
        DegradationParameter.Number("sigma", 0, 255, "levels", "Standard deviation (gaussian; speckle: on a white sample).");

    private static readonly DegradationParameter s_scale =
        DegradationParameter.Number("scale", 1, 1e6, "photons", "Photons that a white sample stands for (poisson).");

    private static readonly DegradationParameter s_amount =
        DegradationParameter.Number("amount", 0, 1, "", "Fraction of the samples that is replaced (salt-and-pepper).");

    private static readonly DegradationParameter s_gray =
        DegradationParameter.Flag("gray", "Whether all channels of a pixel share one draw.");

    /// <summary>The operator as data.</summary>
    public static DegradationDescriptor Descriptor { get; } = DegradationDescriptor.Define<NoiseDegradation>(
        "noise",
        "Noise: Gaussian, Poisson, speckle, salt and pepper.",
        (random, _) => new NoiseDegradation { Sigma = random.NextInteger(1, 30) },
        [
            s_kind.Bind<NoiseDegradation>(n => DegradationValue.OfChoice(n.Kind), (n, v) => n with { Kind = v.Choice<NoiseKind>() }),
            s_sigma.Bind<NoiseDegradation>(n => n.Sigma, (n, v) => n with { Sigma = v.Number }),
            s_scale.Bind<NoiseDegradation>(n => n.Scale, (n, v) => n with { Scale = v.Number }),
            s_amount.Bind<NoiseDegradation>(n => n.Amount, (n, v) => n with { Amount = v.Number }),
            s_gray.Bind<NoiseDegradation>(n => n.Gray, (n, v) => n with { Gray = v.Flag }),
        ]);

    /// <inheritdoc/>
    public string Name => "noise";

    /// <summary>Distribution of the noise; default Gaussian.</summary>
    public NoiseKind Kind { get; init => field = s_kind.Check(value); } = NoiseKind.Gaussian;

    /// <summary>Standard deviation in levels of 0..255, 0..255; default 20. For speckle that of a white sample.</summary>
    public double Sigma { get; init => field = s_sigma.Check(value); } = 20;

    /// <summary>Photons that a white sample stands for, 1..10^6; default 255. Poisson noise only.</summary>
    public double Scale { get; init => field = s_scale.Check(value); } = 255;

    /// <summary>Fraction of the samples that is replaced, 0..1; default 0.05. Salt and pepper only.</summary>
    public double Amount { get; init => field = s_amount.Check(value); } = 0.05;

    /// <summary>Whether all channels of a pixel share one draw; default false.</summary>
    /// <remarks>Poisson noise is then drawn from the mean of the channels, and its deviation added to each.</remarks>
    public bool Gray { get; init; }

    /// <inheritdoc/>
    public ImageBuffer Apply(ImageBuffer image, DegradationContext context)
    {
        OperatorInput.Check(image, context);
        ImageBuffer result = Uninitialized.Like(image);
        image.Samples.CopyTo(result.Samples);
        Add(result, context);
        return result;
    }

    /// <inheritdoc/>
    public void ApplyInPlace(ImageBuffer image, DegradationContext context)
    {
        OperatorInput.Check(image, context);
        Add(image, context);
    }

    private void Add(ImageBuffer image, DegradationContext context)
    {
        bool shared = Gray && image.Channels > 1;
        var body = new NoiseRange(this, image.Array, shared ? image.Channels : 1, shared ? image.PlaneLength : image.Array.Length, context.Seed);
        int chunks = (body.Length + NoiseRange.ChunkLength - 1) / NoiseRange.ChunkLength;
        context.Parallelism.For(chunks, 4, body, context.CancellationToken);
    }
}
