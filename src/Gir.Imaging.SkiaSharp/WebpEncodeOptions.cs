using Gir.Imaging.Codecs;

namespace Gir.Imaging.SkiaSharp;

/// <summary>How a WebP file is written.</summary>
/// <param name="Quality">0..100: of the picture, or of a lossless file the effort; default 80.</param>
/// <param name="IsLossless">Whether every 8-bit level is kept, except of the colors of pixels that nobody sees; default false.</param>
public sealed record WebpEncodeOptions(int Quality = 80, bool IsLossless = false) : ImageEncodeOptions;
