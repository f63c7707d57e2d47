using System.Buffers.Binary;
using Gir.Imaging.Kernels;

namespace Gir.Imaging.Codecs.Bmp;

/// <summary>Writes bottom-up bitmaps of 8, 24 or 32 bits.</summary>
internal static class BmpEncoder
{
    private const int FileHeader = 14;
    private const int InfoSize = 40;
    private const int V4Size = 108;
    private const uint SrgbColors = 0x73524742;

    private const int HorizontalResolutionOffset = 38;
    private const int VerticalResolutionOffset = 42;

    public static void Encode(ImageBuffer image, Stream destination, ImageResolution? resolution)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(destination);
        if (image.Channels is not (1 or 3 or 4))
            throw new ArgumentException($"bmp holds 1, 3 or 4 channels, but the image is {image}.", nameof(image));
        int rowBytes = checked(image.Width * image.Channels);
        int stride = (rowBytes + 3) & ~3;
        int headers = FileHeader + (image.Channels == 4 ? V4Size : InfoSize) + (image.Channels == 1 ? 1024 : 0);
        long size = headers + ((long)stride * image.Height);
        if (size > uint.MaxValue)
            throw new ArgumentException($"A bitmap of {image} exceeds the 4 GiB of the format.", nameof(image));

        byte[] start = Headers(image, headers, (uint)size);
        if (resolution is { } density)
        {
            BinaryPrimitives.WriteInt32LittleEndian(start.AsSpan(HorizontalResolutionOffset), ToDensity(density.Horizontal));
            BinaryPrimitives.WriteInt32LittleEndian(start.AsSpan(VerticalResolutionOffset), ToDensity(density.Vertical));
        }

        destination.Write(start);
        byte[] row = new byte[stride];
        for (int y = image.Height - 1; y >= 0; y--)
        {
            InterleaveBytes.Run(image.Samples[(y * image.Width)..], image.PlaneLength, image.Channels, row.AsSpan(0, rowBytes));
            for (int at = 0; image.Channels > 1 && at < rowBytes; at += image.Channels)
                (row[at], row[at + 2]) = (row[at + 2], row[at]);
            destination.Write(row);
        }
    }

    private static int ToDensity(double value) => (int)Math.Clamp(Math.Round(value), 1, int.MaxValue);

    private static byte[] Headers(ImageBuffer image, int length, uint size)
    {
        var bytes = new byte[length];
        Span<byte> h = bytes;
        "BM"u8.CopyTo(h);
        BinaryPrimitives.WriteUInt32LittleEndian(h[2..], size);
        BinaryPrimitives.WriteInt32LittleEndian(h[10..], length);
        BinaryPrimitives.WriteInt32LittleEndian(h[14..], image.Channels == 4 ? V4Size : InfoSize);
        BinaryPrimitives.WriteInt32LittleEndian(h[18..], image.Width);
        BinaryPrimitives.WriteInt32LittleEndian(h[22..], image.Height);
        BinaryPrimitives.WriteInt16LittleEndian(h[26..], 1);
        BinaryPrimitives.WriteInt16LittleEndian(h[28..], (short)(8 * image.Channels));
        if (image.Channels == 4)
        {
            BinaryPrimitives.WriteInt32LittleEndian(h[30..], (int)BmpCompression.BitFields);
            ReadOnlySpan<uint> masks = [0x00FF0000, 0x0000FF00, 0x000000FF, 0xFF000000, SrgbColors];
            for (int i = 0; i < masks.Length; i++)
                BinaryPrimitives.WriteUInt32LittleEndian(h[(54 + (4 * i))..], masks[i]);
        }

        for (int i = 0; image.Channels == 1 && i < 256; i++)
            h.Slice(FileHeader + InfoSize + (4 * i), 3).Fill((byte)i);
        return bytes;
    }
}
