namespace Gir.Imaging;

/// <summary>Order of the bytes of 8-bit pixels in memory.</summary>
public enum PixelFormat
{
    /// <summary>One byte: gray.</summary>
    Gray8,

    /// <summary>Three bytes: red, green, blue.</summary>
    Rgb24,

    /// <summary>Three bytes: blue, green, red (OpenCV, Windows bitmaps).</summary>
    Bgr24,

    /// <summary>Four bytes: red, green, blue, alpha (browsers, Android, SkiaSharp).</summary>
    Rgba32,

    /// <summary>Four bytes: blue, green, red, alpha (Windows, macOS, SkiaSharp).</summary>
    Bgra32,

    /// <summary>Four bytes: blue, green, red, and one that means nothing and is written as 255.</summary>
    Bgrx32,
}
