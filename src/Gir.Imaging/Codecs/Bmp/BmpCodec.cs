using System.Buffers.Binary;
using Gir.Imaging.Codecs.Bmp;

namespace Gir.Imaging.Codecs;

/// <summary>Windows bitmaps (BITMAPCOREHEADER to BITMAPV5HEADER).</summary>
/// <remarks>
/// <para>Reads 1, 4 and 8 bits with a palette (plain, RLE4, RLE8), 16, 24 and 32 bits (plain or by masks, alpha only where a mask
/// names it), bottom-up and top-down. A palette of grays alone gives one channel, any other three. A value v of n bits becomes v / (2^n - 1).
/// Pixels that run-length data skips have palette entry 0.</para>
/// <para>Writes 8 bits per sample: gray with a palette (1 channel), 24 bits (3 channels), 32 bits with an alpha mask (4 channels); there are no settings but those of <see cref="ImageSaveOptions"/>.</para>
/// </remarks>
public sealed class BmpCodec : IImageCodec
{
    internal const string FormatName = "bmp";

    /// <inheritdoc/>
    public string Name => FormatName;

    /// <inheritdoc/>
    public IReadOnlyList<string> Extensions { get; } = [".bmp", ".dib"];

    /// <inheritdoc/>
    public bool Recognizes(ReadOnlySpan<byte> start) =>
        start.Length >= 16 && start.StartsWith("BM"u8) && BmpHeader.IsKnownSize(BinaryPrimitives.ReadUInt16LittleEndian(start[14..]));

    /// <inheritdoc/>
    public ImageFileInfo ReadInfo(ReadOnlySpan<byte> file, ImageDecodeOptions? options = null)
    {
        BmpHeader header = BmpHeader.Read(file, options ?? ImageDecodeOptions.Default);
        return new ImageFileInfo(FormatName, header.Channels, header.Height, header.Width, header.BitsPerSample)
        {
            Metadata = new ImageMetadata { Resolution = header.Resolution },
        };
    }

    /// <inheritdoc/>
    public ImageBuffer Decode(ReadOnlySpan<byte> file, ImageDecodeOptions? options = null) =>
        BmpDecoder.Decode(file, BmpHeader.Read(file, options ?? ImageDecodeOptions.Default));

    /// <inheritdoc/>
    public void Encode(ImageBuffer image, Stream destination, ImageEncodeOptions? options = null)
    {
        ImageSaveOptions settings = EncodeOptions.As(options, FormatName, o => o) ?? new ImageSaveOptions();
        EncodeOptions.CheckIsByte(settings, FormatName);
        BmpEncoder.Encode(image, destination, settings.Metadata.Resolution);
    }
}
