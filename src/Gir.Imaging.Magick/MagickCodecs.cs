using Gir.Imaging.Codecs;

namespace Gir.Imaging.Magick;

/// <summary>The codecs of this package.</summary>
/// <remarks>Safe to use from several threads.</remarks>
/// <example>
/// <code>
/// ImageCodecs.Default = MagickCodecs.With(ImageCodecs.Default);   // once, at the program's start
/// ImageBuffer image = ImageFile.Load("photo.jp2");
/// </code>
/// </example>
public static class MagickCodecs
{
    /// <summary>JPEG 2000 (ISO/IEC 15444-1), files (.jp2) and bare codestreams (.j2k), 8 bits per sample.</summary>
    public static IImageCodec Jpeg2000 { get; } = new Jpeg2000Codec();

    /// <summary>All of them.</summary>
    public static IReadOnlyList<IImageCodec> All { get; } = [Jpeg2000];

    /// <summary>A registry with these codecs after its own, each unless it has one of that name.</summary>
    /// <exception cref="ArgumentNullException">The registry is null.</exception>
    public static ImageCodecRegistry With(ImageCodecRegistry registry)
    {
        ArgumentNullException.ThrowIfNull(registry);
        return registry.With(All);
    }
}
