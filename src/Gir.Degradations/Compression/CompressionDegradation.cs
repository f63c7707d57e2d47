using Gir.Imaging;
using Gir.Imaging.Codecs;
using Gir.Imaging.Text;

namespace Gir.Degradations.Compression;

/// <summary>JPEG compression (GIR paper, appendix A.1): what writing and reading a file with libjpeg-turbo does, sample for sample. Other formats by codecs that a program adds.</summary>
/// <remarks>The defaults are the representative parameters: quality 50, 4:2:0 as OpenCV and Pillow write it. Results are then 8-bit levels.</remarks>
public sealed record CompressionDegradation : IDegradation
{
    private static readonly DegradationParameter s_kind =
        DegradationParameter.Choice<CompressionKind>("kind", "libjpeg's JPEG, its floating-point approximation of the public generators, or another format that a codec was added for.");

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

    /// <summary>What compresses; default libjpeg-turbo's JPEG. The other formats' results are those of the codec's version.</summary>
    public CompressionKind Kind { get; init => field = s_kind.Check(value); } = CompressionKind.Jpeg;

    /// <summary>Quality as the format means it, 1..100 (the approximation: 1..99); default 50.</summary>
    public int Quality { get; init => field = s_quality.Check(value); } = 50;

    /// <summary>Resolution of the chroma planes; default 4:2:0, the only one of the approximation.</summary>
    public ChromaSubsampling Subsampling { get; init => field = s_subsampling.Check(value); } = ChromaSubsampling.Chroma420;

    string? IDegradation.Fault => Kind == CompressionKind.Jpeg ? null
        : Kind != CompressionKind.DiffJpeg
            ? Subsampling != ChromaSubsampling.Chroma420 ? $"kind = {ChoiceWords<CompressionKind>.WordOf(Kind)} takes no subsampling." : null
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
        return Kind switch
        {
            CompressionKind.Jpeg => JpegRoundTrip.Apply(image, Quality, Subsampling, context.Parallelism),
            CompressionKind.DiffJpeg => DiffJpeg.Apply(image, Quality, context.Parallelism),
            _ => RoundTrip(image),
        };
    }

    private ImageBuffer RoundTrip(ImageBuffer image)
    {
        string format = ChoiceWords<CompressionKind>.WordOf(Kind);
        IImageCodec codec = ImageCodecs.Default.All.FirstOrDefault(c => c.Name == format) ?? throw new DegradationException(
            $"kind = {format} needs a codec named '{format}'; known are {string.Join(", ", ImageCodecs.All.Select(c => c.Name))}. Set ImageCodecs.Default to a registry that has it"
            + (Kind == CompressionKind.Webp
                ? ", e.g. SkiaCodecs.With(ImageCodecs.Default) of the package Gir.Imaging.SkiaSharp."
                : ", e.g. MagickCodecs.With(ImageCodecs.Default) of the package Gir.Imaging.Magick."));
        using var file = new MemoryStream();
        codec.Encode(image, file, new ImageSaveOptions { Quality = Quality });
        ImageBuffer compressed = codec.Decode(file.GetBuffer().AsSpan(0, (int)file.Length), new ImageDecodeOptions { ApplyOrientation = false });
        if (compressed.Height != image.Height || compressed.Width != image.Width || compressed.Channels < image.Channels)
            throw new DegradationException($"The codec '{format}' made {compressed} of {image}.");
        // Formats of color alone keep gray as three channels, whose mean it is.
        return compressed.Channels == image.Channels ? compressed : image.Channels == 1 ? Gray(compressed) : compressed.WithoutAlpha();
    }

    private static ImageBuffer Gray(ImageBuffer color)
    {
        var gray = new ImageBuffer(1, color.Height, color.Width);
        for (int i = 0; i < gray.PlaneLength; i++)
            gray.Array[i] = (color.Array[i] + color.Array[gray.PlaneLength + i] + color.Array[(2 * gray.PlaneLength) + i]) / 3;
        gray.Quantize();
        return gray;
    }
}
