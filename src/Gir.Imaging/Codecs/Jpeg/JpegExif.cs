using System.Buffers.Binary;

namespace Gir.Imaging.Codecs.Jpeg;

/// <summary>Reads the orientation of an EXIF segment (EXIF 2.32, tag 0112) and applies it.</summary>
internal static class JpegExif
{
    private const int OrientationTag = 0x0112;
    /// <summary>The orientation, 1..8; 1 where the segment has none or is damaged, as EXIF is no part of the picture.</summary>
    /// <param name="segment">An APP1 segment without marker and length.</param>
    public static int ReadOrientation(ReadOnlySpan<byte> segment) =>
        segment.StartsWith("Exif\0\0"u8) ? ReadTiffOrientation(segment[6..]) : 1;

    /// <summary>The orientation, 1..8, of EXIF data without the name before it, as PNG stores it.</summary>
    public static int ReadTiffOrientation(ReadOnlySpan<byte> tiff)
    {
        bool little = tiff.StartsWith("II"u8);
        if (tiff.Length < 8 || (!little && !tiff.StartsWith("MM"u8)) || UInt16(tiff[2..], little) != 42)
            return 1;
        uint directory = UInt32(tiff[4..], little);
        if (directory > tiff.Length - 2)
            return 1;
        ReadOnlySpan<byte> entries = tiff[((int)directory + 2)..];
        int count = Math.Min(UInt16(tiff[(int)directory..], little), entries.Length / 12);
        for (int i = 0; i < count; i++)
        {
            ReadOnlySpan<byte> entry = entries.Slice(i * 12, 12);
            if (UInt16(entry, little) != OrientationTag || Integer(entry[2..], little) is not { } value)
                continue;
            return value is >= 1 and <= 8 ? (int)value : 1;
        }

        return 1;
    }

    /// <summary>Whether rows become columns.</summary>
    public static bool Transposes(int orientation) => orientation >= 5;

    /// <summary>Turns stored pixels upright.</summary>
    public static ImageBuffer Apply(ImageBuffer image, int orientation) => orientation switch
    {
        2 => image.FlipHorizontal(),
        3 => image.Rotate180(),
        4 => image.FlipVertical(),
        5 => image.Transpose(),
        // EXIF's 6 asks for a quarter turn clockwise; Rotate90 turns counter-clockwise.
        6 => image.Rotate270(),
        7 => image.Transpose().Rotate180(),
        8 => image.Rotate90(),
        _ => image,
    };

    // The standard asks for SHORT, but writers store every type of integer: BYTE, SHORT, LONG and their signed twins.
    private static uint? Integer(ReadOnlySpan<byte> typeCountValue, bool little)
    {
        ReadOnlySpan<byte> value = typeCountValue[6..];
        return UInt16(typeCountValue, little) switch
        {
            1 or 6 => value[0],
            3 or 8 => (uint)UInt16(value, little),
            4 or 9 => UInt32(value, little),
            _ => null,
        };
    }

    private static int UInt16(ReadOnlySpan<byte> bytes, bool little) =>
        little ? BinaryPrimitives.ReadUInt16LittleEndian(bytes) : BinaryPrimitives.ReadUInt16BigEndian(bytes);

    private static uint UInt32(ReadOnlySpan<byte> bytes, bool little) =>
        little ? BinaryPrimitives.ReadUInt32LittleEndian(bytes) : BinaryPrimitives.ReadUInt32BigEndian(bytes);
}
