namespace Gir.Models.Zoo;

/// <summary>Whether a network may restore an image in tiles.</summary>
public enum TilingSupport
{
    /// <summary>Pixels nearby decide a pixel, at least to good approximation: tiles change nothing that one would see.</summary>
    Supported,

    /// <summary>
    /// Statistics of the whole image take part (pooling, instance normalization, attention between channels), or the image's size decides where windows of attention
    /// lie: a tile uses its own instead, and its result differs from the untiled one everywhere. Images are restored whole as long as memory allows, unless tiles are asked for.
    /// </summary>
    Discouraged,

    /// <summary>The network knows one size of images alone (absolute positions): tiles are refused.</summary>
    Unsupported,
}
