using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace Gir.Soak.Fuzz;

/// <summary>Models of NIQE in the two forms that are read.</summary>
internal static class NiqeFiles
{
    private const int Features = 36;

    /// <summary>A MATLAB v5 file, as the authors', with or without compressed elements.</summary>
    public static byte[] Matlab(bool compressed)
    {
        var file = new MemoryStream();
        byte[] header = new byte[128];
        Encoding.ASCII.GetBytes("MATLAB 5.0 MAT-file, made to be damaged").CopyTo(header, 0);
        header.AsSpan(39, 116 - 39).Fill((byte)' ');
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(124), 0x0100);
        header[126] = (byte)'I';
        header[127] = (byte)'M';
        file.Write(header);
        foreach ((string name, int rows) in new[] { ("mu_prisparam", 1), ("cov_prisparam", Features) })
        {
            byte[] matrix = Element(14, [
                .. Element(6, [6, 0, 0, 0, 0, 0, 0, 0]),
                .. Element(5, [(byte)rows, 0, 0, 0, Features, 0, 0, 0]),
                .. Element(1, Encoding.ASCII.GetBytes(name)),
                .. Element(9, Doubles(rows * Features))]);
            file.Write(compressed ? Compressed(matrix) : matrix);
        }

        return file.ToArray();
    }

    /// <summary>A NumPy archive, as BasicSR's.</summary>
    public static byte[] Npz()
    {
        var file = new MemoryStream();
        using (var zip = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach ((string name, int rows) in new[] { ("mu_pris_param", 1), ("cov_pris_param", Features) })
            {
                using Stream entry = zip.CreateEntry(name + ".npy", name.StartsWith('m') ? CompressionLevel.NoCompression : CompressionLevel.Optimal).Open();
                string header = $"{{'descr': '<f8', 'fortran_order': False, 'shape': ({rows}, {Features}), }}";
                header = header.PadRight(117) + "\n";
                entry.Write([0x93, .. "NUMPY"u8, 1, 0, (byte)header.Length, 0, .. Encoding.ASCII.GetBytes(header), .. Doubles(rows * Features)]);
            }
        }

        return file.ToArray();
    }

    private static byte[] Doubles(int count)
    {
        byte[] bytes = new byte[8 * count];
        for (int i = 0; i < count; i++)
            BinaryPrimitives.WriteDoubleLittleEndian(bytes.AsSpan(8 * i), i % (Features + 1) == 0 ? 1 : 0.01);
        return bytes;
    }

    private static byte[] Element(int type, byte[] content)
    {
        byte[] element = new byte[8 + ((content.Length + 7) / 8 * 8)];
        BinaryPrimitives.WriteInt32LittleEndian(element, type);
        BinaryPrimitives.WriteInt32LittleEndian(element.AsSpan(4), content.Length);
        content.CopyTo(element, 8);
        return element;
    }

    private static byte[] Compressed(byte[] matrix)
    {
        var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.Optimal, leaveOpen: true))
            zlib.Write(matrix);
        byte[] element = new byte[8 + packed.Length];
        BinaryPrimitives.WriteInt32LittleEndian(element, 15);
        BinaryPrimitives.WriteInt32LittleEndian(element.AsSpan(4), (int)packed.Length);
        packed.ToArray().CopyTo(element, 8);
        return element;
    }
}
