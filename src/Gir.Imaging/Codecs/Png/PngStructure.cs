using System.Buffers.Binary;
using System.Text;
using Gir.Imaging.Codecs.Jpeg;
using Gir.Imaging.Kernels;

namespace Gir.Imaging.Codecs.Png;

/// <summary>The chunks of a file that matter; every checksum on the way has been checked.</summary>
/// <remarks>As in libpng, ancillary chunks that are damaged or out of place are passed over with a warning.</remarks>
internal sealed class PngStructure
{
    private const int ChunkOverhead = 12;

    private const uint TypeIhdr = 0x49484452;
    private const uint TypePlte = 0x504C5445;
    private const uint TypeTrns = 0x74524E53;
    private const uint TypeExif = 0x65584966;
    private const uint TypePhys = 0x70485973;
    private const uint TypeIccp = 0x69434350;
    private const uint TypeIdat = 0x49444154;
    private const uint TypeIend = 0x49454E44;

    private readonly List<(int Start, int Length)> _data = [];
    private ImageResolution? _resolution;
    private byte[] _profile = [];

    private PngStructure(DecodeWarnings warnings) => Warnings = warnings;

    /// <summary>The eight bytes every file begins with.</summary>
    public static ReadOnlySpan<byte> Signature => [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A];

    /// <summary>IHDR.</summary>
    public PngHeader Header { get; private set; }

    /// <summary>PLTE, three bytes an entry; null without one.</summary>
    public byte[]? Palette { get; private set; }

    /// <summary>tRNS as stored; null without one or where the color type has alpha of its own.</summary>
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

    /// <summary>Profile and resolution.</summary>
    public ImageMetadata Metadata => new()
    {
        Resolution = _resolution,
        IccProfile = IccProfile.Fits(_profile, Channels) ? _profile : [],
    };

    /// <summary>The harmless defects found so far.</summary>
    public DecodeWarnings Warnings { get; }

    /// <summary>Reads the chunks, up to the first IDAT if only the header is wanted, else to IEND.</summary>
    public static PngStructure Read(ReadOnlySpan<byte> file, ImageDecodeOptions options, bool headerOnly)
    {
        if (!file.StartsWith(Signature))
            throw Error(0, $"the signature is {Convert.ToHexString(file[..Math.Min(8, file.Length)])}; expected {Convert.ToHexString(Signature)}");
        var result = new PngStructure(new DecodeWarnings(PngCodec.FormatName, options));
        int at = result.ReadChunks(file, headerOnly);
        result.CheckComplete(at, options, headerOnly);
        return result;
    }

    private int ReadChunks(ReadOnlySpan<byte> file, bool headerOnly)
    {
        int at = Signature.Length;
        bool isFirst = true;
        bool dataEnded = false;
        while (true)
        {
            if (EndsWithoutMark(file, at))
            {
                Warnings.Add(file.Length, "the file ends without IEND");
                return at;
            }

            (uint type, int length) = ReadChunkHead(file, at);
            int start = at + 8;
            if (isFirst && type != TypeIhdr)
                throw Error(at, $"the first chunk is {Name(type)}; expected IHDR");
            if (type == TypeIdat && headerOnly)
                return at;
            if (HasRightCrc(file, at, type, length))
                ReadChunk(type, file.Slice(start, length), at, isFirst, dataEnded);
            dataEnded = _data.Count > 0 && type != TypeIdat;
            isFirst = false;
            int next = start + length + 4;
            if (type == TypeIend)
            {
                if (next < file.Length)
                    Warnings.Add(next, $"{file.Length - next} bytes follow IEND");
                return at;
            }

            at = next;
        }
    }

    private void ReadChunk(uint type, ReadOnlySpan<byte> data, int at, bool isFirst, bool dataEnded)
    {
        switch (type)
        {
            case TypeIhdr when isFirst:
                Header = PngHeader.Parse(data, at + 8);
                break;
            case TypeIhdr:
                throw Error(at, "a second IHDR");
            case TypePlte:
                SetPalette(data, at);
                break;
            case TypeTrns:
                SetTransparency(data, at);
                break;
            case TypeExif when _data.Count == 0:
                Orientation = data.StartsWith("Exif"u8) ? JpegExif.ReadOrientation(data) : JpegExif.ReadTiffOrientation(data);
                break;
            case TypePhys when _data.Count == 0:
                SetResolution(data, at);
                break;
            case TypeIccp when _data.Count == 0:
                _profile = PngProfile.Read(data, at, Warnings);
                break;
            case TypeIdat when dataEnded:
                throw Error(at, "IDAT chunks are not consecutive");
            case TypeIdat:
                _data.Add((at + 8, data.Length));
                break;
            case TypeIend:
                break;
            case var unknown when IsCritical(unknown):
                throw Error(at, $"unknown critical chunk {Name(unknown)}");
        }
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

    private static bool IsCritical(uint type) => (type & 0x20000000) == 0;

    // Once there are data, the file may end, or end within a chunk that is no part of the picture.
    private bool EndsWithoutMark(ReadOnlySpan<byte> file, int at)
    {
        if (_data.Count == 0)
            return false;
        int left = file.Length - at;
        if (left < 8)
            return true;
        uint type = BinaryPrimitives.ReadUInt32BigEndian(file[(at + 4)..]);
        uint length = BinaryPrimitives.ReadUInt32BigEndian(file[at..]);
        bool isDispensable = type == TypeIend || (!IsCritical(type) && char.IsAsciiLetter((char)file[at + 4]));
        return isDispensable && length <= int.MaxValue && length > (long)left - ChunkOverhead;
    }

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

    private bool HasRightCrc(ReadOnlySpan<byte> file, int at, uint type, int length)
    {
        uint stored = BinaryPrimitives.ReadUInt32BigEndian(file[(at + 8 + length)..]);
        uint computed = Crc32.Append(0, file.Slice(at + 4, length + 4));
        if (stored == computed)
            return true;
        string defect = $"the CRC of chunk {Name(type)} is 0x{computed:X8}, the file says 0x{stored:X8}";
        if (IsCritical(type))
            throw Error(at, defect);
        Warnings.Add(at, $"{defect}; the chunk is passed over");
        return false;
    }

    private static string Name(uint type)
    {
        Span<byte> letters = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(letters, type);
        return Encoding.ASCII.GetString(letters);
    }

    private void SetPalette(ReadOnlySpan<byte> data, int at)
    {
        string? defect = Palette is not null ? "a second PLTE"
            : _data.Count > 0 ? "PLTE after IDAT"
            : data.Length is 0 or > 768 || data.Length % 3 != 0 ? $"PLTE is {data.Length} bytes long; expected a multiple of 3 from 3 to 768"
            : null;
        if (Header.ColorType != PngColorType.Palette)
        {
            // Beside true colors it only suggests what to show where there are few; beside gray it has no meaning.
            if (defect is not null || Header.ColorType is PngColorType.Gray or PngColorType.GrayAlpha)
                Warnings.Add(at, $"{defect ?? "PLTE in a gray image"}; the chunk is passed over");
            return;
        }

        if (defect is not null)
            throw Error(at, defect);
        int most = 3 << Header.BitDepth;
        if (data.Length > most)
            Warnings.Add(at, $"PLTE has {data.Length / 3} entries; bit depth {Header.BitDepth} allows {most / 3}, and the rest is passed over");
        Palette = data[..Math.Min(data.Length, most)].ToArray();
    }

    private void SetTransparency(ReadOnlySpan<byte> data, int at)
    {
        int expected = Header.ColorType switch
        {
            PngColorType.Gray => 2,
            PngColorType.Rgb => 6,
            PngColorType.Palette => (Palette?.Length ?? 0) / 3,
            _ => -1,
        };
        bool fits = Header.ColorType == PngColorType.Palette ? data.Length >= 1 && data.Length <= expected : data.Length == expected;
        string? defect = Transparency is not null ? "a second tRNS"
            : _data.Count > 0 ? "tRNS after IDAT"
            : expected < 0 ? "tRNS beside an alpha channel"
            : expected == 0 ? "tRNS before PLTE"
            : !fits ? $"tRNS is {data.Length} bytes long; expected {(Header.ColorType == PngColorType.Palette ? "1 to " : string.Empty)}{expected}"
            : null;
        if (defect is null)
            Transparency = data.ToArray();
        else
            Warnings.Add(at, $"{defect}; the chunk is passed over, as libpng does");
    }

    private void SetResolution(ReadOnlySpan<byte> data, int at)
    {
        if (data.Length != 9 || data[8] > 1)
        {
            Warnings.Add(at, $"pHYs of {data.Length} bytes, or of an unknown unit, is passed over");
            return;
        }

        (uint x, uint y) = (BinaryPrimitives.ReadUInt32BigEndian(data), BinaryPrimitives.ReadUInt32BigEndian(data[4..]));
        if (data[8] == 1 && x > 0 && y > 0)
            _resolution = new ImageResolution(x, y);
    }

    private void CheckComplete(int at, ImageDecodeOptions options, bool headerOnly)
    {
        if (Header.ColorType == PngColorType.Palette)
        {
            if (Palette is null)
                throw Error(at, "color type 3 without a PLTE chunk before the data");
        }

        if (!headerOnly && DataLength == 0)
            throw Error(at, "no IDAT chunk with data");
        DecodeLimits.Check(PngCodec.FormatName, Signature.Length + 8, Channels, Header.Height, Header.Width, options);
    }
}
