namespace Gir.Imaging.Codecs;

/// <summary>The codecs of this package, and those that a program adds.</summary>
public static class ImageCodecs
{
    /// <summary>PNG.</summary>
    public static IImageCodec Png { get; } = new PngCodec();

    /// <summary>JPEG.</summary>
    public static IImageCodec Jpeg { get; } = new JpegCodec();

    /// <summary>BMP.</summary>
    public static IImageCodec Bmp { get; } = new BmpCodec();

    /// <summary>NPY, three dimensions as their sizes suggest.</summary>
    public static IImageCodec Npy { get; } = new NpyCodec();

    // After the codecs: static members are made in the order of the text.
    private static volatile ImageCodecRegistry s_default = new([Png, Jpeg, Bmp, Npy]);

    /// <summary>
    /// The codecs of whoever names no others: <see cref="ImageFile"/>, this class, and compression by a format's name. By default those of this package, in the order in which
    /// they are asked whether they recognize a file. Another registry may be set once, at a program's start.
    /// </summary>
    public static ImageCodecRegistry Default
    {
        get => s_default;
        set => s_default = value ?? throw new ArgumentNullException(nameof(value));
    }

    /// <summary>All of <see cref="Default"/>.</summary>
    public static IReadOnlyList<IImageCodec> All => Default.All;

    /// <summary>The codec of a name, "png", "jpeg", "bmp" or "npy" of this package, or an extension without its dot; case does not matter.</summary>
    /// <exception cref="ArgumentException">No codec has this name.</exception>
    public static IImageCodec Find(string name) => Default.Find(name);

    /// <summary>The codec that a path's extension belongs to, or null; case does not matter.</summary>
    /// <param name="path">A file name or path, or an extension with its dot.</param>
    public static IImageCodec? FindByExtension(string path) => Default.FindByExtension(path);

    /// <summary>The codec that recognizes a file by its first bytes, or null.</summary>
    /// <param name="start">The file, or its first 16 bytes or more.</param>
    public static IImageCodec? FindByContent(ReadOnlySpan<byte> start) => Default.FindByContent(start);
}
