using Gir.Imaging.Codecs.Npy;

namespace Gir.Imaging.Codecs;

/// <summary>Arrays of NumPy (.npy, format versions 1.0 to 3.0).</summary>
/// <remarks>
/// <para>Reads float32 and float64 as they are, uint8 as v / 255f and uint16 as v / 65535f, of either byte order, in C or Fortran order.
/// Two dimensions are gray, H x W. Three are C x H x W, unless the last is 1 to 4 and the first is not, which is H x W x C;
/// a layout given to the constructor settles it otherwise. Bytes after the array are ignored.</para>
/// <para>Writes float32 C x H x W or, by <see cref="NpyEncodeOptions"/>, integers or the other layout.</para>
/// </remarks>
public sealed class NpyCodec : IImageCodec
{
    internal const string FormatName = "npy";

    private readonly NpyLayout _layout;

    /// <summary>Creates the codec.</summary>
    /// <param name="layout">How three dimensions are read; by default as their sizes suggest.</param>
    /// <exception cref="ArgumentOutOfRangeException">The layout is unknown.</exception>
    public NpyCodec(NpyLayout layout = NpyLayout.Auto)
    {
        if (!Enum.IsDefined(layout))
            throw new ArgumentOutOfRangeException(nameof(layout), layout, "Expected a member of NpyLayout.");
        _layout = layout;
    }

    /// <inheritdoc/>
    public string Name => FormatName;

    /// <inheritdoc/>
    public IReadOnlyList<string> Extensions { get; } = [".npy"];

    /// <inheritdoc/>
    public int MaxBitsPerSample => 32;

    /// <inheritdoc/>
    public bool Recognizes(ReadOnlySpan<byte> start) => start.StartsWith(NpyHeader.Magic);

    /// <inheritdoc/>
    public ImageFileInfo ReadInfo(ReadOnlySpan<byte> file, ImageDecodeOptions? options = null)
    {
        NpyHeader header = NpyHeader.Read(file);
        NpyShape shape = NpyShape.Of(header, _layout, options ?? ImageDecodeOptions.Default);
        return new ImageFileInfo(FormatName, shape.Channels, shape.Height, shape.Width, 8 * header.ItemBytes);
    }

    /// <inheritdoc/>
    public ImageBuffer Decode(ReadOnlySpan<byte> file, ImageDecodeOptions? options = null)
    {
        NpyHeader header = NpyHeader.Read(file);
        return NpyDecoder.Decode(file, header, NpyShape.Of(header, _layout, options ?? ImageDecodeOptions.Default));
    }

    /// <inheritdoc/>
    public void Encode(ImageBuffer image, Stream destination, ImageEncodeOptions? options = null) =>
        NpyEncoder.Encode(image, destination, EncodeOptions.As(options, FormatName, _ => new NpyEncodeOptions()) ?? new NpyEncodeOptions());
}

/// <summary>Order of the dimensions of an array file.</summary>
public enum NpyLayout
{
    /// <summary>Reading: as the sizes suggest. Writing: float32 as channels first, integers as channels last.</summary>
    Auto,

    /// <summary>C x H x W.</summary>
    ChannelsFirst,

    /// <summary>H x W x C.</summary>
    ChannelsLast,
}

/// <summary>Type of the elements of an array file that is written.</summary>
public enum NpyElement
{
    /// <summary>float32, samples as they are.</summary>
    Float32,

    /// <summary>uint8, clamp(round-half-even(255 v)).</summary>
    UInt8,

    /// <summary>uint16, clamp(round-half-even(65535 v)).</summary>
    UInt16,
}

/// <summary>How an array file is written.</summary>
/// <param name="Element">Type of the elements; default float32.</param>
/// <param name="Layout">Order of the dimensions; default C x H x W for float32 and H x W x C for integers.</param>
public sealed record NpyEncodeOptions(NpyElement Element = NpyElement.Float32, NpyLayout Layout = NpyLayout.Auto) : ImageEncodeOptions;
