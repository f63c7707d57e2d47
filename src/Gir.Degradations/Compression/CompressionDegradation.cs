using Gir.Imaging;
using Gir.Imaging.Codecs;

namespace Gir.Degradations.Compression;

/// <summary>JPEG compression (GIR paper, appendix A.1): what writing and reading a file with libjpeg-turbo does, sample for sample.</summary>
/// <remarks>The defaults are the representative parameters: quality 50, 4:2:0 as OpenCV and Pillow write it. Results are then 8-bit levels.</remarks>
public sealed record CompressionDegradation : IDegradation
{
    private static readonly DegradationParameter s_kind =
        DegradationParameter.Choice<CompressionKind>("kind", "Whose JPEG: libjpeg's, or the floating-point approximation of the public generators.");

    private static readonly DegradationParameter s_quality =
        DegradationParameter.Integer("quality", 1, 100, "", "JPEG quality: higher is better.");

    private static readonly DegradationParameter s_subsampling =
        DegradationParameter.Choice<ChromaSubsampling>("subsampling", "Resolution of the chroma planes.");

    /// <summary>The operator as data.</summary>
    public static DegradationDescriptor Descriptor { get; } = DegradationDescriptor.Define<CompressionDegradation>(
        "compression",
        "JPEG compression.",
        (random, _) => new CompressionDegradation { Quality = random.NextInteger(30, 95) },
        [
            s_kind.Bind<CompressionDegradation>(c => DegradationValue.OfChoice(c.Kind), (c, v) => c with { Kind = v.Choice<CompressionKind>() }),
            s_quality.Bind<CompressionDegradation>(c => c.Quality, (c, v) => c with { Quality = v.Integer }),
            s_subsampling.Bind<CompressionDegradation>(c => DegradationValue.OfChoice(c.Subsampling), (c, v) => c with { Subsampling = v.Choice<ChromaSubsampling>() }),
        ]);

    /// <inheritdoc/>
    public string Name => "compression";

    /// <summary>Whose JPEG; default libjpeg-turbo's.</summary>
    public CompressionKind Kind { get; init => field = s_kind.Check(value); } = CompressionKind.Jpeg;

    /// <summary>JPEG quality, 1..100 (the approximation: 1..99); default 50.</summary>
    public int Quality { get; init => field = s_quality.Check(value); } = 50;

    /// <summary>Resolution of the chroma planes; default 4:2:0, the only one of the approximation.</summary>
    public ChromaSubsampling Subsampling { get; init => field = s_subsampling.Check(value); } = ChromaSubsampling.Chroma420;

    string? IDegradation.Fault => Kind == CompressionKind.Jpeg ? null
        : Quality == 100 ? "kind = diff-jpeg has no quality 100 (its steps would be 0): expected 1..99."
        : Subsampling != ChromaSubsampling.Chroma420 ? "kind = diff-jpeg knows subsampling = chroma420 alone."
        : null;

    /// <inheritdoc/>
    public ImageBuffer Apply(ImageBuffer image, DegradationContext context)
    {
        OperatorInput.Check(image, context);
        context.CancellationToken.ThrowIfCancellationRequested();
        if (((IDegradation)this).Fault is { } fault)
            throw new DegradationException(fault);
        return Kind == CompressionKind.DiffJpeg
            ? DiffJpeg.Apply(image, Quality, context.Parallelism)
            : JpegRoundTrip.Apply(image, Quality, Subsampling, context.Parallelism);
    }
}
