namespace Gir.Degradations.Compression;

/// <summary>Whose JPEG.</summary>
public enum CompressionKind
{
    /// <summary>libjpeg-turbo's, sample for sample.</summary>
    Jpeg,

    /// <summary>The floating-point approximation of the public generators (BasicSR's DiffJPEG); always 4:2:0.</summary>
    DiffJpeg,
}
