using System.Buffers.Binary;
using System.Text;
using Gir.Imaging.Codecs.Jpeg;
using Gir.Imaging.Kernels;

namespace Gir.Imaging.Codecs.Png;

/// <summary>The chunks of a file that matter for its samples; every checksum on the way has been checked.</summary>
internal sealed class PngStructure
{
    private const int ChunkOverhead = 12;

    private const uint TypeIhdr = 0x49484452;
    private const uint TypePlte = 0x504C5445;
    private const uint TypeTrns = 0x74524E53;
    private const uint TypeExif = 0x65584966;
    private const uint TypeIdat = 0x49444154;
    private const uint TypeIend = 0x49454E44;

    private readonly List<(int Start, int Length)> _data = [];

    /// <summary>The eight bytes every file begins with.</summary>
    public static ReadOnlySpan<byte> Signature => [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A];

    /// <summary>IHDR.</summary>
    public PngHeader Header { get; private set; }

    /// <summary>PLTE, three bytes an entry; null without one.</summary>
    public byte[]? Palette { get; private set; }

    /// <summary>tRNS as stored; null without one or where the colour type has alpha of its own.</summary>
    public byte[]? Transparency { get; private set; }

    /// <summary>EXIF orientation, 1..8, of an eXIf chunk before the data.</summary>
    public int Orientation { get; private set; } = 1;

    /// <summary>Offset of the first compressed byte.</summary>
    public long DataOffset => _data.Count > 0 ? _data[0].Start : 0;

    /// <summary>Channels of the decoded image: tRNS adds alpha, a palette is RGB.</summary>
    public int Channels => Header.ColorType switch
    {
        PngColorType.Gray => Transparency is null ? 1 : 2,
        PngColorType.Rgb or PngColorType.Palette => Transparency is null ? 3 : 4,
        _ => Header.StoredChannels,
    };

    /// <summary>Reads the chunks, up to the first IDAT if only the header is wanted, else to IEND.</summary>
    public static PngStructure Read(ReadOnlySpan<byte> file, ImageDecodeOptions options, bool headerOnly)
    {
        if (!file.StartsWith(Signature))
            throw Error(0, $"the signature is {Convert.ToHexString(file[..Math.Min(8, file.Length)])}; expected {Convert.ToHexString(Signature)}");
        var result = new PngStructure();
        int at = Signature.Length;
        bool isFirst = true;
        bool dataEnded = false;
        while (true)
        {
            (uint type, int length) = ReadChunkHead(file, at);
            int start = at + 8;
            if (isFirst && type != TypeIhdr)
                throw Error(at, $"the first chunk is {Name(type)}; expected IHDR");
            if (type == TypeIdat && headerOnly)
                break;
            CheckCrc(file, at, type, length);
            ReadOnlySpan<byte> data = file.Slice(start, length);
            switch (type)
            {
                case TypeIhdr when isFirst:
                    result.Header = PngHeader.Parse(data, start);
                    break;
                case TypeIhdr:
                    throw Error(at, "a second IHDR");
                case TypePlte:
                    result.SetPalette(data, at);
                    break;
                case TypeTrns:
                    result.SetTransparency(data, at);
                    break;
                case TypeExif when result._data.Count == 0:
                    result.Orientation = JpegExif.ReadTiffOrientation(data);
                    break;
                case TypeIdat when dataEnded:
                    throw Error(at, "IDAT chunks are not consecutive");
                case TypeIdat:
                    result._data.Add((start, length));
                    break;
                case TypeIend:
                    break;
                case var unknown when (unknown & 0x20000000) == 0:
                    throw Error(at, $"unknown critical chunk {Name(unknown)}");
            }

            dataEnded = result._data.Count > 0 && type != TypeIdat;
            isFirst = false;
            if (type == TypeIend)
                break;
            at = start + length + 4;
        }

        result.CheckComplete(at, options, headerOnly);
        return result;
    }

    /// <summary>Length of the whole compressed stream.</summary>
    public int DataLength => _data.Sum(d => d.Length);

    /// <summary>Joins the contents of the IDAT chunks.</summary>
    public void CopyData(ReadOnlySpan<byte> file, Span<byte> destination)
    {
        foreach ((int start, int length) in _data)
        {
            file.Slice(start, length).CopyTo(destination);
            destination = destination[length..];
        }
    }

    public static ImageFormatException Error(long offset, string reason, Exception? inner = null) =>
        new(PngCodec.FormatName, offset, reason, fileName: null, inner);

    private static (uint Type, int Length) ReadChunkHead(ReadOnlySpan<byte> file, int at)
    {
        if (file.Length - at < ChunkOverhead)
            throw Error(at, $"the file ends with {file.Length - at} bytes where a chunk is expected (no IEND yet)");
        uint length = BinaryPrimitives.ReadUInt32BigEndian(file[at..]);
        uint type = BinaryPrimitives.ReadUInt32BigEndian(file[(at + 4)..]);
        for (int i = 4; i < 8; i++)
        {
            if (!char.IsAsciiLetter((char)file[at + i]))
                throw Error(at + 4, $"chunk type 0x{type:X8} does not consist of letters");
        }

        if (length > int.MaxValue)
            throw Error(at, $"chunk {Name(type)} claims {length} bytes; at most {int.MaxValue} are allowed");
        if (length > file.Length - at - ChunkOverhead)
            throw Error(at, $"chunk {Name(type)} claims {length} bytes, but {file.Length - at - ChunkOverhead} are left");
        return (type, (int)length);
    }

    private static void CheckCrc(ReadOnlySpan<byte> file, int at, uint type, int length)
    {
        uint stored = BinaryPrimitives.ReadUInt32BigEndian(file[(at + 8 + length)..]);
        uint computed = Crc32.Append(0, file.Slice(at + 4, length + 4));
        if (stored != computed)
            throw Error(at, $"the CRC of chunk {Name(type)} is 0x{computed:X8}, the file says 0x{stored:X8}");
    }

    private static string Name(uint type)
    {
        Span<byte> letters = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(letters, type);
        return Encoding.ASCII.GetString(letters);
    }

    private void SetPalette(ReadOnlySpan<byte> data, int at)
    {
        if (Palette is not null)
            throw Error(at, "a second PLTE");
        if (_data.Count > 0)
            throw Error(at, "PLTE after IDAT");
        if (data.Length is 0 or > 768 || data.Length % 3 != 0)
            throw Error(at, $"PLTE is {data.Length} bytes long; expected a multiple of 3 from 3 to 768");
        Palette = data.ToArray();
    }

    private void SetTransparency(ReadOnlySpan<byte> data, int at)
    {
        if (Transparency is not null)
            throw Error(at, "a second tRNS");
        if (_data.Count > 0)
            throw Error(at, "tRNS after IDAT");
        int expected = Header.ColorType switch
        {
            PngColorType.Gray => 2,
            PngColorType.Rgb => 6,
            PngColorType.Palette => Palette is null ? throw Error(at, "tRNS before PLTE") : Palette.Length / 3,
            _ => -1,
        };
        // Colour types with alpha need no tRNS; as other readers do, one that is there all the same is passed over.
        if (expected < 0)
            return;
        bool fits = Header.ColorType == PngColorType.Palette ? data.Length <= expected : data.Length == expected;
        if (!fits)
            throw Error(at, $"tRNS is {data.Length} bytes long; expected {(Header.ColorType == PngColorType.Palette ? "at most " : string.Empty)}{expected}");
        Transparency = data.ToArray();
    }

    private void CheckComplete(int at, ImageDecodeOptions options, bool headerOnly)
    {
        if (Header.ColorType == PngColorType.Palette)
        {
            if (Palette is null)
                throw Error(at, "color type 3 without a PLTE chunk before the data");
            if (Palette.Length / 3 > 1 << Header.BitDepth)
                throw Error(at, $"PLTE has {Palette.Length / 3} entries; bit depth {Header.BitDepth} allows {1 << Header.BitDepth}");
        }

        if (!headerOnly && DataLength == 0)
            throw Error(at, "no IDAT chunk with data");
        DecodeLimits.Check(PngCodec.FormatName, Signature.Length + 8, Channels, Header.Height, Header.Width, options);
    }
}
