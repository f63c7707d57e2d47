using System.Buffers.Binary;
using Gir.Imaging.Kernels;

namespace Gir.Imaging.Codecs.Bmp;

/// <summary>Decodes the pixels of a bitmap whose header has been checked.</summary>
internal static class BmpDecoder
{
    public static ImageBuffer Decode(ReadOnlySpan<byte> file, BmpHeader header)
    {
        bool isRunLength = header.Compression is BmpCompression.RunLength8 or BmpCompression.RunLength4;
        if (isRunLength)
            BmpRunLength.CheckBelievable(file.Length - header.DataOffset, header);
        else
            CheckLength(file, header);

        ImageBuffer image = ImageConversion.Uninitialized(header.Channels, header.Height, header.Width);
        if (isRunLength)
        {
            byte[] indices = BmpRunLength.Decode(file, header);
            for (int y = 0; y < header.Height; y++)
                FromPalette(indices.AsSpan(y * header.Width, header.Width), 8, header, y, image);
            return image;
        }

        byte[] levels = new byte[3 * header.Width];
        for (int row = 0; row < header.Height; row++)
        {
            ReadOnlySpan<byte> stored = file[(int)(header.DataOffset + (row * header.Stride))..];
            int y = header.IsTopDown ? row : header.Height - 1 - row;
            if (header.Palette.Length > 0)
                FromPalette(stored, header.BitsPerPixel, header, y, image);
            else if (header.Masks.Length > 0)
                FromMasks(stored, header, y, image);
            else
                FromBgr(stored, header.BitsPerPixel / 8, levels, y, image);
        }

        return image;
    }

    private static void CheckLength(ReadOnlySpan<byte> file, BmpHeader header)
    {
        // The padding of the last row may be missing.
        long needed = ((header.Height - 1) * header.Stride) + ((((long)header.Width * header.BitsPerPixel) + 7) / 8);
        if (file.Length - header.DataOffset < needed)
        {
            throw BmpHeader.Error(
                header.DataOffset, $"the pixels need {needed} bytes, but the file has {file.Length - header.DataOffset} left; it is cut short");
        }
    }

    private static void FromPalette(ReadOnlySpan<byte> row, int bits, BmpHeader header, int y, ImageBuffer image)
    {
        int mask = (1 << bits) - 1;
        for (int x = 0; x < header.Width; x++)
        {
            long bit = (long)x * bits;
            int index = (row[(int)(bit >> 3)] >> (8 - bits - (int)(bit & 7))) & mask;
            if (3 * index >= header.Palette.Length)
                throw BmpHeader.Error(header.DataOffset, $"palette index {index} in row {y}; the palette has {header.Palette.Length / 3} entries");
            for (int c = 0; c < image.Channels; c++)
                image.Samples[(((c * image.Height) + y) * image.Width) + x] = header.Palette[(3 * index) + c] / 255f;
        }
    }

    private static void FromMasks(ReadOnlySpan<byte> row, BmpHeader header, int y, ImageBuffer image)
    {
        for (int c = 0; c < header.Masks.Length; c++)
        {
            (int shift, uint most) = (header.Masks[c].Shift, header.Masks[c].Most);
            Span<float> plane = image.Row(c, y);
            for (int x = 0; x < plane.Length; x++)
            {
                uint pixel = header.BitsPerPixel switch
                {
                    16 => BinaryPrimitives.ReadUInt16LittleEndian(row[(2 * x)..]),
                    24 => BinaryPrimitives.ReadUInt16LittleEndian(row[(3 * x)..]) | ((uint)row[(3 * x) + 2] << 16),
                    _ => BinaryPrimitives.ReadUInt32LittleEndian(row[(4 * x)..]),
                };
                plane[x] = (float)((double)((pixel >> shift) & most) / most);
            }
        }
    }

    private static void FromBgr(ReadOnlySpan<byte> row, int pixelBytes, byte[] levels, int y, ImageBuffer image)
    {
        for (int x = 0; x < image.Width; x++)
        {
            ReadOnlySpan<byte> pixel = row.Slice(x * pixelBytes, 3);
            (levels[3 * x], levels[(3 * x) + 1], levels[(3 * x) + 2]) = (pixel[2], pixel[1], pixel[0]);
        }

        DeinterleaveBytes.Run(levels, 3, image.Samples[(y * image.Width)..], image.PlaneLength);
    }
}
