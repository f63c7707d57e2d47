using Gir.Imaging.Codecs.Jpeg;

namespace Gir.Imaging.Codecs;

/// <summary>JPEG (ITU-T T.81, JFIF).</summary>
/// <remarks>
/// <para>Reads baseline, extended sequential and progressive files, Huffman or arithmetic coding, with 8 bits per sample: gray, YCbCr, RGB, and Adobe CMYK and YCCK
/// (always taken as inverted and converted to RGB without a profile, as Pillow does). Every whole ratio of sampling factors is supported.
/// Samples equal those of libjpeg-turbo 2.1 as Pillow and OpenCV use it, except that progressive files that lack scans are not smoothed.
/// Where a file leaves out Huffman tables 0 and 1, as motion JPEG does, those of Annex K are used. ICC profiles and densities are handed on as
/// <see cref="ImageMetadata"/> and change no sample.</para>
/// <para>Stricter than libjpeg: damaged data, and a picture of which more than a sixteenth is cut off, are an error. A missing end-of-image marker, bytes
/// behind it and a smaller cut, which is filled as libjpeg fills it, are told in <see cref="ImageFileInfo.Warnings"/>.
/// 12 bits per sample, lossless and hierarchical files, and heights given by a DNL marker are refused.</para>
/// <para>Writes baseline files of 1 (gray) or 3 (RGB) channels with the Huffman tables of Annex K; decoding one gives what
/// <see cref="JpegRoundTrip"/> gives; see <see cref="JpegEncodeOptions"/>.</para>
/// </remarks>
public sealed class JpegCodec : IImageCodec
{
    internal const string FormatName = "jpeg";

    /// <inheritdoc/>
    public string Name => FormatName;

    /// <inheritdoc/>
    public IReadOnlyList<string> Extensions { get; } = [".jpg", ".jpeg", ".jpe", ".jfif"];

    /// <inheritdoc/>
    public bool Recognizes(ReadOnlySpan<byte> start) => start.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF]);

    /// <inheritdoc/>
    public ImageFileInfo ReadInfo(ReadOnlySpan<byte> file, ImageDecodeOptions? options = null) =>
        JpegDecoder.ReadInfo(file, options ?? ImageDecodeOptions.Default);

    /// <inheritdoc/>
    public ImageBuffer Decode(ReadOnlySpan<byte> file, ImageDecodeOptions? options = null) => Read(file, options).Image;

    /// <inheritdoc/>
    public DecodedImage Read(ReadOnlySpan<byte> file, ImageDecodeOptions? options = null) =>
        JpegDecoder.Read(file, options ?? ImageDecodeOptions.Default);

    /// <inheritdoc/>
    public void Encode(ImageBuffer image, Stream destination, ImageEncodeOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(destination);
        JpegEncoder.Encode(image, destination, EncodeOptions.As(options, FormatName, Convert) ?? new JpegEncodeOptions());
    }

    private static JpegEncodeOptions Convert(ImageSaveOptions options)
    {
        EncodeOptions.CheckIsByte(options, FormatName);
        var defaults = new JpegEncodeOptions { Metadata = options.Metadata };
        return options.Quality is { } quality ? defaults with { Quality = quality } : defaults;
    }
}
