using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using static Gir.Imaging.Kernels.JpegTransform;

namespace Gir.Imaging.Kernels;

/// <summary>Dequantization and inverse "islow" discrete cosine transform of one row of 8 x 8 blocks, in place.</summary>
/// <remarks>
/// Input: quantized coefficients, natural order; output: samples -128..127 (level-shifted), each block where its coefficients were.
/// Aliasing: works in place; the table must not overlap the strip. Rows are <c>stride</c> words apart and at least
/// <see cref="RowLength"/> words long: what lies between the last block and there is overwritten.
/// Words wrap after dequantization and saturate between the passes, as in libjpeg-turbo's vector code; for files of a correct encoder neither happens.
/// </remarks>
internal static class JpegInverseDct
{
    /// <summary>Dequantizes and transforms.</summary>
    /// <param name="strip">8 rows.</param>
    /// <param name="stride">Words from one row to the next.</param>
    /// <param name="blocks">Blocks in the row.</param>
    /// <param name="steps">Quantization steps, each row of 8 repeated to <see cref="TableStride"/>.</param>
    public static void Transform(Span<short> strip, int stride, int blocks, ReadOnlySpan<short> steps)
    {
        if (blocks == 0)
            return;
        ArgumentOutOfRangeException.ThrowIfLessThan(strip.Length, (stride * 7) + RowLength(blocks), nameof(strip));
        if (JpegLanes512.IsSupported)
            Rows<Vector512<short>, Vector512<int>, JpegLanes512>(strip, stride, blocks, steps);
        else if (JpegLanes256.IsSupported)
            Rows<Vector256<short>, Vector256<int>, JpegLanes256>(strip, stride, blocks, steps);
        else
            Scalar(strip, stride, blocks, steps);
    }

    /// <summary>The scalar twin of <see cref="Transform"/>.</summary>
    internal static void Scalar(Span<short> strip, int stride, int blocks, ReadOnlySpan<short> steps)
    {
        for (int block = 0; block < blocks; block++)
        {
            Span<short> samples = strip[(block * 8)..];
            for (int y = 0; y < 8; y++)
            {
                for (int x = 0; x < 8; x++)
                    samples[(y * stride) + x] = (short)(samples[(y * stride) + x] * steps[(y * TableStride) + x]);
            }

            for (int x = 0; x < 8; x++)
                Pass(samples[x..], stride, ConstantBits - PassBits, short.MinValue, short.MaxValue);
            for (int y = 0; y < 8; y++)
                Pass(samples[(y * stride)..], 1, ConstantBits + PassBits + 3, -128, 127);
        }
    }

    private static void Pass(Span<short> s, int step, int shift, int low, int high)
    {
        int half = 1 << (shift - 1);
        int s2 = s[2 * step], s6 = s[6 * step];
        int e2 = (s2 * F0541) + (s6 * (F0541 - F1847));
        int e3 = (s2 * (F0541 + F0765)) + (s6 * F0541);
        int e0 = (short)(s[0] + s[4 * step]) << ConstantBits;
        int e1 = (short)(s[0] - s[4 * step]) << ConstantBits;
        int t10 = e0 + e3, t13 = e0 - e3, t11 = e1 + e2, t12 = e1 - e2;

        int t0 = s[7 * step], t1 = s[5 * step], t2 = s[3 * step], t3 = s[step];
        int z3 = (short)(t0 + t2), z4 = (short)(t1 + t3);
        int p3 = (z3 * (F1175 - F1961)) + (z4 * F1175);
        int p4 = (z3 * F1175) + (z4 * (F1175 - F0390));
        int o0 = (t0 * (F0298 - F0899)) - (t3 * F0899) + p3;
        int o3 = (t3 * (F1501 - F0899)) - (t0 * F0899) + p4;
        int o1 = (t1 * (F2053 - F2562)) - (t2 * F2562) + p4;
        int o2 = (t2 * (F3072 - F2562)) - (t1 * F2562) + p3;

        s[0] = (short)Math.Clamp((t10 + o3 + half) >> shift, low, high);
        s[7 * step] = (short)Math.Clamp((t10 - o3 + half) >> shift, low, high);
        s[step] = (short)Math.Clamp((t11 + o2 + half) >> shift, low, high);
        s[6 * step] = (short)Math.Clamp((t11 - o2 + half) >> shift, low, high);
        s[2 * step] = (short)Math.Clamp((t12 + o1 + half) >> shift, low, high);
        s[5 * step] = (short)Math.Clamp((t12 - o1 + half) >> shift, low, high);
        s[3 * step] = (short)Math.Clamp((t13 + o0 + half) >> shift, low, high);
        s[4 * step] = (short)Math.Clamp((t13 - o0 + half) >> shift, low, high);
    }

    private static void Rows<TWord, TDouble, TLanes>(Span<short> strip, int stride, int blocks, ReadOnlySpan<short> steps)
        where TWord : struct
        where TDouble : struct
        where TLanes : struct, IJpegLanes<TWord, TDouble>
    {
        ref short s = ref MemoryMarshal.GetReference(strip);
        ref short q = ref MemoryMarshal.GetReference(steps[..(TableStride * 8)]);
        nint row = stride;
        for (int block = 0; block < blocks; block += TLanes.Blocks)
        {
            ref short at = ref Unsafe.Add(ref s, block * 8);
            TWord r0 = TLanes.Multiply(TLanes.Load(ref at, 0), TLanes.Load(ref q, 0));
            TWord r1 = TLanes.Multiply(TLanes.Load(ref at, row), TLanes.Load(ref q, TableStride));
            TWord r2 = TLanes.Multiply(TLanes.Load(ref at, 2 * row), TLanes.Load(ref q, 2 * TableStride));
            TWord r3 = TLanes.Multiply(TLanes.Load(ref at, 3 * row), TLanes.Load(ref q, 3 * TableStride));
            TWord r4 = TLanes.Multiply(TLanes.Load(ref at, 4 * row), TLanes.Load(ref q, 4 * TableStride));
            TWord r5 = TLanes.Multiply(TLanes.Load(ref at, 5 * row), TLanes.Load(ref q, 5 * TableStride));
            TWord r6 = TLanes.Multiply(TLanes.Load(ref at, 6 * row), TLanes.Load(ref q, 6 * TableStride));
            TWord r7 = TLanes.Multiply(TLanes.Load(ref at, 7 * row), TLanes.Load(ref q, 7 * TableStride));
            Pass<TWord, TDouble, TLanes>(ConstantBits - PassBits, ref r0, ref r1, ref r2, ref r3, ref r4, ref r5, ref r6, ref r7);
            Transpose<TWord, TDouble, TLanes>(ref r0, ref r1, ref r2, ref r3, ref r4, ref r5, ref r6, ref r7);
            Pass<TWord, TDouble, TLanes>(ConstantBits + PassBits + 3, ref r0, ref r1, ref r2, ref r3, ref r4, ref r5, ref r6, ref r7);
            Transpose<TWord, TDouble, TLanes>(ref r0, ref r1, ref r2, ref r3, ref r4, ref r5, ref r6, ref r7);
            TLanes.Store(TLanes.Clamp(r0, -128, 127), ref at, 0);
            TLanes.Store(TLanes.Clamp(r1, -128, 127), ref at, row);
            TLanes.Store(TLanes.Clamp(r2, -128, 127), ref at, 2 * row);
            TLanes.Store(TLanes.Clamp(r3, -128, 127), ref at, 3 * row);
            TLanes.Store(TLanes.Clamp(r4, -128, 127), ref at, 4 * row);
            TLanes.Store(TLanes.Clamp(r5, -128, 127), ref at, 5 * row);
            TLanes.Store(TLanes.Clamp(r6, -128, 127), ref at, 6 * row);
            TLanes.Store(TLanes.Clamp(r7, -128, 127), ref at, 7 * row);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Pass<TWord, TDouble, TLanes>(
        int shift, ref TWord r0, ref TWord r1, ref TWord r2, ref TWord r3, ref TWord r4, ref TWord r5, ref TWord r6, ref TWord r7)
        where TWord : struct
        where TDouble : struct
        where TLanes : struct, IJpegLanes<TWord, TDouble>
    {
        TWord low = TLanes.UnpackLow(r2, r6), high = TLanes.UnpackHigh(r2, r6);
        TWord c = TLanes.Pair(F0541, F0541 - F1847);
        TDouble e2Low = TLanes.MultiplyAdd(low, c), e2High = TLanes.MultiplyAdd(high, c);
        c = TLanes.Pair(F0541 + F0765, F0541);
        TDouble e3Low = TLanes.MultiplyAdd(low, c), e3High = TLanes.MultiplyAdd(high, c);

        // A word in the upper half of a double word is the word times 2^16; 3 bits down leaves it times 2^ConstantBits.
        TWord zero = TLanes.Fill(0);
        TWord sum = TLanes.Add(r0, r4), difference = TLanes.Subtract(r0, r4);
        TDouble e0Low = TLanes.ShiftRight(TLanes.AsDouble(TLanes.UnpackLow(zero, sum)), 16 - ConstantBits);
        TDouble e0High = TLanes.ShiftRight(TLanes.AsDouble(TLanes.UnpackHigh(zero, sum)), 16 - ConstantBits);
        TDouble e1Low = TLanes.ShiftRight(TLanes.AsDouble(TLanes.UnpackLow(zero, difference)), 16 - ConstantBits);
        TDouble e1High = TLanes.ShiftRight(TLanes.AsDouble(TLanes.UnpackHigh(zero, difference)), 16 - ConstantBits);

        TWord z3 = TLanes.Add(r7, r3), z4 = TLanes.Add(r5, r1);
        low = TLanes.UnpackLow(z3, z4);
        high = TLanes.UnpackHigh(z3, z4);
        c = TLanes.Pair(F1175 - F1961, F1175);
        TDouble p3Low = TLanes.MultiplyAdd(low, c), p3High = TLanes.MultiplyAdd(high, c);
        c = TLanes.Pair(F1175, F1175 - F0390);
        TDouble p4Low = TLanes.MultiplyAdd(low, c), p4High = TLanes.MultiplyAdd(high, c);

        low = TLanes.UnpackLow(r7, r1);
        high = TLanes.UnpackHigh(r7, r1);
        c = TLanes.Pair(F0298 - F0899, -F0899);
        TDouble o0Low = TLanes.Add(TLanes.MultiplyAdd(low, c), p3Low), o0High = TLanes.Add(TLanes.MultiplyAdd(high, c), p3High);
        c = TLanes.Pair(-F0899, F1501 - F0899);
        TDouble o3Low = TLanes.Add(TLanes.MultiplyAdd(low, c), p4Low), o3High = TLanes.Add(TLanes.MultiplyAdd(high, c), p4High);

        low = TLanes.UnpackLow(r5, r3);
        high = TLanes.UnpackHigh(r5, r3);
        c = TLanes.Pair(F2053 - F2562, -F2562);
        TDouble o1Low = TLanes.Add(TLanes.MultiplyAdd(low, c), p4Low), o1High = TLanes.Add(TLanes.MultiplyAdd(high, c), p4High);
        c = TLanes.Pair(-F2562, F3072 - F2562);
        TDouble o2Low = TLanes.Add(TLanes.MultiplyAdd(low, c), p3Low), o2High = TLanes.Add(TLanes.MultiplyAdd(high, c), p3High);

        Butterfly<TWord, TDouble, TLanes>(TLanes.Add(e0Low, e3Low), TLanes.Add(e0High, e3High), o3Low, o3High, shift, out r0, out r7);
        Butterfly<TWord, TDouble, TLanes>(TLanes.Add(e1Low, e2Low), TLanes.Add(e1High, e2High), o2Low, o2High, shift, out r1, out r6);
        Butterfly<TWord, TDouble, TLanes>(TLanes.Subtract(e1Low, e2Low), TLanes.Subtract(e1High, e2High), o1Low, o1High, shift, out r2, out r5);
        Butterfly<TWord, TDouble, TLanes>(TLanes.Subtract(e0Low, e3Low), TLanes.Subtract(e0High, e3High), o0Low, o0High, shift, out r3, out r4);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Butterfly<TWord, TDouble, TLanes>(
        TDouble evenLow, TDouble evenHigh, TDouble oddLow, TDouble oddHigh, int shift, out TWord sum, out TWord difference)
        where TWord : struct
        where TDouble : struct
        where TLanes : struct, IJpegLanes<TWord, TDouble>
    {
        sum = Descale<TWord, TDouble, TLanes>(TLanes.Add(evenLow, oddLow), TLanes.Add(evenHigh, oddHigh), shift);
        difference = Descale<TWord, TDouble, TLanes>(TLanes.Subtract(evenLow, oddLow), TLanes.Subtract(evenHigh, oddHigh), shift);
    }
}
