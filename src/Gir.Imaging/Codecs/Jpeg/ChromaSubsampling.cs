namespace Gir.Imaging.Codecs;

/// <summary>How many chroma samples a JPEG file stores.</summary>
public enum ChromaSubsampling
{
    /// <summary>One per pixel.</summary>
    Chroma444,

    /// <summary>One per two horizontally adjacent pixels.</summary>
    Chroma422,

    /// <summary>One per 2 x 2 pixels; what OpenCV and Pillow write by default.</summary>
    Chroma420,
}
