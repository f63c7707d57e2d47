using System.Buffers;
using System.Buffers.Binary;
using Gir.Imaging.Kernels;

namespace Gir.Imaging.Codecs.Png;

/// <summary>Writes the image data in groups of rows, each a block of the one zlib stream and an IDAT chunk, so that threads can share the work.</summary>
internal static class PngFastData
{
    // Large enough for a code of its own to pay, small enough to stay in the second-level cache.
    private const int GroupBytes = 1 << 17;

    // Groups held in memory at a time.
    private const int BatchGroups = 16;

    private const int ZlibHeaderLength = 2;
    private const int ChecksumLength = 4;

    public static void Write(ImageBuffer image, PngEncodeOptions options, Stream destination)
    {
        int rowBytes = checked((image.Width * image.Channels * (options.BitDepth / 8)) + 1);
        int groupRows = Math.Max(1, GroupBytes / rowBytes);
        int groups = (image.Height + groupRows - 1) / groupRows;
        uint checksum = Adler32.Start;
        var batch = new Group[Math.Min(BatchGroups, groups)];
        for (int first = 0; first < groups; first += batch.Length)
        {
            int count = Math.Min(batch.Length, groups - first);
            options.Parallelism.For(count, 1, new Worker(image, options.BitDepth, groupRows, first, batch));
            for (int i = 0; i < count; i++)
            {
                Group group = batch[i];
                checksum = Adler32.Combine(checksum, group.Checksum, group.RawLength);
                int end = ZlibHeaderLength + group.Length;
                if (first + i == groups - 1)
                {
                    BinaryPrimitives.WriteUInt32BigEndian(group.Data.AsSpan(end), checksum);
                    end += ChecksumLength;
                }

                int start = first + i == 0 ? 0 : ZlibHeaderLength;
                PngEncoder.WriteChunk(destination, "IDAT"u8, group.Data.AsSpan(start, end - start));
                ArrayPool<byte>.Shared.Return(group.Data);
            }
        }
    }

    /// <summary>Compressed rows.</summary>
    /// <param name="Data">Room for the stream's header, then the data.</param>
    /// <param name="Length">Bytes of the data.</param>
    /// <param name="RawLength">Bytes before compression.</param>
    /// <param name="Checksum">Their checksum.</param>
    private readonly record struct Group(byte[] Data, int Length, int RawLength, uint Checksum);

    private readonly struct Worker(ImageBuffer image, int bitDepth, int groupRows, int first, Group[] batch) : IRangeBody
    {
        public void Invoke(int start, int end)
        {
            var filter = new PngRowFilter(image, bitDepth, isFiltered: true);
            byte[] raw = ArrayPool<byte>.Shared.Rent(filter.RowBytes * groupRows);
            for (int i = start; i < end; i++)
                batch[i] = Compress(first + i, filter, raw);
            ArrayPool<byte>.Shared.Return(raw);
        }

        private Group Compress(int index, PngRowFilter filter, byte[] raw)
        {
            int firstRow = index * groupRows;
            int rows = Math.Min(groupRows, image.Height - firstRow);
            for (int i = 0; i < rows; i++)
                filter.Next(firstRow + i, raw.AsSpan(i * filter.RowBytes, filter.RowBytes));
            ReadOnlySpan<byte> bytes = raw.AsSpan(0, rows * filter.RowBytes);
            byte[] data = ArrayPool<byte>.Shared.Rent(ZlibHeaderLength + DeflateWriter.MostBytes(bytes.Length) + ChecksumLength);
            // Deflate with a window of 32 KiB, fastest (RFC 1950).
            (data[0], data[1]) = (0x78, 0x01);
            int length = DeflateWriter.Compress(bytes, isLast: firstRow + rows == image.Height, data.AsSpan(ZlibHeaderLength));
            return new Group(data, length, bytes.Length, Adler32.Append(Adler32.Start, bytes));
        }
    }
}
