using System.Buffers.Binary;

namespace Gir.Imaging.Kernels;

/// <summary>CRC-32 of ISO 3309 (PNG annex D, zip archives), eight bytes at a time ("slicing by 8").</summary>
internal static class Crc32
{
    // Table t advances the remainder of one byte by t further bytes of zeros.
    private static readonly uint[] Tables = MakeTables();

    /// <summary>The checksum of a run of bytes that continues one whose checksum is <paramref name="crc"/> (0 at the start).</summary>
    public static uint Append(uint crc, ReadOnlySpan<byte> bytes)
    {
        ReadOnlySpan<uint> t = Tables.AsSpan(0, 8 * 256);
        crc = ~crc;
        while (bytes.Length >= 8)
        {
            uint low = BinaryPrimitives.ReadUInt32LittleEndian(bytes) ^ crc;
            uint high = BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]);
            crc = t[(int)(1792 + (low & 0xFF))] ^ t[(int)(1536 + ((low >> 8) & 0xFF))]
                ^ t[(int)(1280 + ((low >> 16) & 0xFF))] ^ t[(int)(1024 + (low >> 24))]
                ^ t[(int)(768 + (high & 0xFF))] ^ t[(int)(512 + ((high >> 8) & 0xFF))]
                ^ t[(int)(256 + ((high >> 16) & 0xFF))] ^ t[(int)(high >> 24)];
            bytes = bytes[8..];
        }

        return ~AppendBytes(crc, bytes);
    }

    /// <summary>The twin that takes one byte after the other.</summary>
    public static uint AppendScalar(uint crc, ReadOnlySpan<byte> bytes) => ~AppendBytes(~crc, bytes);

    private static uint AppendBytes(uint state, ReadOnlySpan<byte> bytes)
    {
        foreach (byte b in bytes)
            state = Tables[(byte)(state ^ b)] ^ (state >> 8);
        return state;
    }

    private static uint[] MakeTables()
    {
        var tables = new uint[8 * 256];
        for (uint n = 0; n < 256; n++)
        {
            uint remainder = n;
            for (int bit = 0; bit < 8; bit++)
                remainder = (remainder >> 1) ^ ((remainder & 1) * 0xEDB88320u);
            tables[n] = remainder;
        }

        for (int i = 256; i < tables.Length; i++)
            tables[i] = tables[tables[i - 256] & 0xFF] ^ (tables[i - 256] >> 8);
        return tables;
    }
}
