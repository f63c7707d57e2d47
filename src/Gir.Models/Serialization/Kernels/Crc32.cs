using System.Buffers.Binary;

namespace Gir.Models.Serialization.Kernels;

/// <summary>CRC-32 of ISO 3309, as zip archives have it; eight bytes at a time ("slicing by 8"), in scalar registers on every machine.</summary>
internal static class Crc32
{
    // Table t advances the remainder of one byte by t further bytes of zeros.
    private static readonly uint[] Tables = MakeTables();

    public static uint Compute(ReadOnlySpan<byte> bytes)
    {
        ReadOnlySpan<uint> t = Tables;
        uint crc = ~0u;
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

        return ~Append(crc, bytes);
    }

    /// <summary>The twin that takes one byte after the other.</summary>
    public static uint ComputeScalar(ReadOnlySpan<byte> bytes) => ~Append(~0u, bytes);

    private static uint Append(uint state, ReadOnlySpan<byte> bytes)
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
