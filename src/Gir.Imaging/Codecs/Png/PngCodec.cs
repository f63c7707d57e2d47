using Gir.Imaging.Codecs.Png;

namespace Gir.Imaging.Codecs;

/// <summary>Portable Network Graphics (ISO/IEC 15948, W3C PNG third edition).</summary>
/// <remarks>
/// <para>Reads every color type and depth, interlaced or not. Palettes become RGB, tRNS becomes an alpha plane, depths below 8 are scaled
/// to the full range. Samples are as stored: gAMA, iCCP, sRGB and other ancillary chunks change nothing. Only the
/// orientation of an eXIf chunk that stands before the data is followed, where <see cref="ImageDecodeOptions.ApplyOrientation"/> says so.
/// iCCP and pHYs are handed on as <see cref="ImageMetadata"/>.</para>
/// <para>A wrong checksum of a critical chunk or of the data, missing or surplus image data, or an unknown critical chunk is an error. As in libpng,
/// ancillary chunks (tRNS too) with a wrong checksum, a wrong length or in the wrong place are passed over; that, a missing IEND and bytes behind it
/// are told in <see cref="ImageFileInfo.Warnings"/>.</para>
/// <para>Writes gray, gray and alpha, RGB, RGB and alpha (1 to 4 channels) with 8 or 16 bits, not interlaced; see <see cref="PngEncodeOptions"/>.</para>
/// </remarks>
public sealed class PngCodec : IImageCodec
{
    internal const string FormatName = "png";

    /// <inheritdoc/>
    public string Name => FormatName;

    /// <inheritdoc/>
    public IReadOnlyList<string> Extensions { get; } = [".png"];

    /// <inheritdoc/>
    public int MaxBitsPerSample => 16;

    /// <inheritdoc/>
    public bool Recognizes(ReadOnlySpan<byte> start) => start.StartsWith(PngStructure.Signature);

    /// <inheritdoc/>
    public ImageFileInfo ReadInfo(ReadOnlySpan<byte> file, ImageDecodeOptions? options = null)
    {
        options ??= ImageDecodeOptions.Default;
        return PngDecoder.Info(PngStructure.Read(file, options, headerOnly: true), options);
    }

    /// <inheritdoc/>
    public ImageBuffer Decode(ReadOnlySpan<byte> file, ImageDecodeOptions? options = null) => Read(file, options).Image;

    /// <inheritdoc/>
    public DecodedImage Read(ReadOnlySpan<byte> file, ImageDecodeOptions? options = null) =>
        PngDecoder.Read(file, options ?? ImageDecodeOptions.Default);

    /// <inheritdoc/>
    public void Encode(ImageBuffer image, Stream destination, ImageEncodeOptions? options = null) =>
        PngEncoder.Encode(
            image, destination, EncodeOptions.As(options, FormatName, o => new PngEncodeOptions(o.BitDepth) { Metadata = o.Metadata }) ?? new PngEncodeOptions());
}
