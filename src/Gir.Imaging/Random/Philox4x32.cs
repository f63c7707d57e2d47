using System.Runtime.CompilerServices;

namespace Gir.Imaging.Random;

/// <summary>
/// The counter-based generator Philox4x32-10 (Salmon, Moraes, Dror, Shaw: "Parallel Random Numbers: As Easy as 1, 2, 3", 2011):
/// 128 bits of output are a pure function of a 128-bit counter and a 64-bit key, so any element of a stream can be drawn
/// by any thread in any order.
/// </summary>
/// <remarks>
/// Gir's layout: the key is the seed; counter words 0 and 1 are the block index, word 2 the stream, word 3 the purpose
/// (0 for draws, 1 for deriving seeds), so that no two uses share a block.
/// </remarks>
public static partial class Philox4x32
{
    internal const uint DrawPurpose = 0;
    internal const uint SeedPurpose = 1;

    private const uint Multiplier0 = 0xD2511F53;
    private const uint Multiplier1 = 0xCD9E8D57;
    private const uint Weyl0 = 0x9E3779B9;
    private const uint Weyl1 = 0xBB67AE85;
    private const int Rounds = 10;

    /// <summary>One block: four 32-bit words for a counter and a key.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static PhiloxBlock Block(PhiloxBlock counter, uint key0, uint key1) => Block(counter, key0, key1, Rounds);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static PhiloxBlock Block(PhiloxBlock counter, uint key0, uint key1, int rounds)
    {
        (uint x0, uint x1, uint x2, uint x3) = (counter.X0, counter.X1, counter.X2, counter.X3);
        for (int round = 0; round < rounds; round++)
        {
            ulong product0 = (ulong)Multiplier0 * x0;
            ulong product1 = (ulong)Multiplier1 * x2;
            x0 = (uint)(product1 >> 32) ^ x1 ^ key0;
            x2 = (uint)(product0 >> 32) ^ x3 ^ key1;
            x1 = (uint)product1;
            x3 = (uint)product0;
            key0 += Weyl0;
            key1 += Weyl1;
        }

        return new PhiloxBlock(x0, x1, x2, x3);
    }

    /// <summary>Block number <paramref name="index"/> of a seed's stream.</summary>
    internal static PhiloxBlock Block(ulong seed, uint stream, ulong index) =>
        Block(new PhiloxBlock((uint)index, (uint)(index >> 32), stream, DrawPurpose), (uint)seed, (uint)(seed >> 32));

    /// <summary>An independent seed for part <paramref name="index"/> of the work of <paramref name="seed"/>.</summary>
    public static ulong DeriveSeed(ulong seed, ulong index)
    {
        PhiloxBlock block = Block(
            new PhiloxBlock((uint)index, (uint)(index >> 32), 0, SeedPurpose), (uint)seed, (uint)(seed >> 32));
        return block.X0 | ((ulong)block.X1 << 32);
    }

    /// <summary>An independent seed for the part of the work of <paramref name="seed"/> that a label names, e.g. an image's file name.</summary>
    public static ulong DeriveSeed(ulong seed, string label)
    {
        ArgumentNullException.ThrowIfNull(label);
        ulong child = DeriveSeed(seed, (ulong)label.Length);
        foreach (char c in label)
            child = DeriveSeed(child, c);
        return child;
    }
}

/// <summary>Four 32-bit words: a Philox counter, or the output for one.</summary>
/// <param name="X0">Word 0, the least significant of a counter.</param>
/// <param name="X1">Word 1.</param>
/// <param name="X2">Word 2.</param>
/// <param name="X3">Word 3.</param>
internal readonly record struct PhiloxBlock(uint X0, uint X1, uint X2, uint X3);
