using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Gir.Imaging.Kernels;

namespace Gir.Imaging.Codecs.Npy;

/// <summary>Copies an array's elements into planes.</summary>
internal static class NpyDecoder
{
    public static ImageBuffer Decode(ReadOnlySpan<byte> file, NpyHeader header, NpyShape shape)
    {
        long count = (long)shape.Channels * shape.Height * shape.Width;
        ReadOnlySpan<byte> data = file[header.DataOffset..];
        if (data.Length < count * header.ItemBytes)
        {
            throw NpyHeader.Error(
                header.DataOffset, $"the array needs {count * header.ItemBytes} bytes, but the file has {data.Length} left; it is cut short");
        }

        ImageBuffer image = ImageConversion.Uninitialized(shape.Channels, shape.Height, shape.Width);
        bool isPlanar = shape.ColumnStride == 1 && shape.RowStride == shape.Width
            && (shape.Channels == 1 || shape.ChannelStride == image.PlaneLength);
        if (header is { Kind: NpyKind.Float, ItemBytes: 4, IsBigEndian: false } && isPlanar && BitConverter.IsLittleEndian)
        {
            MemoryMarshal.Cast<byte, float>(data[..(int)(4 * count)]).CopyTo(image.Samples);
            return image;
        }

        if (header is { Kind: NpyKind.Unsigned, ItemBytes: 1, IsFortranOrder: false } && shape.ColumnStride == shape.Channels)
        {
            DeinterleaveBytes.Run(data[..(int)count], shape.Channels, image.Samples, image.PlaneLength);
            return image;
        }

        for (int c = 0; c < shape.Channels; c++)
        {
            for (int y = 0; y < shape.Height; y++)
            {
                Span<float> row = image.Row(c, y);
                long at = (c * shape.ChannelStride) + (y * shape.RowStride);
                for (int x = 0; x < row.Length; x++, at += shape.ColumnStride)
                    row[x] = Element(data[(int)(at * header.ItemBytes)..], header);
            }
        }

        return image;
    }

    private static float Element(ReadOnlySpan<byte> at, NpyHeader header) => (header.Kind, header.ItemBytes, header.IsBigEndian) switch
    {
        (NpyKind.Float, 4, false) => BinaryPrimitives.ReadSingleLittleEndian(at),
        (NpyKind.Float, 4, true) => BinaryPrimitives.ReadSingleBigEndian(at),
        (NpyKind.Float, _, false) => (float)BinaryPrimitives.ReadDoubleLittleEndian(at),
        (NpyKind.Float, _, true) => (float)BinaryPrimitives.ReadDoubleBigEndian(at),
        (_, 1, _) => at[0] / 255f,
        (_, _, false) => BinaryPrimitives.ReadUInt16LittleEndian(at) / 65535f,
        (_, _, true) => BinaryPrimitives.ReadUInt16BigEndian(at) / 65535f,
    };
}
