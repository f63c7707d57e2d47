using Gir.Imaging.Codecs;

namespace Gir.Imaging.Magick;

/// <summary>How a JPEG 2000 file is written.</summary>
/// <param name="Quality">1..100: how near the picture stays to the original, in dB of PSNR as OpenJPEG estimates it while it writes; default 40.</param>
/// <param name="IsLossless">Whether every 8-bit level is kept; default false.</param>
public sealed record Jpeg2000EncodeOptions(int Quality = 40, bool IsLossless = false) : ImageEncodeOptions;
