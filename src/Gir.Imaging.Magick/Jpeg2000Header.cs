using System.Buffers.Binary;
using Gir.Imaging.Codecs;

namespace Gir.Imaging.Magick;

/// <summary>What the SIZ marker of a codestream says (ISO/IEC 15444-1, A.5.1), found in a file's boxes (annex I) or at the start of a bare codestream.</summary>
/// <param name="Components">Components, 1..16384.</param>
/// <param name="Height">Rows of the image area.</param>
/// <param name="Width">Columns of the image area.</param>
/// <param name="Bits">Bits of the deepest component.</param>
/// <param name="Offset">Where in the file the sizes stand.</param>
/// <param name="IsFile">Whether boxes surround the codestream.</param>
internal sealed record Jpeg2000Header(int Components, long Height, long Width, int Bits, int Offset, bool IsFile)
{
    private const uint CodestreamBox = 0x6A703263;
    private const int BoxHeader = 8;
    private const int LongBoxHeader = 16;
    private const int SizesAfterMarker = 6;
    private const int ComponentsAfterMarker = 38;
    private const int BytesPerComponent = 3;

    private static ReadOnlySpan<byte> FileSignature => [0, 0, 0, 12, 0x6A, 0x50, 0x20, 0x20, 0x0D, 0x0A, 0x87, 0x0A];

    // Start of codestream, then the marker of sizes, which has to follow it.
    private static ReadOnlySpan<byte> CodestreamSignature => [0xFF, 0x4F, 0xFF, 0x51];

    public static bool Recognizes(ReadOnlySpan<byte> start) => start.StartsWith(FileSignature) || start.StartsWith(CodestreamSignature);

    public static Jpeg2000Header Read(ReadOnlySpan<byte> file, string format)
    {
        if (!Recognizes(file))
            throw new ImageFormatException(format, 0, $"the file begins with {Convert.ToHexString(file[..Math.Min(12, file.Length)])}; expected the signature of {format}");
        bool isFile = file.StartsWith(FileSignature);
        int start = isFile ? FindCodestream(file, format) : 0;
        ReadOnlySpan<byte> stream = file[start..];
        if (!stream.StartsWith(CodestreamSignature))
            throw new ImageFormatException(format, start, "expected a codestream with the marker of sizes (SIZ) first");
        stream = stream[2..];
        if (stream.Length < ComponentsAfterMarker + 2)
            throw new ImageFormatException(format, file.Length, "the file ends within the marker of sizes (SIZ)");
        int count = BinaryPrimitives.ReadUInt16BigEndian(stream[ComponentsAfterMarker..]);
        ReadOnlySpan<byte> depths = stream[(ComponentsAfterMarker + 2)..];
        if (count == 0 || depths.Length < count * BytesPerComponent)
            throw new ImageFormatException(format, start + 2 + ComponentsAfterMarker, $"the image has {count} components, more than the file describes, or none");
        int bits = 0;
        for (int i = 0; i < count; i++)
            bits = Math.Max(bits, (depths[i * BytesPerComponent] & 0x7F) + 1);
        (long right, long bottom) = (Size(stream, 0), Size(stream, 1));
        (long left, long top) = (Size(stream, 2), Size(stream, 3));
        return new(count, bottom - top, right - left, bits, start + 2 + SizesAfterMarker, isFile);
    }

    private static long Size(ReadOnlySpan<byte> marker, int index) => BinaryPrimitives.ReadUInt32BigEndian(marker[(SizesAfterMarker + (4 * index))..]);

    private static int FindCodestream(ReadOnlySpan<byte> file, string format)
    {
        long at = 0;
        while (at + BoxHeader <= file.Length)
        {
            ReadOnlySpan<byte> box = file[(int)at..];
            long length = BinaryPrimitives.ReadUInt32BigEndian(box);
            uint kind = BinaryPrimitives.ReadUInt32BigEndian(box[4..]);
            int header = BoxHeader;
            if (length == 1)
            {
                if (box.Length < LongBoxHeader)
                    break;
                length = BinaryPrimitives.ReadInt64BigEndian(box[BoxHeader..]);
                header = LongBoxHeader;
            }

            if (kind == CodestreamBox)
                return (int)at + header;
            // 0 means to the file's end, where no codestream can follow.
            if (length < header || length > file.Length - at)
                break;
            at += length;
        }

        throw new ImageFormatException(format, Math.Min(at, file.Length), "no codestream box (jp2c) was found");
    }
}
