using System.Buffers.Binary;
using System.Text;

namespace Gir.Imaging.Codecs.Npy;

/// <summary>Kinds of elements that are read.</summary>
internal enum NpyKind
{
    Float,
    Unsigned,
}

/// <summary>The header of an array file: a Python dictionary with exactly the keys descr, fortran_order and shape.</summary>
internal sealed record NpyHeader(NpyKind Kind, int ItemBytes, bool IsBigEndian, bool IsFortranOrder, IReadOnlyList<long> Dimensions, int DataOffset)
{
    private const int MostHeaderBytes = 1 << 16;

    public static ReadOnlySpan<byte> Magic => [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'];

    public static NpyHeader Read(ReadOnlySpan<byte> file)
    {
        if (!file.StartsWith(Magic))
            throw Error(0, $"the file begins with {Convert.ToHexString(file[..Math.Min(6, file.Length)])}; expected {Convert.ToHexString(Magic)}");
        if (file.Length < 12)
            throw Error(file.Length, "the file ends within its header");
        (int major, int minor) = (file[6], file[7]);
        if (major is < 1 or > 3 || minor != 0)
            throw Error(6, $"format version {major}.{minor}; expected 1.0, 2.0 or 3.0");
        int start = major == 1 ? 10 : 12;
        uint length = major == 1 ? BinaryPrimitives.ReadUInt16LittleEndian(file[8..]) : BinaryPrimitives.ReadUInt32LittleEndian(file[8..]);
        if (length > MostHeaderBytes || length > file.Length - start)
            throw Error(8, $"a header of {length} bytes; at most {Math.Min(MostHeaderBytes, file.Length - start)} are possible");
        var reader = new Reader(Encoding.Latin1.GetString(file.Slice(start, (int)length)), start);
        return reader.ReadDictionary(start + (int)length);
    }

    public static ImageFormatException Error(long offset, string reason) => new(NpyCodec.FormatName, offset, reason);

    /// <summary>Reads the one dictionary literal; anything else is an error.</summary>
    private sealed class Reader(string text, int offset)
    {
        // Errors quote strings; the longest with a meaning, "fortran_order", has 13 characters.
        private const int LongestString = 64;

        private int _at;

        public NpyHeader ReadDictionary(int dataOffset)
        {
            string? type = null;
            bool? fortran = null;
            List<long>? shape = null;
            Expect('{');
            while (!Accept('}'))
            {
                int keyAt = _at;
                string key = ReadString();
                Expect(':');
                bool isNew = key switch
                {
                    "descr" => type is null,
                    "fortran_order" => fortran is null,
                    "shape" => shape is null,
                    _ => throw Defect(keyAt, $"unknown key '{key}'; expected descr, fortran_order and shape"),
                };
                if (!isNew)
                    throw Defect(keyAt, $"a second '{key}'");
                if (key == "descr")
                    type = ReadString();
                else if (key == "fortran_order")
                    fortran = ReadBoolean();
                else
                    shape = ReadTuple();
                if (!Accept(','))
                {
                    Expect('}');
                    break;
                }
            }

            SkipSpace();
            if (_at < text.Length)
                throw Defect(_at, "text after the closing brace");
            if (type is null || fortran is null || shape is null)
                throw Defect(0, "a header without descr, fortran_order or shape");
            (NpyKind kind, int bytes) = ParseType(type);
            return new NpyHeader(kind, bytes, type[0] == '>', fortran.Value, shape, dataOffset);
        }

        private (NpyKind Kind, int Bytes) ParseType(string type) => type switch
        {
            "<f4" or ">f4" => (NpyKind.Float, 4),
            "<f8" or ">f8" => (NpyKind.Float, 8),
            "|u1" or "<u1" or ">u1" => (NpyKind.Unsigned, 1),
            "<u2" or ">u2" => (NpyKind.Unsigned, 2),
            _ => throw Defect(0, $"elements of type '{type}'; expected float32, float64, uint8 or uint16 ('<f4', '<f8', '|u1', '<u2')"),
        };

        private string ReadString()
        {
            SkipSpace();
            char quote = Peek();
            if (quote is not ('\'' or '"'))
                throw Defect(_at, "expected a string");
            int end = text.IndexOf(quote, _at + 1);
            if (end < 0)
                throw Defect(_at, "a string without an end");
            string value = text[(_at + 1)..end];
            if (value.Contains('\\', StringComparison.Ordinal) || value.Any(char.IsControl) || value.Length > LongestString)
                throw Defect(_at, $"a string with an escape, a control character, or more than {LongestString} characters");
            _at = end + 1;
            return value;
        }

        private bool ReadBoolean()
        {
            SkipSpace();
            foreach ((string word, bool value) in new[] { ("True", true), ("False", false) })
            {
                if (string.CompareOrdinal(text, _at, word, 0, word.Length) == 0)
                {
                    _at += word.Length;
                    return value;
                }
            }

            throw Defect(_at, "expected True or False");
        }

        private List<long> ReadTuple()
        {
            var values = new List<long>();
            Expect('(');
            while (!Accept(')'))
            {
                values.Add(ReadNumber());
                if (!Accept(','))
                {
                    Expect(')');
                    break;
                }
            }

            return values;
        }

        private long ReadNumber()
        {
            SkipSpace();
            int start = _at;
            while (char.IsAsciiDigit(Peek()))
                _at++;
            // Fifteen digits are more than any size that can be held, and cannot overflow.
            if (_at == start || _at - start > 15)
                throw Defect(start, "expected a whole number of at most 15 digits");
            return long.Parse(text.AsSpan(start, _at - start), System.Globalization.CultureInfo.InvariantCulture);
        }

        private void Expect(char wanted)
        {
            if (!Accept(wanted))
                throw Defect(_at, $"expected '{wanted}'");
        }

        private bool Accept(char wanted)
        {
            SkipSpace();
            if (Peek() != wanted)
                return false;
            _at++;
            return true;
        }

        private void SkipSpace()
        {
            while (Peek() is ' ' or '\n' or '\t' or '\r')
                _at++;
        }

        private char Peek() => _at < text.Length ? text[_at] : '\0';

        private ImageFormatException Defect(int at, string reason) => Error(offset + at, $"header: {reason}");
    }
}
