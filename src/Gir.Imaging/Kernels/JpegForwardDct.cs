using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using static Gir.Imaging.Kernels.JpegTransform;

namespace Gir.Imaging.Kernels;

/// <summary>Forward "islow" discrete cosine transform and quantization of one row of 8 x 8 blocks, in place.</summary>
/// <remarks>
/// Input: level-shifted samples -128..127; output: quantized coefficients, natural order, each block where its samples were.
/// Aliasing: works in place; the tables must not overlap the strip. Rows are <c>stride</c> words apart and at least
/// <see cref="RowLength"/> words long: what lies between the last block and there is overwritten.
/// Bit-exact with libjpeg's jfdctint and with division: with d = 8 step, sign(x) ((|x| + d / 2) / d), as reciprocal products.
/// </remarks>
internal static class JpegForwardDct
{
    /// <summary>Transforms and quantizes.</summary>
    /// <param name="strip">8 rows.</param>
    /// <param name="stride">Words from one row to the next.</param>
    /// <param name="blocks">Blocks in the row.</param>
    /// <param name="corrections">d / 2, each row of 8 repeated to <see cref="TableStride"/>.</param>
    /// <param name="reciprocals">Normalized 16-bit reciprocals of d, likewise.</param>
    /// <param name="scales">2^(16 - shift) of the reciprocal, likewise.</param>
    public static void Transform(
        Span<short> strip, int stride, int blocks, ReadOnlySpan<short> corrections, ReadOnlySpan<short> reciprocals, ReadOnlySpan<short> scales)
    {
        if (blocks == 0)
            return;
        ArgumentOutOfRangeException.ThrowIfLessThan(strip.Length, (stride * 7) + RowLength(blocks), nameof(strip));
        if (JpegLanes512.IsSupported)
            Rows<Vector512<short>, Vector512<int>, JpegLanes512>(strip, stride, blocks, corrections, reciprocals, scales);
        else if (JpegLanes256.IsSupported)
            Rows<Vector256<short>, Vector256<int>, JpegLanes256>(strip, stride, blocks, corrections, reciprocals, scales);
        else
            Scalar(strip, stride, blocks, corrections, reciprocals, scales);
    }

    /// <summary>The scalar twin of <see cref="Transform"/>.</summary>
    internal static void Scalar(
        Span<short> strip, int stride, int blocks, ReadOnlySpan<short> corrections, ReadOnlySpan<short> reciprocals, ReadOnlySpan<short> scales)
    {
        for (int block = 0; block < blocks; block++)
        {
            Span<short> samples = strip[(block * 8)..];
            for (int y = 0; y < 8; y++)
                Pass(samples[(y * stride)..], 1, first: true);
            for (int x = 0; x < 8; x++)
                Pass(samples[x..], stride, first: false);
            for (int y = 0; y < 8; y++)
            {
                for (int x = 0; x < 8; x++)
                {
                    int value = samples[(y * stride) + x];
                    int entry = (y * TableStride) + x;
                    int magnitude = Math.Abs(value) + corrections[entry];
                    magnitude = (magnitude * (ushort)reciprocals[entry]) >>> 16;
                    magnitude = (magnitude * (ushort)scales[entry]) >>> 16;
                    samples[(y * stride) + x] = (short)(value < 0 ? -magnitude : magnitude);
                }
            }
        }
    }

    private static void Pass(Span<short> s, int step, bool first)
    {
        int t0 = s[0] + s[7 * step], t7 = s[0] - s[7 * step];
        int t1 = s[step] + s[6 * step], t6 = s[step] - s[6 * step];
        int t2 = s[2 * step] + s[5 * step], t5 = s[2 * step] - s[5 * step];
        int t3 = s[3 * step] + s[4 * step], t4 = s[3 * step] - s[4 * step];
        int t10 = t0 + t3, t13 = t0 - t3, t11 = t1 + t2, t12 = t1 - t2;
        int shift = first ? ConstantBits - PassBits : ConstantBits + PassBits;
        int half = 1 << (shift - 1);
        s[0] = (short)(first ? (t10 + t11) << PassBits : (t10 + t11 + 2) >> PassBits);
        s[4 * step] = (short)(first ? (t10 - t11) << PassBits : (t10 - t11 + 2) >> PassBits);
        s[2 * step] = (short)(((t13 * (F0541 + F0765)) + (t12 * F0541) + half) >> shift);
        s[6 * step] = (short)(((t13 * F0541) + (t12 * (F0541 - F1847)) + half) >> shift);

        int z3 = t4 + t6, z4 = t5 + t7;
        int p3 = (z3 * (F1175 - F1961)) + (z4 * F1175);
        int p4 = (z3 * F1175) + (z4 * (F1175 - F0390));
        s[7 * step] = (short)(((t4 * (F0298 - F0899)) - (t7 * F0899) + p3 + half) >> shift);
        s[step] = (short)(((t7 * (F1501 - F0899)) - (t4 * F0899) + p4 + half) >> shift);
        s[5 * step] = (short)(((t5 * (F2053 - F2562)) - (t6 * F2562) + p4 + half) >> shift);
        s[3 * step] = (short)(((t6 * (F3072 - F2562)) - (t5 * F2562) + p3 + half) >> shift);
    }

    private static void Rows<TWord, TDouble, TLanes>(
        Span<short> strip, int stride, int blocks, ReadOnlySpan<short> corrections, ReadOnlySpan<short> reciprocals, ReadOnlySpan<short> scales)
        where TWord : struct
        where TDouble : struct
        where TLanes : struct, IJpegLanes<TWord, TDouble>
    {
        ref short s = ref MemoryMarshal.GetReference(strip);
        ref short half = ref MemoryMarshal.GetReference(corrections[..(TableStride * 8)]);
        ref short reciprocal = ref MemoryMarshal.GetReference(reciprocals[..(TableStride * 8)]);
        ref short scale = ref MemoryMarshal.GetReference(scales[..(TableStride * 8)]);
        nint row = stride;
        for (int block = 0; block < blocks; block += TLanes.Blocks)
        {
            ref short at = ref Unsafe.Add(ref s, block * 8);
            TWord r0 = TLanes.Load(ref at, 0), r1 = TLanes.Load(ref at, row);
            TWord r2 = TLanes.Load(ref at, 2 * row), r3 = TLanes.Load(ref at, 3 * row);
            TWord r4 = TLanes.Load(ref at, 4 * row), r5 = TLanes.Load(ref at, 5 * row);
            TWord r6 = TLanes.Load(ref at, 6 * row), r7 = TLanes.Load(ref at, 7 * row);
            Transpose<TWord, TDouble, TLanes>(ref r0, ref r1, ref r2, ref r3, ref r4, ref r5, ref r6, ref r7);
            Pass<TWord, TDouble, TLanes>(true, ref r0, ref r1, ref r2, ref r3, ref r4, ref r5, ref r6, ref r7);
            Transpose<TWord, TDouble, TLanes>(ref r0, ref r1, ref r2, ref r3, ref r4, ref r5, ref r6, ref r7);
            Pass<TWord, TDouble, TLanes>(false, ref r0, ref r1, ref r2, ref r3, ref r4, ref r5, ref r6, ref r7);
            TLanes.Store(Quantize<TWord, TDouble, TLanes>(r0, ref half, ref reciprocal, ref scale, 0), ref at, 0);
            TLanes.Store(Quantize<TWord, TDouble, TLanes>(r1, ref half, ref reciprocal, ref scale, 1), ref at, row);
            TLanes.Store(Quantize<TWord, TDouble, TLanes>(r2, ref half, ref reciprocal, ref scale, 2), ref at, 2 * row);
            TLanes.Store(Quantize<TWord, TDouble, TLanes>(r3, ref half, ref reciprocal, ref scale, 3), ref at, 3 * row);
            TLanes.Store(Quantize<TWord, TDouble, TLanes>(r4, ref half, ref reciprocal, ref scale, 4), ref at, 4 * row);
            TLanes.Store(Quantize<TWord, TDouble, TLanes>(r5, ref half, ref reciprocal, ref scale, 5), ref at, 5 * row);
            TLanes.Store(Quantize<TWord, TDouble, TLanes>(r6, ref half, ref reciprocal, ref scale, 6), ref at, 6 * row);
            TLanes.Store(Quantize<TWord, TDouble, TLanes>(r7, ref half, ref reciprocal, ref scale, 7), ref at, 7 * row);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TWord Quantize<TWord, TDouble, TLanes>(TWord value, ref short half, ref short reciprocal, ref short scale, int row)
        where TWord : struct
        where TDouble : struct
        where TLanes : struct, IJpegLanes<TWord, TDouble>
    {
        TWord sign = TLanes.ShiftRight(value, 15);
        TWord magnitude = TLanes.Add(TLanes.Subtract(TLanes.Xor(value, sign), sign), TLanes.Load(ref half, row * TableStride));
        magnitude = TLanes.MultiplyHighUnsigned(magnitude, TLanes.Load(ref reciprocal, row * TableStride));
        magnitude = TLanes.MultiplyHighUnsigned(magnitude, TLanes.Load(ref scale, row * TableStride));
        return TLanes.Subtract(TLanes.Xor(magnitude, sign), sign);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Pass<TWord, TDouble, TLanes>(
        bool first, ref TWord r0, ref TWord r1, ref TWord r2, ref TWord r3, ref TWord r4, ref TWord r5, ref TWord r6, ref TWord r7)
        where TWord : struct
        where TDouble : struct
        where TLanes : struct, IJpegLanes<TWord, TDouble>
    {
        int shift = first ? ConstantBits - PassBits : ConstantBits + PassBits;
        TWord t0 = TLanes.Add(r0, r7), t7 = TLanes.Subtract(r0, r7);
        TWord t1 = TLanes.Add(r1, r6), t6 = TLanes.Subtract(r1, r6);
        TWord t2 = TLanes.Add(r2, r5), t5 = TLanes.Subtract(r2, r5);
        TWord t3 = TLanes.Add(r3, r4), t4 = TLanes.Subtract(r3, r4);
        TWord t10 = TLanes.Add(t0, t3), t13 = TLanes.Subtract(t0, t3);
        TWord t11 = TLanes.Add(t1, t2), t12 = TLanes.Subtract(t1, t2);
        if (first)
        {
            r0 = TLanes.ShiftLeft(TLanes.Add(t10, t11), PassBits);
            r4 = TLanes.ShiftLeft(TLanes.Subtract(t10, t11), PassBits);
        }
        else
        {
            TWord half = TLanes.Fill(1 << (PassBits - 1));
            r0 = TLanes.ShiftRight(TLanes.Add(TLanes.Add(t10, t11), half), PassBits);
            r4 = TLanes.ShiftRight(TLanes.Add(TLanes.Subtract(t10, t11), half), PassBits);
        }

        TWord low = TLanes.UnpackLow(t13, t12), high = TLanes.UnpackHigh(t13, t12);
        TWord c = TLanes.Pair(F0541 + F0765, F0541);
        r2 = Descale<TWord, TDouble, TLanes>(TLanes.MultiplyAdd(low, c), TLanes.MultiplyAdd(high, c), shift);
        c = TLanes.Pair(F0541, F0541 - F1847);
        r6 = Descale<TWord, TDouble, TLanes>(TLanes.MultiplyAdd(low, c), TLanes.MultiplyAdd(high, c), shift);

        TWord z3 = TLanes.Add(t4, t6), z4 = TLanes.Add(t5, t7);
        low = TLanes.UnpackLow(z3, z4);
        high = TLanes.UnpackHigh(z3, z4);
        c = TLanes.Pair(F1175 - F1961, F1175);
        TDouble p3Low = TLanes.MultiplyAdd(low, c), p3High = TLanes.MultiplyAdd(high, c);
        c = TLanes.Pair(F1175, F1175 - F0390);
        TDouble p4Low = TLanes.MultiplyAdd(low, c), p4High = TLanes.MultiplyAdd(high, c);

        low = TLanes.UnpackLow(t4, t7);
        high = TLanes.UnpackHigh(t4, t7);
        c = TLanes.Pair(F0298 - F0899, -F0899);
        r7 = Descale<TWord, TDouble, TLanes>(TLanes.Add(TLanes.MultiplyAdd(low, c), p3Low), TLanes.Add(TLanes.MultiplyAdd(high, c), p3High), shift);
        c = TLanes.Pair(-F0899, F1501 - F0899);
        r1 = Descale<TWord, TDouble, TLanes>(TLanes.Add(TLanes.MultiplyAdd(low, c), p4Low), TLanes.Add(TLanes.MultiplyAdd(high, c), p4High), shift);

        low = TLanes.UnpackLow(t5, t6);
        high = TLanes.UnpackHigh(t5, t6);
        c = TLanes.Pair(F2053 - F2562, -F2562);
        r5 = Descale<TWord, TDouble, TLanes>(TLanes.Add(TLanes.MultiplyAdd(low, c), p4Low), TLanes.Add(TLanes.MultiplyAdd(high, c), p4High), shift);
        c = TLanes.Pair(-F2562, F3072 - F2562);
        r3 = Descale<TWord, TDouble, TLanes>(TLanes.Add(TLanes.MultiplyAdd(low, c), p3Low), TLanes.Add(TLanes.MultiplyAdd(high, c), p3High), shift);
    }
}
