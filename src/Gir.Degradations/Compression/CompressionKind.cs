namespace Gir.Degradations.Compression;

/// <summary>What compresses.</summary>
public enum CompressionKind
{
    /// <summary>libjpeg-turbo's, sample for sample.</summary>
    Jpeg,

    /// <summary>The floating-point approximation of the public generators (BasicSR's DiffJPEG); always 4:2:0.</summary>
    DiffJpeg,

    /// <summary>Lossy WebP, by the codec "webp" of <see cref="Gir.Imaging.Codecs.ImageCodecs.Default"/>, which the package Gir.Imaging.SkiaSharp has.</summary>
    Webp,

    /// <summary>JPEG 2000, by a codec "jpeg2000" of <see cref="Gir.Imaging.Codecs.ImageCodecs.Default"/>, e.g. of the package Gir.Imaging.Magick.</summary>
    Jpeg2000,
}
