using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Gir.Imaging.Kernels;

/// <summary>The ten Philox rounds on two vectors of blocks at once.</summary>
/// <remarks>
/// Lane layout: one block per 64-bit lane. The 32x32->64 multiply reads only the low half of a lane, and after a round the
/// whole product is the next word 1 (or 3), so high halves hold rubbish throughout and only low halves are ever meaningful.
/// Lane l of the first vector holds block first + 0,4,1,5,2,6,3,7 (512 bits) or first + 0,2,1,3 (256 bits): unpacking the low
/// and high 64-bit lanes then yields whole blocks in memory order without a permutation across 128-bit lanes.
/// The second vector holds the following 8 (4) blocks in the same order.
/// </remarks>
internal static class PhiloxRounds
{
    private const uint Multiplier0 = 0xD2511F53;
    private const uint Multiplier1 = 0xCD9E8D57;
    private const uint Weyl0 = 0x9E3779B9;
    private const uint Weyl1 = 0xBB67AE85;
    private const int Rounds = 10;

    /// <summary>Blocks first..first+15; only the low 32 bits of every 64-bit lane are meaningful.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Run512(ulong first, uint stream, ulong seed, out Words512 a, out Words512 b)
    {
        Vector512<ulong> index = Vector512.Create(first) + Vector512.Create(0UL, 4, 1, 5, 2, 6, 3, 7);
        Vector512<uint> a0 = index.AsUInt32();
        Vector512<uint> a1 = (index >>> 32).AsUInt32();
        Vector512<uint> a2 = Vector512.Create(stream);
        Vector512<uint> a3 = Vector512<uint>.Zero;
        index += Vector512.Create(8UL);
        Vector512<uint> b0 = index.AsUInt32();
        Vector512<uint> b1 = (index >>> 32).AsUInt32();
        Vector512<uint> b2 = a2;
        Vector512<uint> b3 = a3;
        Vector512<uint> multiplier0 = Vector512.Create(Multiplier0);
        Vector512<uint> multiplier1 = Vector512.Create(Multiplier1);
        Vector512<uint> key0 = Vector512.Create((uint)seed);
        Vector512<uint> key1 = Vector512.Create((uint)(seed >> 32));
        Vector512<uint> weyl0 = Vector512.Create(Weyl0);
        Vector512<uint> weyl1 = Vector512.Create(Weyl1);
        for (int round = 0; round < Rounds; round++)
        {
            Vector512<ulong> p = Avx512F.Multiply(multiplier0, a0);
            Vector512<ulong> q = Avx512F.Multiply(multiplier1, a2);
            Vector512<ulong> r = Avx512F.Multiply(multiplier0, b0);
            Vector512<ulong> s = Avx512F.Multiply(multiplier1, b2);
            a0 = (q >>> 32).AsUInt32() ^ a1 ^ key0;
            a2 = (p >>> 32).AsUInt32() ^ a3 ^ key1;
            b0 = (s >>> 32).AsUInt32() ^ b1 ^ key0;
            b2 = (r >>> 32).AsUInt32() ^ b3 ^ key1;
            a1 = q.AsUInt32();
            a3 = p.AsUInt32();
            b1 = s.AsUInt32();
            b3 = r.AsUInt32();
            key0 += weyl0;
            key1 += weyl1;
        }

        a = new Words512(a0, a1, a2, a3);
        b = new Words512(b0, b1, b2, b3);
    }

    /// <summary>Blocks first..first+7; only the low 32 bits of every 64-bit lane are meaningful.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Run256(ulong first, uint stream, ulong seed, out Words256 a, out Words256 b)
    {
        Vector256<ulong> index = Vector256.Create(first) + Vector256.Create(0UL, 2, 1, 3);
        Vector256<uint> a0 = index.AsUInt32();
        Vector256<uint> a1 = (index >>> 32).AsUInt32();
        Vector256<uint> a2 = Vector256.Create(stream);
        Vector256<uint> a3 = Vector256<uint>.Zero;
        index += Vector256.Create(4UL);
        Vector256<uint> b0 = index.AsUInt32();
        Vector256<uint> b1 = (index >>> 32).AsUInt32();
        Vector256<uint> b2 = a2;
        Vector256<uint> b3 = a3;
        Vector256<uint> multiplier0 = Vector256.Create(Multiplier0);
        Vector256<uint> multiplier1 = Vector256.Create(Multiplier1);
        Vector256<uint> key0 = Vector256.Create((uint)seed);
        Vector256<uint> key1 = Vector256.Create((uint)(seed >> 32));
        Vector256<uint> weyl0 = Vector256.Create(Weyl0);
        Vector256<uint> weyl1 = Vector256.Create(Weyl1);
        for (int round = 0; round < Rounds; round++)
        {
            Vector256<ulong> p = Avx2.Multiply(multiplier0, a0);
            Vector256<ulong> q = Avx2.Multiply(multiplier1, a2);
            Vector256<ulong> r = Avx2.Multiply(multiplier0, b0);
            Vector256<ulong> s = Avx2.Multiply(multiplier1, b2);
            a0 = (q >>> 32).AsUInt32() ^ a1 ^ key0;
            a2 = (p >>> 32).AsUInt32() ^ a3 ^ key1;
            b0 = (s >>> 32).AsUInt32() ^ b1 ^ key0;
            b2 = (r >>> 32).AsUInt32() ^ b3 ^ key1;
            a1 = q.AsUInt32();
            a3 = p.AsUInt32();
            b1 = s.AsUInt32();
            b3 = r.AsUInt32();
            key0 += weyl0;
            key1 += weyl1;
        }

        a = new Words256(a0, a1, a2, a3);
        b = new Words256(b0, b1, b2, b3);
    }
}

/// <summary>The four words of eight blocks, one block per 64-bit lane, see <see cref="PhiloxRounds"/>.</summary>
internal readonly struct Words512(Vector512<uint> x0, Vector512<uint> x1, Vector512<uint> x2, Vector512<uint> x3)
{
    // Even 32-bit lanes: word 0; odd ones: word 2 of the same block.
    public Vector512<uint> Words02
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Join(x0, x2);
    }

    // Even 32-bit lanes: word 1; odd ones: word 3 of the same block.
    public Vector512<uint> Words13
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Join(x1, x3);
    }

    /// <summary>Blocks 0..3 and blocks 4..7 of the eight, as they lie in memory.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void InOrder(out Vector512<uint> low, out Vector512<uint> high)
    {
        Vector512<uint> words01 = Join(x0, x1);
        Vector512<uint> words23 = Join(x2, x3);
        low = Avx512F.UnpackLow(words01.AsUInt64(), words23.AsUInt64()).AsUInt32();
        high = Avx512F.UnpackHigh(words01.AsUInt64(), words23.AsUInt64()).AsUInt32();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<uint> Join(Vector512<uint> even, Vector512<uint> odd) =>
        (even.AsUInt64() & Vector512.Create(0xFFFFFFFFUL)).AsUInt32() | (odd.AsUInt64() << 32).AsUInt32();
}

/// <summary>The four words of four blocks, one block per 64-bit lane, see <see cref="PhiloxRounds"/>.</summary>
internal readonly struct Words256(Vector256<uint> x0, Vector256<uint> x1, Vector256<uint> x2, Vector256<uint> x3)
{
    // Even 32-bit lanes: word 0; odd ones: word 2 of the same block.
    public Vector256<uint> Words02
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Join(x0, x2);
    }

    // Even 32-bit lanes: word 1; odd ones: word 3 of the same block.
    public Vector256<uint> Words13
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Join(x1, x3);
    }

    /// <summary>Blocks 0..1 and blocks 2..3 of the four, as they lie in memory.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void InOrder(out Vector256<uint> low, out Vector256<uint> high)
    {
        Vector256<uint> words01 = Join(x0, x1);
        Vector256<uint> words23 = Join(x2, x3);
        low = Avx2.UnpackLow(words01.AsUInt64(), words23.AsUInt64()).AsUInt32();
        high = Avx2.UnpackHigh(words01.AsUInt64(), words23.AsUInt64()).AsUInt32();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<uint> Join(Vector256<uint> even, Vector256<uint> odd) =>
        (even.AsUInt64() & Vector256.Create(0xFFFFFFFFUL)).AsUInt32() | (odd.AsUInt64() << 32).AsUInt32();
}
