using System.Buffers.Binary;
using System.IO.Compression;
using System.Runtime.InteropServices;
using Gir.Imaging.Kernels;

namespace Gir.Imaging.Codecs.Png;

/// <summary>Writes a file row by row, each with the filter that leaves the smallest sum of magnitudes (PNG specification, 12.7).</summary>
internal static class PngEncoder
{
    private const int FilterCount = 5;
    private const int LongestChunk = 1 << 20;

    public static void Encode(ImageBuffer image, Stream destination, PngEncodeOptions options)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(destination);
        EncodeOptions.CheckChannels(image, PngCodec.FormatName, most: 4);
        if (options.BitDepth is not (8 or 16))
            throw new ArgumentException($"{nameof(options.BitDepth)} is {options.BitDepth}; expected 8 or 16.", nameof(options));
        ZLibCompressionOptions compression = Compression(options.CompressionLevel);

        destination.Write(PngStructure.Signature);
        WriteHeader(image, options.BitDepth, destination);
        using var compressed = new MemoryStream();
        using (var zlib = new ZLibStream(compressed, compression, leaveOpen: true))
            WriteRows(image, options.BitDepth, isFiltered: compression.CompressionLevel > 0, zlib);
        ReadOnlySpan<byte> data = compressed.GetBuffer().AsSpan(0, (int)compressed.Length);
        for (int at = 0; at < data.Length; at += LongestChunk)
            WriteChunk(destination, "IDAT"u8, data.Slice(at, Math.Min(LongestChunk, data.Length - at)));
        WriteChunk(destination, "IEND"u8, []);
    }

    private static ZLibCompressionOptions Compression(CompressionLevel level) => level switch
    {
        CompressionLevel.NoCompression => new ZLibCompressionOptions { CompressionLevel = 0 },
        // What filters leave of a photograph has few longer repetitions than runs: three times as fast, a twentieth larger.
        CompressionLevel.Fastest => new ZLibCompressionOptions { CompressionLevel = 2, CompressionStrategy = ZLibCompressionStrategy.RunLengthEncoding },
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
        int pixelBytes = image.Channels * (bitDepth / 8);
        int length = checked(image.Width * pixelBytes);
        byte[] above = new byte[length];
        byte[] current = new byte[length];
        // One candidate row per filter, each behind its filter byte.
        byte[][] candidates = new byte[isFiltered ? FilterCount : 1][];
        for (int filter = 0; filter < candidates.Length; filter++)
        {
            candidates[filter] = new byte[length + 1];
            candidates[filter][0] = (byte)filter;
        }

        for (int y = 0; y < image.Height; y++)
        {
            StoreRow(image, y, bitDepth, current);
            int best = 0;
            long least = long.MaxValue;
            for (int filter = 0; filter < candidates.Length; filter++)
            {
                long sum = PngFilter.Run(filter, current, above, candidates[filter].AsSpan(1), pixelBytes);
                if (sum < least)
                    (best, least) = (filter, sum);
            }

            zlib.Write(candidates[best]);
            (above, current) = (current, above);
        }
    }

    private static void StoreRow(ImageBuffer image, int y, int bitDepth, Span<byte> row)
    {
        ReadOnlySpan<float> samples = image.Samples[(y * image.Width)..];
        if (bitDepth == 8)
        {
            InterleaveBytes.Run(samples, image.PlaneLength, image.Channels, row);
            return;
        }

        Span<ushort> levels = MemoryMarshal.Cast<byte, ushort>(row);
        InterleaveUInt16.RunScalar(samples, image.PlaneLength, image.Channels, levels);
        if (BitConverter.IsLittleEndian)
            BinaryPrimitives.ReverseEndianness(levels, levels);
    }

    private static void WriteChunk(Stream destination, ReadOnlySpan<byte> type, ReadOnlySpan<byte> data)
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
}
