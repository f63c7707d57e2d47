using System.Buffers.Binary;
using System.IO.Compression;

namespace Gir.Imaging.Codecs.Png;

/// <summary>The profile in an iCCP chunk (PNG specification, 11.3.2.3): a name, a zero, the compression method, and zlib data.</summary>
internal static class PngProfile
{
    private const int LongestName = 79;

    // The largest profiles in use, of printers, take three megabytes.
    private const int MostBytes = 1 << 24;

    /// <summary>Reads a chunk; empty, with a warning, where it is damaged.</summary>
    public static byte[] Read(ReadOnlySpan<byte> data, int at, DecodeWarnings warnings)
    {
        int name = data.IndexOf((byte)0);
        if (name is < 1 or > LongestName || data.Length < name + 2 || data[name + 1] != 0)
        {
            warnings.Add(at, "iCCP without a name of 1 to 79 bytes and compression method 0 is passed over");
            return [];
        }

        try
        {
            using var zlib = new ZLibStream(new MemoryStream(data[(name + 2)..].ToArray(), writable: false), CompressionMode.Decompress);
            if (Files.BoundedBytes.TryRead(zlib, [], MostBytes, out ReadOnlyMemory<byte> profile))
                return profile.ToArray();
            warnings.Add(at, $"iCCP with a profile of more than {MostBytes} bytes is passed over");
        }
        catch (Exception defect) when (defect is InvalidDataException or IOException)
        {
            warnings.Add(at, "iCCP with damaged data is passed over");
        }

        return [];
    }

    /// <summary>The content of a chunk.</summary>
    public static byte[] Write(ReadOnlySpan<byte> profile)
    {
        using var chunk = new MemoryStream();
        chunk.Write("ICC profile\0\0"u8);
        using (var zlib = new ZLibStream(chunk, CompressionLevel.Optimal, leaveOpen: true))
            zlib.Write(profile);
        return chunk.ToArray();
    }

    /// <summary>The content of a pHYs chunk.</summary>
    public static byte[] WriteResolution(ImageResolution resolution)
    {
        byte[] chunk = new byte[9];
        BinaryPrimitives.WriteUInt32BigEndian(chunk, ToDensity(resolution.Horizontal));
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(4), ToDensity(resolution.Vertical));
        chunk[8] = 1;
        return chunk;
    }

    private static uint ToDensity(double value) => (uint)Math.Clamp(Math.Round(value), 1, int.MaxValue);
}
