using Gir.Imaging;
using Gir.Imaging.Codecs;

namespace Gir.Degradations.Compression;

/// <summary>JPEG compression (GIR paper, appendix A.1): what writing and reading a file with libjpeg-turbo does, sample for sample.</summary>
/// <remarks>The defaults are the representative parameters: quality 50, 4:2:0 as OpenCV and Pillow write it. Results are 8-bit levels.</remarks>
public sealed record CompressionDegradation : IDegradation
{
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
            s_quality.Bind<CompressionDegradation>(c => c.Quality, (c, v) => c with { Quality = v.Integer }),
            s_subsampling.Bind<CompressionDegradation>(c => DegradationValue.OfChoice(c.Subsampling), (c, v) => c with { Subsampling = v.Choice<ChromaSubsampling>() }),
        ]);

    /// <inheritdoc/>
    public string Name => "compression";

    /// <summary>JPEG quality, 1..100; default 50.</summary>
    public int Quality { get; init => field = s_quality.Check(value); } = 50;

    /// <summary>Resolution of the chroma planes; default 4:2:0.</summary>
    public ChromaSubsampling Subsampling { get; init => field = s_subsampling.Check(value); } = ChromaSubsampling.Chroma420;

    /// <inheritdoc/>
    public ImageBuffer Apply(ImageBuffer image, DegradationContext context)
    {
        OperatorInput.Check(image, context);
        context.CancellationToken.ThrowIfCancellationRequested();
        return JpegRoundTrip.Apply(image, Quality, Subsampling, context.Parallelism);
    }
}
