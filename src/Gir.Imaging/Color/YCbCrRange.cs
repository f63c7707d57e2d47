namespace Gir.Imaging.Color;

/// <summary>Which levels luma and chroma use; both are ITU-R BT.601 weights.</summary>
public enum YCbCrRange
{
    /// <summary>JFIF (JPEG): Y, Cb and Cr use all of 0..255, chroma is centered on 128.</summary>
    Full,

    /// <summary>Studio levels, as MATLAB rgb2ycbcr and BasicSR: Y in 16..235, Cb and Cr in 16..240, chroma centered on 128.</summary>
    Limited,
}
