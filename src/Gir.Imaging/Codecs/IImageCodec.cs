namespace Gir.Imaging.Codecs;

/// <summary>Reads and writes one file format.</summary>
/// <remarks>Implementations are stateless and safe for concurrent use. Files are untrusted: every defect ends in an <see cref="ImageFormatException"/>.</remarks>
public interface IImageCodec
{
    /// <summary>The format's usual name in lower case, e.g. "png".</summary>
    string Name { get; }

    /// <summary>File name extensions with their dot, lower case, the usual one first: ".jpg", ".jpeg".</summary>
    IReadOnlyList<string> Extensions { get; }

    /// <summary>Most bits per sample that the format can be written with.</summary>
    int MaxBitsPerSample => 8;

    /// <summary>Whether a file that begins with these bytes (16 or more where the file has them) is of this format.</summary>
    bool Recognizes(ReadOnlySpan<byte> start);

    /// <summary>Reads what the header says, without decoding samples.</summary>
    /// <param name="file">The whole file.</param>
    /// <param name="options">Limits; null means the defaults.</param>
    /// <exception cref="ImageFormatException">The header is damaged or asks for something unsupported.</exception>
    ImageFileInfo ReadInfo(ReadOnlySpan<byte> file, ImageDecodeOptions? options = null);

    /// <summary>Decodes the first image of a file together with what the file says about it, harmless defects of the whole file included.</summary>
    /// <param name="file">The whole file.</param>
    /// <param name="options">Limits; null means the defaults.</param>
    /// <exception cref="ImageFormatException">The file is damaged, exceeds a limit, or asks for something unsupported.</exception>
    DecodedImage Read(ReadOnlySpan<byte> file, ImageDecodeOptions? options = null) => new(Decode(file, options), ReadInfo(file, options));

    /// <summary>Decodes the first image of a file.</summary>
    /// <param name="file">The whole file.</param>
    /// <param name="options">Limits; null means the defaults.</param>
    /// <returns>Samples in [0, 1]: an 8-bit value v is v / 255f, a 16-bit one v / 65535f.</returns>
    /// <exception cref="ImageFormatException">The file is damaged, exceeds a limit, or asks for something unsupported.</exception>
    ImageBuffer Decode(ReadOnlySpan<byte> file, ImageDecodeOptions? options = null);

    /// <summary>Encodes an image.</summary>
    /// <param name="image">Samples in [0, 1]; what lies outside is clamped, what lies between levels rounds half to even.</param>
    /// <param name="destination">Receives the file; not closed.</param>
    /// <param name="options">Format-specific settings; null means the format's defaults.</param>
    /// <exception cref="ArgumentException">The format cannot hold this number of channels, or the options are of another format.</exception>
    void Encode(ImageBuffer image, Stream destination, ImageEncodeOptions? options = null);
}

/// <summary>What the header of an image file says.</summary>
/// <param name="Format">Name of the codec.</param>
/// <param name="Channels">Channels that decoding gives.</param>
/// <param name="Height">Rows that decoding gives (after EXIF orientation).</param>
/// <param name="Width">Columns that decoding gives.</param>
/// <param name="BitsPerSample">Bits per stored sample: 1..16 for integers, 32 for float.</param>
public sealed record ImageFileInfo(string Format, int Channels, int Height, int Width, int BitsPerSample)
{
    /// <summary>
    /// Harmless defects, each "at byte N: what was found": those of the header where only that was read, of the whole file where it was decoded.
    /// Compared as a list, not by its content.
    /// </summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>What should travel with the samples from file to file.</summary>
    public ImageMetadata Metadata { get; init; } = ImageMetadata.None;
}

/// <summary>A decoded image and what its file says about it.</summary>
/// <param name="Image">The samples.</param>
/// <param name="Info">Format, stored bits per sample, metadata, and harmless defects.</param>
public sealed record DecodedImage(ImageBuffer Image, ImageFileInfo Info);

/// <summary>Limits on what an untrusted file may ask for.</summary>
public sealed record ImageDecodeOptions
{
    /// <summary>The defaults.</summary>
    public static ImageDecodeOptions Default { get; } = new();

    /// <summary>Largest number of pixels (height x width); default 268,435,456 (2^28).</summary>
    public long MaxPixels { get; init; } = 1L << 28;

    /// <summary>Largest width or height; default 65,535.</summary>
    public int MaxDimension { get; init; } = 65_535;

    /// <summary>Most bytes of a file or stream that are read; default 2,147,483,591, the longest array.</summary>
    public long MaxFileBytes { get; init; } = Array.MaxLength;

    /// <summary>
    /// Refuses files with harmless defects, which are otherwise told in <see cref="ImageFileInfo.Warnings"/>: a missing end mark, bytes behind the end,
    /// image data of which at most a sixteenth is cut off, damaged chunks that are no part of the picture. Default false.
    /// </summary>
    public bool Strict { get; init; }

    /// <summary>Turns the image upright as its EXIF orientation says; default true.</summary>
    public bool ApplyOrientation { get; init; } = true;
}

/// <summary>Base of the formats' settings for writing.</summary>
public abstract record ImageEncodeOptions
{
    /// <summary>What is stored beside the samples, as far as the format can; default nothing.</summary>
    public ImageMetadata Metadata { get; init; } = ImageMetadata.None;
}

/// <summary>Settings for writing that every format understands.</summary>
/// <param name="BitDepth">Bits per sample, 8 or 16; npy stays float32, which holds both. Default 8.</param>
public sealed record ImageSaveOptions(int BitDepth = 8) : ImageEncodeOptions
{
    /// <summary>How near a lossy format stays to the samples, 1..100; default null: the format's default. Lossless formats do not look at it.</summary>
    public int? Quality { get; init; }
}
