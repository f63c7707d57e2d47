using System.Buffers.Binary;
using System.IO.Compression;
using Gir.Imaging.Kernels;

namespace Gir.Imaging.Codecs.Png;

/// <summary>Writes a file: filtered rows, compressed by zlib or, as fast as possible, by our own.</summary>
internal static class PngEncoder
{
    private const int LongestChunk = 1 << 20;

    public static void Encode(ImageBuffer image, Stream destination, PngEncodeOptions options)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(destination);
        EncodeOptions.CheckChannels(image, PngCodec.FormatName, most: 4);
        if (options.BitDepth is not (8 or 16))
            throw new ArgumentException($"{nameof(options.BitDepth)} is {options.BitDepth}; expected 8 or 16.", nameof(options));
        ZLibCompressionOptions? compression = Compression(options.CompressionLevel);

        destination.Write(PngStructure.Signature);
        WriteHeader(image, options.BitDepth, destination);
        if (IccProfile.Fits(options.Metadata.IccProfile.Span, image.Channels))
            WriteChunk(destination, "iCCP"u8, PngProfile.Write(options.Metadata.IccProfile.Span));
        if (options.Metadata.Resolution is { } resolution)
            WriteChunk(destination, "pHYs"u8, PngProfile.WriteResolution(resolution));
        if (compression is null)
        {
            PngFastData.Write(image, options, destination);
        }
        else
        {
            using var compressed = new MemoryStream();
            using (var zlib = new ZLibStream(compressed, compression, leaveOpen: true))
                WriteRows(image, options.BitDepth, isFiltered: compression.CompressionLevel > 0, zlib);
            ReadOnlySpan<byte> data = compressed.GetBuffer().AsSpan(0, (int)compressed.Length);
            for (int at = 0; at < data.Length; at += LongestChunk)
                WriteChunk(destination, "IDAT"u8, data.Slice(at, Math.Min(LongestChunk, data.Length - at)));
        }

        WriteChunk(destination, "IEND"u8, []);
    }

    /// <summary>Writes a chunk with its length and checksum.</summary>
    internal static void WriteChunk(Stream destination, ReadOnlySpan<byte> type, ReadOnlySpan<byte> data)
    {
        Span<byte> head = stackalloc byte[8];
        BinaryPrimitives.WriteInt32BigEndian(head, data.Length);
        type.CopyTo(head[4..]);
        destination.Write(head);
        destination.Write(data);
        Span<byte> crc = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(crc, Crc32.Append(Crc32.Append(0, type), data));
        destination.Write(crc);
    }

    // Null means our own, which is faster than any level of zlib.
    private static ZLibCompressionOptions? Compression(CompressionLevel level) => level switch
    {
        CompressionLevel.NoCompression => new ZLibCompressionOptions { CompressionLevel = 0 },
        CompressionLevel.Fastest => null,
        CompressionLevel.Optimal => new ZLibCompressionOptions { CompressionLevel = 6 },
        CompressionLevel.SmallestSize => new ZLibCompressionOptions { CompressionLevel = 9 },
        _ => throw new ArgumentException($"{nameof(CompressionLevel)} is {level}; expected a member of CompressionLevel.", nameof(level)),
    };

    private static void WriteHeader(ImageBuffer image, int bitDepth, Stream destination)
    {
        PngColorType type = image.Channels switch
        {
            1 => PngColorType.Gray,
            2 => PngColorType.GrayAlpha,
            3 => PngColorType.Rgb,
            _ => PngColorType.Rgba,
        };
        Span<byte> header = stackalloc byte[PngHeader.Length];
        header.Clear();
        BinaryPrimitives.WriteInt32BigEndian(header, image.Width);
        BinaryPrimitives.WriteInt32BigEndian(header[4..], image.Height);
        header[8] = (byte)bitDepth;
        header[9] = (byte)type;
        WriteChunk(destination, "IHDR"u8, header);
    }

    private static void WriteRows(ImageBuffer image, int bitDepth, bool isFiltered, Stream zlib)
    {
        var filter = new PngRowFilter(image, bitDepth, isFiltered);
        byte[] row = new byte[filter.RowBytes];
        for (int y = 0; y < image.Height; y++)
        {
            filter.Next(y, row);
            zlib.Write(row);
        }
    }
}
