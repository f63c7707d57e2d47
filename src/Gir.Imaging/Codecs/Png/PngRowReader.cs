using System.Buffers;
using System.IO.Compression;

namespace Gir.Imaging.Codecs.Png;

/// <summary>Inflates the image data piece by piece; every defect of the stream is an <see cref="ImageFormatException"/>.</summary>
internal sealed class PngRowReader : IDisposable
{
    // Large enough for zlib's fast loop, small enough to stay in the second-level cache until its rows are used.
    private const int Batch = 1 << 16;

    private readonly byte[] _data;
    private readonly long _offset;
    private readonly CompressedBytes _compressed;
    private readonly ZLibStream _stream;
    private readonly byte[] _buffer;
    private int _start;
    private int _end;

    public PngRowReader(PngStructure png, ReadOnlySpan<byte> file, int longestRow)
    {
        _offset = png.DataOffset;
        int length = png.DataLength;
        _data = ArrayPool<byte>.Shared.Rent(length);
        png.CopyData(file, _data);
        _compressed = new CompressedBytes(_data, length);
        _stream = new ZLibStream(_compressed, CompressionMode.Decompress);
        _buffer = ArrayPool<byte>.Shared.Rent(Math.Max(Batch, longestRow));
    }

    /// <summary>The next bytes; valid until the next call.</summary>
    public ReadOnlySpan<byte> Next(int length)
    {
        if (_end - _start < length)
            Fill(length);
        ReadOnlySpan<byte> next = _buffer.AsSpan(_start, length);
        _start += length;
        return next;
    }

    /// <summary>Checks that nothing follows, which also makes zlib compare the checksum.</summary>
    public void Finish()
    {
        if (_end > _start || Read(_buffer) > 0)
            throw PngStructure.Error(_offset, "the compressed data goes on after the last row");
        // The decompressor asks for no more once it has seen the checksum; that it did means that the checksum is not there.
        if (_compressed.IsAskedBeyondEnd)
            throw PngStructure.Error(_offset, "the compressed data ends before its checksum");
    }

    /// <summary>Inflates and discards everything, to see whether there is as much as the header claims.</summary>
    public void Prove(long length)
    {
        long found = 0;
        while (found <= length)
        {
            int read = Read(_buffer);
            if (read == 0)
                break;
            found += read;
        }

        if (found < length)
            throw Short(found, length);
    }

    public void Dispose()
    {
        _stream.Dispose();
        ArrayPool<byte>.Shared.Return(_data);
        ArrayPool<byte>.Shared.Return(_buffer);
    }

    private void Fill(int length)
    {
        _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
        _end -= _start;
        _start = 0;
        while (_end < length)
        {
            int read = Read(_buffer.AsSpan(_end));
            if (read == 0)
                throw Short(_end, length);
            _end += read;
        }
    }

    private int Read(Span<byte> destination)
    {
        try
        {
            return _stream.Read(destination);
        }
        catch (Exception defect) when (defect is InvalidDataException or IOException)
        {
            throw PngStructure.Error(_offset, "the compressed data is damaged: no valid zlib stream, or its checksum is wrong", defect);
        }
    }

    private ImageFormatException Short(long found, long expected) =>
        PngStructure.Error(_offset, $"the compressed data ends too early: {found} bytes where {expected} are needed");

    private sealed class CompressedBytes(byte[] data, int length) : MemoryStream(data, 0, length, writable: false)
    {
        public bool IsAskedBeyondEnd { get; private set; }

        public override int Read(byte[] buffer, int offset, int count) => Note(base.Read(buffer, offset, count), count);

        public override int Read(Span<byte> buffer) => Note(base.Read(buffer), buffer.Length);

        private int Note(int read, int asked)
        {
            IsAskedBeyondEnd |= read == 0 && asked > 0;
            return read;
        }
    }
}
