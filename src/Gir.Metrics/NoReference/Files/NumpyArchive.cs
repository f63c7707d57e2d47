using System.Buffers.Binary;
using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.RegularExpressions;

namespace Gir.Metrics.NoReference.Files;

/// <summary>Reads float arrays of at most two dimensions from a NumPy archive (.npz: a zip of .npy files).</summary>
internal static partial class NumpyArchive
{
    public static bool Recognizes(ReadOnlySpan<byte> file) => file.StartsWith("PK\x03\x04"u8);

    /// <summary>The named arrays; all must be there.</summary>
    public static IReadOnlyDictionary<string, NumericArray> Read(byte[] file, params string[] names)
    {
        var found = new Dictionary<string, NumericArray>();
        using var archive = new ZipArchive(new MemoryStream(file), ZipArchiveMode.Read);
        foreach (string name in names)
        {
            ZipArchiveEntry entry = archive.GetEntry(name + ".npy")
                ?? throw new InvalidDataException($"expected an array '{name}', but there is none.");
            using Stream stream = entry.Open();
            found[name] = ReadArray(ModelFile.ReadBounded(stream, name), name);
        }

        return found;
    }

    private static NumericArray ReadArray(ReadOnlySpan<byte> data, string name)
    {
        if (data.Length < 12 || data[0] != 0x93 || !data[1..].StartsWith("NUMPY"u8))
            throw new InvalidDataException($"array '{name}' is no .npy file.");
        int lengthBytes = data[6] == 1 ? 2 : 4;
        long headerLength = lengthBytes == 2 ? BinaryPrimitives.ReadUInt16LittleEndian(data[8..]) : BinaryPrimitives.ReadUInt32LittleEndian(data[8..]);
        int start = 8 + lengthBytes;
        if (headerLength > data.Length - start)
            throw new InvalidDataException($"array '{name}' ends within its header.");
        string header = Encoding.Latin1.GetString(data.Slice(start, (int)headerLength));
        ReadOnlySpan<byte> values = data[(start + (int)headerLength)..];
        string type = Find(TypePattern().Match(header), name, "type");
        bool fortran = Find(OrderPattern().Match(header), name, "order") == "True";
        int[] shape = [.. Find(ShapePattern().Match(header), name, "shape")
            .Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(s => int.TryParse(s, NumberStyles.None, CultureInfo.InvariantCulture, out int size)
                ? size
                : throw new InvalidDataException($"array '{name}' has the shape {s}."))];
        int width = type switch
        {
            "<f8" => 8,
            "<f4" => 4,
            _ => throw new InvalidDataException($"array '{name}' is of type {type}; expected <f8 or <f4."),
        };
        (int rows, int columns) = shape.Length switch
        {
            1 => (1, shape[0]),
            2 => (shape[0], shape[1]),
            _ => throw new InvalidDataException($"array '{name}' has {shape.Length} dimensions; expected one or two."),
        };
        if ((Int128)rows * columns * width != values.Length)
            throw new InvalidDataException($"array '{name}' is {rows} x {columns}, which does not fit its {values.Length} bytes of data.");
        var array = new double[rows * columns];
        for (int i = 0; i < array.Length; i++)
        {
            int source = fortran ? (i % columns * rows) + (i / columns) : i;
            ReadOnlySpan<byte> at = values[(source * width)..];
            array[i] = width == 8 ? BinaryPrimitives.ReadDoubleLittleEndian(at) : BinaryPrimitives.ReadSingleLittleEndian(at);
        }

        return new NumericArray(rows, columns, array);
    }

    private static string Find(Match match, string name, string what) =>
        match.Success ? match.Groups[1].Value : throw new InvalidDataException($"array '{name}' has no {what} in its header.");

    [GeneratedRegex("'descr':\\s*'([^']{1,8})'")]
    private static partial Regex TypePattern();

    [GeneratedRegex("'fortran_order':\\s*(True|False)")]
    private static partial Regex OrderPattern();

    [GeneratedRegex("'shape':\\s*\\(([0-9, ]{0,64})\\)")]
    private static partial Regex ShapePattern();
}
