using System.Numerics;
using System.Text;

namespace Gir.Models.Serialization.Torch;

/// <summary>The bytes of a pickle, read front to back; whatever claims more than there is fails before anything is allocated.</summary>
internal sealed class PickleStream(CheckpointSource source, ReadOnlyMemory<byte> pickle, long start)
{
    // Names and numbers in text; longer ones are nobody's.
    private const int LongestLine = 1024;

    private int _position;
    private int _opcode;

    /// <summary>Offset in the file of the next byte.</summary>
    public long Position => start + _position;

    /// <summary>Offset in the file of the opcode that is being carried out.</summary>
    public long OpcodePosition => start + _opcode;

    public byte ReadOpcode()
    {
        _opcode = _position;
        return ReadByte();
    }

    public byte ReadByte() => Read(1)[0];

    public ReadOnlySpan<byte> Read(ulong count)
    {
        if (count > (ulong)(pickle.Length - _position))
            throw Malformed($"it ends early, or claims {count} bytes where {pickle.Length - _position} are left");
        ReadOnlySpan<byte> bytes = pickle.Span.Slice(_position, (int)count);
        _position += (int)count;
        return bytes;
    }

    /// <summary>A text. What is no UTF-8 (half surrogates, the byte strings of Python 2) becomes U+FFFD: no name of a tensor is written so.</summary>
    public string ReadText(ulong length) => Encoding.UTF8.GetString(Read(length));

    /// <summary>A line of the opcodes that write texts and numbers as people do, without its end.</summary>
    public string ReadLine()
    {
        int length = pickle.Span[_position..].IndexOf((byte)'\n');
        if (length is < 0 or > LongestLine)
            throw Malformed("a line does not end");
        string line = ReadText((ulong)length);
        _position++;
        return line;
    }

    /// <summary>A whole number, little-endian: long where it fits, else <see cref="BigInteger"/>.</summary>
    public object ReadInteger(ulong length)
    {
        var value = new BigInteger(Read(length));
        // Boxed apart: the common type of the two would be BigInteger.
        return value >= long.MinValue && value <= long.MaxValue ? (object)(long)value : value;
    }

    public CheckpointFormatException Malformed(string what) => source.Error(OpcodePosition, $"malformed pickle: {what}.");
}
