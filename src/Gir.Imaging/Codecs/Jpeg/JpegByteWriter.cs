using System.Buffers;

namespace Gir.Imaging.Codecs.Jpeg;

/// <summary>Gathers bytes before they go to a stream.</summary>
internal sealed class JpegByteWriter(Stream destination) : IDisposable
{
    private const int Capacity = 1 << 16;

    private readonly byte[] _buffer = ArrayPool<byte>.Shared.Rent(Capacity);
    private int _length;

    /// <summary>Where the next bytes go; as much as was reserved, at least.</summary>
    public Span<byte> Room => _buffer.AsSpan(_length);

    /// <summary>Writes bytes as they are, between entropy-coded segments.</summary>
    public void WriteBytes(ReadOnlySpan<byte> bytes)
    {
        Reserve(bytes.Length);
        bytes.CopyTo(_buffer.AsSpan(_length));
        _length += bytes.Length;
    }

    /// <summary>Makes room for so many bytes; called once for many small writes.</summary>
    public void Reserve(int bytes)
    {
        if (_length + bytes > Capacity)
            Flush();
    }

    /// <summary>Counts bytes that were put into the room.</summary>
    public void Advance(int bytes) => _length += bytes;

    /// <summary>Hands everything to the stream.</summary>
    public void Flush()
    {
        destination.Write(_buffer, 0, _length);
        _length = 0;
    }

    /// <summary>Gives the buffer back.</summary>
    public void Dispose() => ArrayPool<byte>.Shared.Return(_buffer);
}
