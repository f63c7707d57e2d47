using System.Runtime.CompilerServices;

namespace Gir.Imaging.Kernels;

/// <summary>What the forward and the inverse JPEG transform share: the fixed-point constants and the 8 x 8 transposition.</summary>
/// <remarks>Constants are round(c * 2^13) of Loeffler, Ligtenberg and Moschytz, "Practical fast 1-D DCT algorithms with 11 multiplications" (1989).</remarks>
internal static class JpegTransform
{
    public const int F0298 = 2446;
    public const int F0390 = 3196;
    public const int F0541 = 4433;
    public const int F0765 = 6270;
    public const int F0899 = 7373;
    public const int F1175 = 9633;
    public const int F1501 = 12299;
    public const int F1847 = 15137;
    public const int F1961 = 16069;
    public const int F2053 = 16819;
    public const int F2562 = 20995;
    public const int F3072 = 25172;

    /// <summary>Fractional bits of the constants.</summary>
    public const int ConstantBits = 13;

    /// <summary>Fractional bits kept between the two passes.</summary>
    public const int PassBits = 2;

    /// <summary>Words that one row of a quantization table takes: its 8 entries repeated for the widest vector.</summary>
    public const int TableStride = 32;

    /// <summary>The smallest multiple of the widest vector that holds a row of so many blocks.</summary>
    public static int RowLength(int blocks) => ((blocks * 8) + 31) & ~31;

    /// <summary>Transposes every 8 x 8 block: row i, column j of the result is row j, column i of the input.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Transpose<TWord, TDouble, TLanes>(
        ref TWord r0, ref TWord r1, ref TWord r2, ref TWord r3, ref TWord r4, ref TWord r5, ref TWord r6, ref TWord r7)
        where TWord : struct
        where TDouble : struct
        where TLanes : struct, IJpegLanes<TWord, TDouble>
    {
        TWord a0 = TLanes.UnpackLow(r0, r1);
        TWord a1 = TLanes.UnpackHigh(r0, r1);
        TWord a2 = TLanes.UnpackLow(r2, r3);
        TWord a3 = TLanes.UnpackHigh(r2, r3);
        TWord a4 = TLanes.UnpackLow(r4, r5);
        TWord a5 = TLanes.UnpackHigh(r4, r5);
        TWord a6 = TLanes.UnpackLow(r6, r7);
        TWord a7 = TLanes.UnpackHigh(r6, r7);

        TWord b0 = TLanes.UnpackLow32(a0, a2);
        TWord b1 = TLanes.UnpackHigh32(a0, a2);
        TWord b2 = TLanes.UnpackLow32(a1, a3);
        TWord b3 = TLanes.UnpackHigh32(a1, a3);
        TWord b4 = TLanes.UnpackLow32(a4, a6);
        TWord b5 = TLanes.UnpackHigh32(a4, a6);
        TWord b6 = TLanes.UnpackLow32(a5, a7);
        TWord b7 = TLanes.UnpackHigh32(a5, a7);

        r0 = TLanes.UnpackLow64(b0, b4);
        r1 = TLanes.UnpackHigh64(b0, b4);
        r2 = TLanes.UnpackLow64(b1, b5);
        r3 = TLanes.UnpackHigh64(b1, b5);
        r4 = TLanes.UnpackLow64(b2, b6);
        r5 = TLanes.UnpackHigh64(b2, b6);
        r6 = TLanes.UnpackLow64(b3, b7);
        r7 = TLanes.UnpackHigh64(b3, b7);
    }

    /// <summary>(first a + second b + rounding) >> bits for two output words per pair of inputs.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TWord Descale<TWord, TDouble, TLanes>(TDouble low, TDouble high, int bits)
        where TWord : struct
        where TDouble : struct
        where TLanes : struct, IJpegLanes<TWord, TDouble>
    {
        TDouble half = TLanes.FillDouble(1 << (bits - 1));
        return TLanes.Pack(TLanes.ShiftRight(TLanes.Add(low, half), bits), TLanes.ShiftRight(TLanes.Add(high, half), bits));
    }
}
