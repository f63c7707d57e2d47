using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Gir.Imaging.Kernels;

/// <summary>The checksum of zlib streams (RFC 1950): the sum of the bytes and the sum of those sums, modulo 65,521.</summary>
/// <remarks>Lane layout: 32 bytes a step; lane i of a step of n counts n - i times in the second sum.</remarks>
internal static class Adler32
{
    /// <summary>The checksum of no bytes.</summary>
    public const uint Start = 1;

    private const uint Modulus = 65_521;

    // The largest count of bytes for which 255 n (n + 1) / 2 + (n + 1) (Modulus - 1) stays below 2^32, as whole steps.
    private const int Longest = 5552 / 32 * 32;

    /// <summary>The checksum of bytes that continue those of <paramref name="adler"/>.</summary>
    public static uint Append(uint adler, ReadOnlySpan<byte> bytes)
    {
        if (!Vector256.IsHardwareAccelerated)
            return AppendScalar(adler, bytes);
        uint low = adler & 0xFFFF;
        uint high = adler >> 16;
        Vector256<short> weightsLow = Vector256.Create((short)32, 31, 30, 29, 28, 27, 26, 25, 24, 23, 22, 21, 20, 19, 18, 17);
        Vector256<short> weightsHigh = Vector256.Create((short)16, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1);
        while (bytes.Length >= 32)
        {
            int length = Math.Min(bytes.Length, Longest) / 32 * 32;
            ref byte at = ref MemoryMarshal.GetReference(bytes);
            Vector256<int> sums = Vector256<int>.Zero;
            Vector256<int> earlier = Vector256<int>.Zero;
            Vector256<int> weighted = Vector256<int>.Zero;
            for (int i = 0; i < length; i += 32)
            {
                (Vector256<ushort> first, Vector256<ushort> second) = Vector256.Widen(Vector256.LoadUnsafe(ref at, (nuint)i));
                earlier += sums;
                sums += PairSums((first + second).AsInt16());
                weighted += PairSums(first.AsInt16() * weightsLow) + PairSums(second.AsInt16() * weightsHigh);
            }

            uint steps = (uint)length;
            high = (high + (low * steps) + (32 * (uint)Vector256.Sum(earlier)) + (uint)Vector256.Sum(weighted)) % Modulus;
            low = (low + (uint)Vector256.Sum(sums)) % Modulus;
            bytes = bytes[length..];
        }

        return AppendScalar((high << 16) | low, bytes);
    }

    /// <summary>The scalar twin.</summary>
    public static uint AppendScalar(uint adler, ReadOnlySpan<byte> bytes)
    {
        uint low = adler & 0xFFFF;
        uint high = adler >> 16;
        while (bytes.Length > 0)
        {
            int length = Math.Min(bytes.Length, Longest);
            foreach (byte value in bytes[..length])
            {
                low += value;
                high += low;
            }

            low %= Modulus;
            high %= Modulus;
            bytes = bytes[length..];
        }

        return (high << 16) | low;
    }

    /// <summary>The checksum of two runs of bytes, one after the other, from the checksum of each.</summary>
    /// <param name="first">Checksum of the first run.</param>
    /// <param name="second">Checksum of the second, begun at <see cref="Start"/>.</param>
    /// <param name="secondLength">Its length.</param>
    public static uint Combine(uint first, uint second, long secondLength)
    {
        ulong firstLow = first & 0xFFFF;
        ulong low = (firstLow + (second & 0xFFFF) + Modulus - 1) % Modulus;
        // Every byte of the second run adds the first's sum once more, and the second began at 1 itself.
        ulong repeated = (ulong)(secondLength % Modulus) * ((firstLow + Modulus - 1) % Modulus);
        ulong high = ((first >> 16) + (second >> 16) + repeated) % Modulus;
        return (uint)((high << 16) | low);
    }

    // Products of a byte and a weight up to 32 fit sixteen bits, and so do the lanes that are added here.
    private static Vector256<int> PairSums(Vector256<short> words)
    {
        Vector256<int> pairs = words.AsInt32();
        return ((pairs << 16) >>> 16) + (pairs >>> 16);
    }
}
