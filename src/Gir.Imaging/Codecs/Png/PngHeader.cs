using System.Buffers.Binary;

namespace Gir.Imaging.Codecs.Png;

/// <summary>What IHDR says (PNG specification, 11.2.2).</summary>
internal readonly record struct PngHeader(int Width, int Height, int BitDepth, PngColorType ColorType, bool IsInterlaced)
{
    /// <summary>Length of the chunk's data.</summary>
    public const int Length = 13;

    /// <summary>Samples per pixel in the file; palette indices count as one.</summary>
    public int StoredChannels => ColorType switch
    {
        PngColorType.Rgb => 3,
        PngColorType.GrayAlpha => 2,
        PngColorType.Rgba => 4,
        _ => 1,
    };

    /// <summary>Distance in bytes that filters look back.</summary>
    public int FilterBytes => Math.Max(1, StoredChannels * BitDepth / 8);

    /// <summary>Bytes of a row of so many pixels, without its filter byte.</summary>
    public long RowBytes(int pixels) => (((long)pixels * StoredChannels * BitDepth) + 7) / 8;

    public static PngHeader Parse(ReadOnlySpan<byte> data, long offset)
    {
        if (data.Length != Length)
            throw PngStructure.Error(offset, $"IHDR is {data.Length} bytes long; expected {Length}");
        uint width = BinaryPrimitives.ReadUInt32BigEndian(data);
        uint height = BinaryPrimitives.ReadUInt32BigEndian(data[4..]);
        if (width is 0 or > int.MaxValue || height is 0 or > int.MaxValue)
            throw PngStructure.Error(offset, $"the image is {width} wide and {height} high; expected 1..{int.MaxValue} each");
        (int depth, int type) = (data[8], data[9]);
        bool legal = type switch
        {
            (int)PngColorType.Gray => depth is 1 or 2 or 4 or 8 or 16,
            (int)PngColorType.Palette => depth is 1 or 2 or 4 or 8,
            (int)PngColorType.Rgb or (int)PngColorType.GrayAlpha or (int)PngColorType.Rgba => depth is 8 or 16,
            _ => throw PngStructure.Error(offset + 9, $"color type {type}; expected 0, 2, 3, 4 or 6"),
        };
        if (!legal)
            throw PngStructure.Error(offset + 8, $"bit depth {depth} is not allowed for color type {type}");
        if (data[10] != 0)
            throw PngStructure.Error(offset + 10, $"compression method {data[10]}; expected 0");
        if (data[11] != 0)
            throw PngStructure.Error(offset + 11, $"filter method {data[11]}; expected 0");
        if (data[12] > 1)
            throw PngStructure.Error(offset + 12, $"interlace method {data[12]}; expected 0 or 1");
        return new PngHeader((int)width, (int)height, depth, (PngColorType)type, data[12] == 1);
    }
}

/// <summary>The color types of IHDR, with their numbers.</summary>
internal enum PngColorType
{
    Gray = 0,
    Rgb = 2,
    Palette = 3,
    GrayAlpha = 4,
    Rgba = 6,
}
