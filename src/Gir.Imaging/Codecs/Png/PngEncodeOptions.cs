using System.IO.Compression;

namespace Gir.Imaging.Codecs;

/// <summary>How a PNG file is written.</summary>
/// <param name="BitDepth">Bits per sample, 8 or 16; default 8.</param>
/// <param name="CompressionLevel">
/// Effort of the compression, which never changes the samples. Default <see cref="CompressionLevel.Fastest"/>: several times as fast as
/// <see cref="CompressionLevel.Optimal"/>, and photographs become about a twentieth larger. <see cref="CompressionLevel.SmallestSize"/> is the slowest.
/// </param>
public sealed record PngEncodeOptions(int BitDepth = 8, CompressionLevel CompressionLevel = CompressionLevel.Fastest) : ImageEncodeOptions
{
    /// <summary>Threads that the fastest level may use; the bytes do not depend on it. Default the calling thread alone.</summary>
    public Parallelism Parallelism { get; init; } = Parallelism.Sequential;
}
