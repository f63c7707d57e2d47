using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using Gir.Imaging.Kernels;

namespace Gir.Models.Serialization.Torch;

/// <summary>Reads zip archives in memory, as strictly as checkpoints allow: every entry that is read is checked by length and CRC-32.</summary>
internal sealed class ZipArchiveReader
{
    private const uint LocalSignature = 0x04034B50;
    private const uint CentralSignature = 0x02014B50;
    private const uint EndSignature = 0x06054B50;
    private const uint End64Signature = 0x06064B50;
    private const uint Locator64Signature = 0x07064B50;
    private const int LocalSize = 30;
    private const int CentralSize = 46;
    private const int EndSize = 22;
    private const int End64Size = 56;
    private const int LocatorSize = 20;
    private const int Stored = 0;
    private const int Deflated = 8;

    private readonly CheckpointSource _source;
    private readonly Dictionary<string, Entry> _entries = new(StringComparer.Ordinal);

    private ZipArchiveReader(CheckpointSource source) => _source = source;

    public IEnumerable<string> Names => _entries.Keys;

    public static ZipArchiveReader Open(CheckpointSource source)
    {
        var reader = new ZipArchiveReader(source);
        reader.ReadDirectory();
        return reader;
    }

    public bool Contains(string name) => _entries.ContainsKey(name);

    /// <summary>An entry's content and its offset in the file.</summary>
    public (ReadOnlyMemory<byte> Content, long Offset) Read(string name)
    {
        Entry entry = _entries[name];
        string quoted = CheckpointSource.Quote(name);
        long start = FindData(entry, quoted);
        ReadOnlyMemory<byte> packed = _source.Content.Slice((int)start, (int)entry.PackedSize);
        ReadOnlyMemory<byte> content = entry.Method == Stored ? packed : Inflate(entry, packed, quoted);
        if (Crc32.Append(0, content.Span) != entry.Crc)
            _source.Fail(start, $"entry {quoted} is damaged: its CRC-32 does not match.");
        return (content, start);
    }

    private void ReadDirectory()
    {
        (long start, long size, long count) = FindDirectory();
        long position = start;
        long end = start + size;
        long stored = 0;
        for (long i = 0; i < count; i++)
        {
            Require(position, CentralSize, end, "central directory");
            ReadOnlySpan<byte> header = _source.Bytes.Slice((int)position, CentralSize);
            if (BinaryPrimitives.ReadUInt32LittleEndian(header) != CentralSignature)
                _source.Fail(position, "malformed zip archive: expected an entry of the central directory.");
            int flags = UInt16(header, 8);
            int method = UInt16(header, 10);
            (int nameLength, int extraLength, int commentLength) = (UInt16(header, 28), UInt16(header, 30), UInt16(header, 32));
            Require(position + CentralSize, nameLength + extraLength + commentLength, end, "central directory");
            string name = Text(position + CentralSize, nameLength);
            Entry entry = new(
                BinaryPrimitives.ReadUInt32LittleEndian(header[16..]),
                BinaryPrimitives.ReadUInt32LittleEndian(header[20..]),
                BinaryPrimitives.ReadUInt32LittleEndian(header[24..]),
                BinaryPrimitives.ReadUInt32LittleEndian(header[42..]),
                method,
                name,
                position);
            entry = Extend(entry, _source.Bytes.Slice((int)position + CentralSize + nameLength, extraLength));
            if ((flags & 1) != 0 || method is not (Stored or Deflated))
                _source.Fail(position, $"entry {CheckpointSource.Quote(name)} is encrypted or compressed by method {method}; expected it stored, as PyTorch writes it.");
            if (method == Stored && entry.PackedSize != entry.Size)
                _source.Fail(position, $"entry {CheckpointSource.Quote(name)} is stored, yet its sizes {entry.PackedSize} and {entry.Size} differ.");
            // Entries on top of one another would make a small file large.
            stored += entry.PackedSize;
            if (entry.PackedSize > _source.Content.Length || stored > _source.Content.Length)
                _source.Fail(position, $"entry {CheckpointSource.Quote(name)}: the entries are larger than the file.");
            if (!_entries.TryAdd(name, entry))
                _source.Fail(position, $"entry {CheckpointSource.Quote(name)} appears twice.");
            position += CentralSize + nameLength + extraLength + commentLength;
        }
    }

    private (long Start, long Size, long Count) FindDirectory()
    {
        ReadOnlySpan<byte> bytes = _source.Bytes;
        int end = FindEnd(bytes);
        ReadOnlySpan<byte> record = bytes.Slice(end, EndSize);
        if (UInt16(record, 4) != 0 || UInt16(record, 6) != 0)
            _source.Fail(end, "the zip archive is one part of several, which is not supported.");
        (long start, long size, long count) =
            (BinaryPrimitives.ReadUInt32LittleEndian(record[16..]), BinaryPrimitives.ReadUInt32LittleEndian(record[12..]), UInt16(record, 10));
        int locator = end - LocatorSize;
        if (locator >= 0 && BinaryPrimitives.ReadUInt32LittleEndian(bytes[locator..]) == Locator64Signature)
        {
            ulong at = BinaryPrimitives.ReadUInt64LittleEndian(bytes[(locator + 8)..]);
            if (at > (ulong)locator || locator - (long)at < End64Size || BinaryPrimitives.ReadUInt32LittleEndian(bytes[(int)at..]) != End64Signature)
                _source.Fail(locator, "malformed zip archive: its 64-bit end of central directory is not where it should be.");
            ReadOnlySpan<byte> wide = bytes.Slice((int)at, End64Size);
            (start, size, count) = (Int64(wide, 48, (int)at), Int64(wide, 40, (int)at), Int64(wide, 32, (int)at));
        }

        if (start > end || size > end - start || count > size / CentralSize)
            _source.Fail(end, "malformed zip archive: its central directory lies outside of the file.");
        return (start, size, count);
    }

    /// <summary>
    /// Where the end of the central directory begins: the last place whose comment reaches exactly to the end of the file; else, since something may have
    /// been appended, the last one whose comment and central directory lie inside it.
    /// </summary>
    private int FindEnd(ReadOnlySpan<byte> bytes)
    {
        Span<byte> signature = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32LittleEndian(signature, EndSignature);
        int last = -1;
        for (int i = bytes.LastIndexOf(signature); i >= 0; i = bytes[..i].LastIndexOf(signature))
        {
            int left = bytes.Length - i - EndSize;
            if (left < 0)
                continue;
            int comment = UInt16(bytes[i..], 20);
            if (comment == left)
                return i;
            if (last < 0 && comment < left && IsDirectoryBefore(bytes, i))
                last = i;
            // Beyond a comment's length only what was appended can follow.
            if (last >= 0 && left > ushort.MaxValue)
                break;
        }

        if (last < 0)
            _source.Fail(bytes.Length, "truncated zip archive: it has no end of central directory.");
        return last;
    }

    private static bool IsDirectoryBefore(ReadOnlySpan<byte> bytes, int end)
    {
        (uint size, uint start) = (BinaryPrimitives.ReadUInt32LittleEndian(bytes[(end + 12)..]), BinaryPrimitives.ReadUInt32LittleEndian(bytes[(end + 16)..]));
        // Of large archives a 64-bit record says it.
        if (start == uint.MaxValue)
            return end >= LocatorSize && BinaryPrimitives.ReadUInt32LittleEndian(bytes[(end - LocatorSize)..]) == Locator64Signature;
        return size >= CentralSize && (long)start + size <= end && BinaryPrimitives.ReadUInt32LittleEndian(bytes[(int)start..]) == CentralSignature;
    }

    /// <summary>Replaces what does not fit in 32 bits by the values of the zip64 extra field.</summary>
    private Entry Extend(Entry entry, ReadOnlySpan<byte> extra)
    {
        const int zip64 = 1;
        while (extra.Length >= 4)
        {
            (int tag, int length) = (UInt16(extra, 0), UInt16(extra, 2));
            if (length > extra.Length - 4)
                break;
            if (tag == zip64)
            {
                ReadOnlySpan<byte> field = extra.Slice(4, length);
                entry = entry with { Size = Take(ref field, entry.Size, entry) };
                entry = entry with { PackedSize = Take(ref field, entry.PackedSize, entry) };
                return entry with { Start = Take(ref field, entry.Start, entry) };
            }

            extra = extra[(4 + length)..];
        }

        return entry;
    }

    private long Take(ref ReadOnlySpan<byte> field, long value, Entry entry)
    {
        if (value != uint.MaxValue)
            return value;
        if (field.Length < 8)
            _source.Fail(entry.Position, $"entry {CheckpointSource.Quote(entry.Name)}: its 64-bit sizes are incomplete.");
        long wide = Int64(field, 0, entry.Position);
        field = field[8..];
        return wide;
    }

    private long FindData(Entry entry, string quoted)
    {
        Require(entry.Start, LocalSize, _source.Content.Length, "entry " + quoted);
        ReadOnlySpan<byte> header = _source.Bytes.Slice((int)entry.Start, LocalSize);
        int nameLength = UInt16(header, 26);
        if (BinaryPrimitives.ReadUInt32LittleEndian(header) != LocalSignature || UInt16(header, 8) != entry.Method)
            _source.Fail(entry.Start, $"malformed zip archive: expected the local header of {quoted}.");
        long start = entry.Start + LocalSize + nameLength + UInt16(header, 28);
        Require(entry.Start, start - entry.Start + entry.PackedSize, _source.Content.Length, "entry " + quoted);
        if (Text(entry.Start + LocalSize, nameLength) != entry.Name)
            _source.Fail(entry.Start, $"malformed zip archive: the local header of {quoted} has another name.");
        return start;
    }

    private ReadOnlyMemory<byte> Inflate(Entry entry, ReadOnlyMemory<byte> packed, string quoted)
    {
        if (entry.Size > entry.PackedSize * _source.Limits.MaxInflation || entry.Size > Array.MaxLength)
        {
            _source.Fail(
                entry.Position,
                $"entry {quoted} is said to grow from {entry.PackedSize} to {entry.Size} bytes; at most {_source.Limits.MaxInflation} times its size is accepted.");
        }

        byte[] content = new byte[entry.Size];
        try
        {
            using var stream = new DeflateStream(new MemoryStream(packed.ToArray(), writable: false), CompressionMode.Decompress);
            if (stream.ReadAtLeast(content, content.Length, throwOnEndOfStream: false) != content.Length || stream.ReadByte() >= 0)
                _source.Fail(entry.Position, $"entry {quoted} does not inflate to the {entry.Size} bytes it is said to hold.");
        }
        catch (InvalidDataException exception)
        {
            throw _source.Error(entry.Position, $"entry {quoted} is damaged: it cannot be inflated.", exception);
        }

        return content;
    }

    private void Require(long position, long length, long end, string what)
    {
        if (position < 0 || position > end || length > end - position)
            _source.Fail(Math.Clamp(position, 0, _source.Content.Length), $"malformed zip archive: {what} reaches outside of the file.");
    }

    private string Text(long position, int length) => Encoding.UTF8.GetString(_source.Bytes.Slice((int)position, length));

    private long Int64(ReadOnlySpan<byte> bytes, int at, long position)
    {
        long value = BinaryPrimitives.ReadInt64LittleEndian(bytes[at..]);
        if (value < 0)
            _source.Fail(position, "malformed zip archive: a size or offset exceeds 63 bits.");
        return value;
    }

    private static int UInt16(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt16LittleEndian(bytes[at..]);

    /// <summary>What the central directory says of an entry, and where it says so.</summary>
    private sealed record Entry(uint Crc, long PackedSize, long Size, long Start, int Method, string Name, long Position);
}
