using System.IO.Compression;

namespace Gir.Imaging.Codecs;

/// <summary>How a PNG file is written.</summary>
/// <param name="BitDepth">Bits per sample, 8 or 16; default 8.</param>
/// <param name="CompressionLevel">Effort of the compression, which never changes the samples; default <see cref="CompressionLevel.Optimal"/>.</param>
public sealed record PngEncodeOptions(int BitDepth = 8, CompressionLevel CompressionLevel = CompressionLevel.Optimal) : ImageEncodeOptions;
