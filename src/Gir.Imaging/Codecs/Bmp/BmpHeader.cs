using System.Buffers.Binary;
using System.Numerics;

namespace Gir.Imaging.Codecs.Bmp;

/// <summary>How the pixels of a file are stored.</summary>
internal enum BmpCompression
{
    None = 0,
    RunLength8 = 1,
    RunLength4 = 2,
    BitFields = 3,
    AlphaBitFields = 6,
}

/// <summary>Where in a pixel of 16, 24 or 32 bits a channel lies.</summary>
internal readonly record struct BmpMask(uint Bits)
{
    /// <summary>Lowest bit of the channel.</summary>
    public int Shift => BitOperations.TrailingZeroCount(Bits);

    /// <summary>Largest value of the channel.</summary>
    public uint Most => Bits >> Shift;

    public bool IsContiguous => Bits != 0 && (Most & (Most + 1)) == 0;
}

/// <summary>What the headers, masks and palette of a file say; all of it checked.</summary>
internal sealed class BmpHeader
{
    private const int FileHeader = 14;
    private const int CoreSize = 12;
    private const int InfoSize = 40;
    private const int Os2Size = 64;

    public int Width { get; private init; }

    public int Height { get; private init; }

    /// <summary>Whether the first stored row is the top one.</summary>
    public bool IsTopDown { get; private init; }

    public int BitsPerPixel { get; private init; }

    public BmpCompression Compression { get; private init; }

    /// <summary>Offset of the pixels.</summary>
    public int DataOffset { get; private init; }

    /// <summary>Red, green and blue of every entry; empty above 8 bits.</summary>
    public byte[] Palette { get; private set; } = [];

    /// <summary>Masks of red, green, blue and, if there is one, alpha; empty for palettes and plain 24 and 32 bits.</summary>
    public BmpMask[] Masks { get; private set; } = [];

    public int Channels => Palette.Length > 0 ? (IsGray ? 1 : 3) : Math.Max(3, Masks.Length);

    /// <summary>Bits of a palette index, or of the widest channel.</summary>
    public int BitsPerSample =>
        Palette.Length > 0 ? BitsPerPixel : Masks.Length == 0 ? 8 : Math.Min(16, Masks.Max(m => BitOperations.PopCount(m.Bits)));

    /// <summary>Bytes from one stored row to the next, where they are not run-length coded.</summary>
    public long Stride => (((long)Width * BitsPerPixel) + 31) / 32 * 4;

    /// <summary>As the header says; null where it says nothing.</summary>
    public ImageResolution? Resolution { get; private init; }

    private bool IsGray { get; set; }

    private uint OutsidePixel => BitsPerPixel == 32 ? 0 : uint.MaxValue << BitsPerPixel;

    public static bool IsKnownSize(int size) => size is CoreSize or InfoSize or 52 or 56 or Os2Size or 108 or 124;

    public static BmpHeader Read(ReadOnlySpan<byte> file, ImageDecodeOptions options)
    {
        if (!file.StartsWith("BM"u8))
            throw Error(0, $"the file begins with {Convert.ToHexString(file[..Math.Min(2, file.Length)])}; expected 424D (\"BM\")");
        if (file.Length < FileHeader + CoreSize)
            throw Error(file.Length, "the file ends within its headers");
        uint size = Read32(file, FileHeader);
        if (size > int.MaxValue || !IsKnownSize((int)size))
            throw Error(FileHeader, $"a header of {size} bytes; expected 12, 40, 52, 56, 64, 108 or 124");
        if (file.Length < FileHeader + size)
            throw Error(file.Length, "the file ends within its headers");
        bool isCore = size == CoreSize;
        long width = isCore ? Read16(file, 18) : (int)Read32(file, 18);
        long height = isCore ? Read16(file, 20) : (int)Read32(file, 22);
        int planes = Read16(file, isCore ? 22 : 26);
        if (planes != 1)
            throw Error(isCore ? 22 : 26, $"{planes} planes; expected 1");
        // Three channels at least, and four at most, are what the size is checked for: the palette is read later.
        DecodeLimits.Check(BmpCodec.FormatName, 18, 4, Math.Abs(height), width, options);

        var header = new BmpHeader
        {
            Width = (int)width,
            Height = (int)Math.Abs(height),
            IsTopDown = height < 0,
            BitsPerPixel = Read16(file, isCore ? 24 : 28),
            Compression = isCore ? BmpCompression.None : (BmpCompression)Math.Min(Read32(file, 30), int.MaxValue),
            DataOffset = (int)Math.Min(Read32(file, 10), int.MaxValue),
            Resolution = isCore ? null : ReadResolution(file),
        };
        header.CheckCombination();
        if (size == Os2Size && header.Compression == BmpCompression.BitFields)
            throw Error(30, "compression 3 of an OS/2 bitmap (Huffman) is not supported");
        int at = FileHeader + (int)size;
        header.ReadMasks(file, (int)size, ref at);
        if (header.BitsPerPixel <= 8)
            header.ReadPalette(file, isCore, isCore ? 0 : Read32(file, 46), at);
        if (header.DataOffset < at || header.DataOffset > file.Length)
            throw Error(10, $"the pixels are said to begin at byte {Read32(file, 10)}; expected {at}..{file.Length}");
        return header;
    }

    public static ImageFormatException Error(long offset, string reason) => new(BmpCodec.FormatName, offset, reason);

    private static ushort Read16(ReadOnlySpan<byte> file, int at) => BinaryPrimitives.ReadUInt16LittleEndian(file[at..]);

    private static uint Read32(ReadOnlySpan<byte> file, int at) => BinaryPrimitives.ReadUInt32LittleEndian(file[at..]);

    private static ImageResolution? ReadResolution(ReadOnlySpan<byte> file)
    {
        (int x, int y) = ((int)Read32(file, 38), (int)Read32(file, 42));
        return x > 0 && y > 0 ? new ImageResolution(x, y) : null;
    }

    private void CheckCombination()
    {
        bool isLegal = Compression switch
        {
            BmpCompression.None => BitsPerPixel is 1 or 4 or 8 or 16 or 24 or 32,
            BmpCompression.RunLength8 => BitsPerPixel == 8 && !IsTopDown,
            BmpCompression.RunLength4 => BitsPerPixel == 4 && !IsTopDown,
            BmpCompression.BitFields or BmpCompression.AlphaBitFields => BitsPerPixel is 16 or 24 or 32,
            (BmpCompression)4 or (BmpCompression)5 => throw Error(30, "a JPEG or PNG inside a bitmap is not supported"),
            _ => throw Error(30, $"compression {(int)Compression}; expected 0 to 3 or 6"),
        };
        if (!isLegal)
            throw Error(28, $"{BitsPerPixel} bits per pixel, {(IsTopDown ? "top-down" : "bottom-up")}, are not allowed with compression {(int)Compression}");
    }

    private void ReadMasks(ReadOnlySpan<byte> file, int size, ref int at)
    {
        if (Compression is BmpCompression.BitFields or BmpCompression.AlphaBitFields)
        {
            // After the plain header the masks follow; the later headers contain them in the same place.
            int count = Compression == BmpCompression.AlphaBitFields || size >= 56 ? 4 : 3;
            int start = FileHeader + InfoSize;
            if (file.Length < start + (4 * count))
                throw Error(file.Length, "the file ends within its masks");
            at = Math.Max(at, start + (4 * count));
            var masks = new BmpMask[count];
            for (int i = 0; i < count; i++)
                masks[i] = new BmpMask(Read32(file, start + (4 * i)));
            // Some headers carry the alpha mask of 32 bits beside pixels of fewer.
            Masks = count == 4 && (masks[3].Bits & ~OutsidePixel) == 0 ? masks[..3] : masks;
            CheckMasks(start);
        }
        else if (BitsPerPixel == 16)
        {
            Masks = [new(0x7C00), new(0x03E0), new(0x001F)];
        }
    }

    private void CheckMasks(int start)
    {
        uint taken = OutsidePixel;
        for (int i = 0; i < Masks.Length; i++)
        {
            if (!Masks[i].IsContiguous || (Masks[i].Bits & taken) != 0)
                throw Error(start + (4 * i), $"mask 0x{Masks[i].Bits:X8} is empty, broken, overlaps another, or exceeds {BitsPerPixel} bits");
            taken |= Masks[i].Bits;
        }
    }

    private void ReadPalette(ReadOnlySpan<byte> file, bool isCore, uint used, int at)
    {
        int most = 1 << BitsPerPixel;
        if (used > most)
            throw Error(46, $"{used} palette entries; {BitsPerPixel} bits allow {most}");
        int entryBytes = isCore ? 3 : 4;
        int count = used == 0 ? most : (int)used;
        // Some writers announce a full palette and store as much of it as they need.
        count = Math.Min(count, Math.Max(0, Math.Min(DataOffset, file.Length) - at) / entryBytes);
        if (count == 0)
            throw Error(at, $"{BitsPerPixel} bits per pixel without a palette");
        Palette = new byte[3 * count];
        IsGray = true;
        for (int i = 0; i < count; i++)
        {
            ReadOnlySpan<byte> entry = file.Slice(at + (entryBytes * i), 3);
            (Palette[3 * i], Palette[(3 * i) + 1], Palette[(3 * i) + 2]) = (entry[2], entry[1], entry[0]);
            IsGray &= entry[0] == entry[1] && entry[1] == entry[2];
        }
    }
}
