using System.Buffers.Binary;

namespace Gir.Imaging.SkiaSharp;

/// <summary>How files of the formats begin.</summary>
internal static class SkiaFormats
{
    /// <summary>Whether a file that begins with these bytes is of a format.</summary>
    public delegate bool Start(ReadOnlySpan<byte> start);

    // Directory entries of an icon file have 16 bytes each, and begin after 6.
    private const int IconHeader = 6;

    public static bool IsWebp(ReadOnlySpan<byte> start) => start.Length >= 12 && start.StartsWith("RIFF"u8) && start[8..12].SequenceEqual("WEBP"u8);

    public static bool IsGif(ReadOnlySpan<byte> start) => start.StartsWith("GIF87a"u8) || start.StartsWith("GIF89a"u8);

    // Zero, 1 or 2, the number of pictures, and a reserved zero in the first one's entry.
    public static bool IsIco(ReadOnlySpan<byte> start) =>
        start.Length > IconHeader + 3 && BinaryPrimitives.ReadUInt16LittleEndian(start) == 0
        && BinaryPrimitives.ReadUInt16LittleEndian(start[2..]) is 1 or 2
        && BinaryPrimitives.ReadUInt16LittleEndian(start[4..]) is > 0 and <= 1024 && start[IconHeader + 3] == 0;
}
