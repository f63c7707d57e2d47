using Gir.Imaging.Codecs.Jpeg;
using Gir.Imaging.Codecs.Png;

namespace Gir.Imaging.Codecs;

/// <summary>Portable Network Graphics (ISO/IEC 15948, W3C PNG third edition).</summary>
/// <remarks>
/// <para>Reads every colour type and depth, interlaced or not. Palettes become RGB, tRNS becomes an alpha plane, depths below 8 are scaled
/// to the full range. Samples are as stored: gAMA, iCCP, sRGB and other ancillary chunks change nothing. Only the
/// orientation of an eXIf chunk that stands before the data is followed, where <see cref="ImageDecodeOptions.ApplyOrientation"/> says so.</para>
/// <para>Strict: a wrong checksum, missing or surplus image data, an unknown critical chunk or a missing IEND is an error.
/// What follows IEND is ignored.</para>
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
    public bool Recognises(ReadOnlySpan<byte> start) => start.StartsWith(PngStructure.Signature);

    /// <inheritdoc/>
    public ImageFileInfo ReadInfo(ReadOnlySpan<byte> file, ImageDecodeOptions? options = null)
    {
        options ??= ImageDecodeOptions.Default;
        PngStructure png = PngStructure.Read(file, options, headerOnly: true);
        (int height, int width) = options.ApplyOrientation && JpegExif.Transposes(png.Orientation)
            ? (png.Header.Width, png.Header.Height)
            : (png.Header.Height, png.Header.Width);
        return new ImageFileInfo(FormatName, png.Channels, height, width, png.Header.BitDepth);
    }

    /// <inheritdoc/>
    public ImageBuffer Decode(ReadOnlySpan<byte> file, ImageDecodeOptions? options = null) =>
        PngDecoder.Decode(file, options ?? ImageDecodeOptions.Default);

    /// <inheritdoc/>
    public void Encode(ImageBuffer image, Stream destination, ImageEncodeOptions? options = null) =>
        PngEncoder.Encode(image, destination, EncodeOptions.As<PngEncodeOptions>(options, FormatName) ?? new PngEncodeOptions());
}
