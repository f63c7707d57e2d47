using Gir.Imaging.Codecs;

namespace Gir.Imaging.SkiaSharp;

/// <summary>The codecs of this package.</summary>
/// <example>
/// <code>
/// ImageCodecs.Default = SkiaCodecs.With(ImageCodecs.Default);   // once, at the program's start
/// ImageBuffer image = ImageFile.Load("photo.webp");
/// </code>
/// </example>
public static class SkiaCodecs
{
    /// <summary>WebP, lossy and lossless.</summary>
    public static IImageCodec Webp { get; } = new SkiaCodec("webp", [".webp"], SkiaFormats.IsWebp);

    /// <summary>GIF: the first frame; read alone.</summary>
    public static IImageCodec Gif { get; } = new SkiaCodec("gif", [".gif"], SkiaFormats.IsGif);

    /// <summary>Windows icons and cursors: the largest picture; read alone.</summary>
    public static IImageCodec Ico { get; } = new SkiaCodec("ico", [".ico", ".cur"], SkiaFormats.IsIco);

    /// <summary>All of them.</summary>
    public static IReadOnlyList<IImageCodec> All { get; } = [Webp, Gif, Ico];

    /// <summary>A registry with these codecs after its own, each unless it has one of that name.</summary>
    public static ImageCodecRegistry With(ImageCodecRegistry registry)
    {
        ArgumentNullException.ThrowIfNull(registry);
        return registry.With(All);
    }
}
