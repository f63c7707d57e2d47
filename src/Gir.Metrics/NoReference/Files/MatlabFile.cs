using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace Gir.Metrics.NoReference.Files;

/// <summary>
/// Reads real numeric matrices from a MATLAB level 5 MAT-file (MathWorks, "MAT-File Format"): little-endian, elements
/// plain or zlib-compressed; everything else in the file is skipped.
/// </summary>
internal static class MatlabFile
{
    private const int HeaderLength = 128;
    private const int MatrixType = 14;
    private const int CompressedType = 15;

    public static bool Recognizes(ReadOnlySpan<byte> file) => file.StartsWith("MATLAB 5.0 MAT-file"u8);

    /// <summary>The named variables; all must be there.</summary>
    public static IReadOnlyDictionary<string, NumericArray> Read(ReadOnlySpan<byte> file, params string[] names)
    {
        if (file.Length < HeaderLength || !file.Slice(124, 4).SequenceEqual(new byte[] { 0x00, 0x01, (byte)'I', (byte)'M' }))
            throw new InvalidDataException("expected a little-endian MAT-file of version 5.");
        var found = new Dictionary<string, NumericArray>();
        ReadOnlySpan<byte> rest = file[HeaderLength..];
        while (rest.Length >= 8)
        {
            Element element = Next(ref rest, aligned: false);
            if (element.Type == CompressedType)
            {
                ReadOnlySpan<byte> inner = Inflate(element.Data);
                element = Next(ref inner, aligned: false);
            }

            if (element.Type == MatrixType)
                ReadMatrix(element.Data, names, found);
        }

        foreach (string name in names)
        {
            if (!found.ContainsKey(name))
                throw new InvalidDataException($"expected a variable '{name}', but there is none.");
        }

        return found;
    }

    private static void ReadMatrix(ReadOnlySpan<byte> data, string[] names, Dictionary<string, NumericArray> found)
    {
        Element flags = Next(ref data, aligned: true);
        Element sizes = Next(ref data, aligned: true);
        Element nameElement = Next(ref data, aligned: true);
        string name = Encoding.Latin1.GetString(nameElement.Data);
        if (!names.Contains(name))
            return;
        if (flags.Data.Length < 8)
            throw new InvalidDataException($"variable '{name}' has damaged flags.");
        uint flagBits = BinaryPrimitives.ReadUInt32LittleEndian(flags.Data);
        bool numeric = (flagBits & 0xFF) is >= 6 and <= 15;
        bool complex = (flagBits & 0x0800) != 0;
        if (!numeric || complex)
            throw new InvalidDataException($"variable '{name}' is not a real numeric matrix.");
        if (sizes.Data.Length != 8)
            throw new InvalidDataException($"variable '{name}' has not two dimensions.");
        int rows = BinaryPrimitives.ReadInt32LittleEndian(sizes.Data);
        int columns = BinaryPrimitives.ReadInt32LittleEndian(sizes.Data[4..]);
        Element values = Next(ref data, aligned: true);
        int width = WidthOf(values.Type);
        if (rows < 0 || columns < 0 || (long)rows * columns * width != values.Data.Length)
            throw new InvalidDataException($"variable '{name}' is {rows} x {columns}, which does not fit its {values.Data.Length} bytes of data.");
        var array = new double[rows * columns];
        for (int column = 0; column < columns; column++)
        {
            for (int row = 0; row < rows; row++)
                array[(row * columns) + column] = Number(values.Data[(((column * rows) + row) * width)..], values.Type);
        }

        found[name] = new NumericArray(rows, columns, array);
    }

    private static Element Next(scoped ref ReadOnlySpan<byte> data, bool aligned)
    {
        if (data.Length < 8)
            throw new InvalidDataException("the file ends within an element.");
        uint tag = BinaryPrimitives.ReadUInt32LittleEndian(data);
        // A small element keeps its length in the upper half of the type and up to four bytes of data in the tag itself.
        int smallLength = (int)(tag >> 16);
        if (smallLength != 0)
        {
            if (smallLength > 4)
                throw new InvalidDataException($"a small element claims {smallLength} bytes; at most 4 fit.");
            var small = new Element((int)(tag & 0xFFFF), data.Slice(4, smallLength));
            data = data[8..];
            return small;
        }

        uint length = BinaryPrimitives.ReadUInt32LittleEndian(data[4..]);
        if (length > data.Length - 8)
            throw new InvalidDataException($"an element claims {length} bytes, but {data.Length - 8} are left.");
        var element = new Element((int)tag, data.Slice(8, (int)length));
        int padded = aligned ? ((int)length + 7) & ~7 : (int)length;
        data = data[Math.Min(data.Length, 8 + padded)..];
        return element;
    }

    private static byte[] Inflate(ReadOnlySpan<byte> data)
    {
        using var compressed = new MemoryStream(data.ToArray());
        using var inflate = new ZLibStream(compressed, CompressionMode.Decompress);
        try
        {
            return ModelFile.ReadBounded(inflate, "a compressed element");
        }
        catch (IOException e)
        {
            // Of memory there is nothing else to fail: damage, or a dictionary that only the writer has.
            throw new InvalidDataException($"a compressed element cannot be read: {e.Message}", e);
        }
    }

    private static int WidthOf(int type) => type switch
    {
        1 or 2 => 1,
        3 or 4 => 2,
        5 or 6 or 7 => 4,
        9 or 12 or 13 => 8,
        _ => throw new InvalidDataException($"data type {type} is not numeric."),
    };

    private static double Number(ReadOnlySpan<byte> data, int type) => type switch
    {
        1 => (sbyte)data[0],
        2 => data[0],
        3 => BinaryPrimitives.ReadInt16LittleEndian(data),
        4 => BinaryPrimitives.ReadUInt16LittleEndian(data),
        5 => BinaryPrimitives.ReadInt32LittleEndian(data),
        6 => BinaryPrimitives.ReadUInt32LittleEndian(data),
        7 => BinaryPrimitives.ReadSingleLittleEndian(data),
        12 => BinaryPrimitives.ReadInt64LittleEndian(data),
        13 => BinaryPrimitives.ReadUInt64LittleEndian(data),
        _ => BinaryPrimitives.ReadDoubleLittleEndian(data),
    };

    private readonly ref struct Element(int type, ReadOnlySpan<byte> data)
    {
        public int Type { get; } = type;

        public ReadOnlySpan<byte> Data { get; } = data;
    }
}
