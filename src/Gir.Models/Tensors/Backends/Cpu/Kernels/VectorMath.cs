using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Gir.Models.Tensors.Backends.Cpu.Kernels;

/// <summary>
/// Elementary functions of 16 lanes. Where a multiplication and an addition are fused, they are so on all hardware: every vector width gives the
/// same bits (narrower hardware runs the same operations on halves).
/// </summary>
internal static class VectorMath
{
    private const float Log2E = 1.44269504f;

    // ln 2 in two parts; the first has few enough bits that n times it is exact.
    private const float Ln2High = 0.693359375f;
    private const float Ln2Low = -2.12194440e-4f;

    /// <summary>exp x, within 1 unit in the last place; 0 below -103.97, infinity above 88.72, NaN for NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Exp(Vector512<float> x)
    {
        // Native minima and maxima are their second operand where that is NaN.
        Vector512<float> bounded = Vector512.MinNative(Vector512.Create(89f), Vector512.MaxNative(Vector512.Create(-104f), x));
        Vector512<float> n = Vector512.Round(bounded * Log2E);
        Vector512<float> r = Vector512.FusedMultiplyAdd(n, Vector512.Create(-Ln2High), bounded);
        r = Vector512.FusedMultiplyAdd(n, Vector512.Create(-Ln2Low), r);
        Vector512<float> p = Vector512.Create(1.9875691500e-4f);
        p = Vector512.FusedMultiplyAdd(p, r, Vector512.Create(1.3981999507e-3f));
        p = Vector512.FusedMultiplyAdd(p, r, Vector512.Create(8.3334519073e-3f));
        p = Vector512.FusedMultiplyAdd(p, r, Vector512.Create(4.1665795894e-2f));
        p = Vector512.FusedMultiplyAdd(p, r, Vector512.Create(1.6666665459e-1f));
        p = Vector512.FusedMultiplyAdd(p, r, Vector512.Create(5.0000001201e-1f));
        p = Vector512.FusedMultiplyAdd(p, r, Vector512<float>.One);
        p = Vector512.FusedMultiplyAdd(p, r, Vector512<float>.One);
        return TimesPower2(p, n);
    }

    /// <summary>Natural logarithm, within 2 units in the last place; NaN below 0, -infinity at 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Log(Vector512<float> x) => Vector512.Log(x);

    /// <summary>
    /// erf x, within 1e-7: polynomials of degree 5 on the 16 intervals of width 1/4 of [0, 4), in t = |x| - center, through the Chebyshev nodes;
    /// lane i of c0..c5 belongs to interval i.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Erf(Vector512<float> x)
    {
        Vector512<float> c5 = Vector512.Create(
            0.10362111f, 0.04534746f, -0.027088888f, -0.06678138f, -0.061098672f, -0.030638589f, -0.0022792881f, 0.011347224f,
            0.012451553f, 0.008360143f, 0.0042337757f, 0.0017256449f, 0.0005832176f, 0.00016617768f, 4.0335086e-05f, 8.398551e-06f);
        Vector512<float> c4 = Vector512.Create(
            0.06817824f, 0.16541363f, 0.17549358f, 0.112152815f, 0.028334964f, -0.02998296f, -0.049381256f, -0.042163078f,
            -0.026402948f, -0.013205955f, -0.0054669394f, -0.0019085362f, -0.0005682209f, -0.0001453421f, -3.210336e-05f, -6.146364e-06f);
        Vector512<float> c3 = Vector512.Create(
            -0.3587201f, -0.23487544f, -0.05567374f, 0.092921056f, 0.16245101f, 0.1579379f, 0.11484146f, 0.06744177f,
            0.033037663f, 0.013730518f, 0.0048903334f, 0.0015024635f, 0.0003999831f, 9.256885e-05f, 1.8669387e-05f, 3.2873756e-06f);
        Vector512<float> c2 = Vector512.Create(
            -0.13885756f, -0.36762545f, -0.47718155f, -0.4591505f, -0.35806033f, -0.23424771f, -0.1307694f, -0.06289899f,
            -0.026223999f, -0.0095149595f, -0.0030128637f, -0.0008342493f, -0.00020230842f, -4.3016847e-05f, -8.02722e-06f, -1.3155546e-06f);
        Vector512<float> c1 = Vector512.Create(
            1.1108853f, 0.9803528f, 0.76349956f, 0.52474505f, 0.31827396f, 0.17035978f, 0.08047226f, 0.03354583f,
            0.01234082f, 0.004006478f, 0.0011478752f, 0.00029022834f, 6.4758715e-05f, 1.2751753e-05f, 2.215924e-06f, 3.3982334e-07f);
        Vector512<float> c0 = Vector512.Create(
            0.1403162f, 0.4041169f, 0.6232409f, 0.7840751f, 0.8883882f, 0.94817007f, 0.97844374f, 0.99199003f,
            0.997346f, 0.99921703f, 0.9997946f, 0.99995214f, 0.9999901f, 0.9999982f, 0.9999997f, 0.99999994f);
        Vector512<float> sign = x & Vector512.Create(-0f);
        // The native minimum is its second operand where that is NaN.
        Vector512<float> a = Vector512.MinNative(Vector512.Create(3.9999998f), Vector512.Abs(x));
        Vector512<int> i = Vector512.ConvertToInt32Native(a * 4f);
        Vector512<float> t = a - Vector512.FusedMultiplyAdd(Vector512.ConvertToSingle(i), Vector512.Create(0.25f), Vector512.Create(0.125f));
        Vector512<float> r = Vector512.ShuffleNative(c5, i);
        r = Vector512.FusedMultiplyAdd(r, t, Vector512.ShuffleNative(c4, i));
        r = Vector512.FusedMultiplyAdd(r, t, Vector512.ShuffleNative(c3, i));
        r = Vector512.FusedMultiplyAdd(r, t, Vector512.ShuffleNative(c2, i));
        r = Vector512.FusedMultiplyAdd(r, t, Vector512.ShuffleNative(c1, i));
        r = Vector512.FusedMultiplyAdd(r, t, Vector512.ShuffleNative(c0, i));
        return r | sign;
    }

    /// <summary>1 / (1 + exp(-x)).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Sigmoid(Vector512<float> x) => Vector512<float>.One / (Vector512<float>.One + Exp(-x));

    /// <summary>The sum of the lanes, pairwise in a fixed order.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sum(Vector512<float> x)
    {
        Vector256<float> a = x.GetLower() + x.GetUpper();
        Vector128<float> b = a.GetLower() + a.GetUpper();
        Vector128<float> c = b + Vector128.Shuffle(b, Vector128.Create(2, 3, 0, 1));
        return (c + Vector128.Shuffle(c, Vector128.Create(1, 0, 3, 2))).ToScalar();
    }

    /// <summary>The largest lane; anything where one is NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Largest(Vector512<float> x)
    {
        Vector256<float> a = Vector256.MaxNative(x.GetLower(), x.GetUpper());
        Vector128<float> b = Vector128.MaxNative(a.GetLower(), a.GetUpper());
        Vector128<float> c = Vector128.MaxNative(b, Vector128.Shuffle(b, Vector128.Create(2, 3, 0, 1)));
        return Vector128.MaxNative(c, Vector128.Shuffle(c, Vector128.Create(1, 0, 3, 2))).ToScalar();
    }

    // p 2^n for p near 1. Without the instruction in two factors, since n itself may lie outside the exponent's range; the first is exact.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> TimesPower2(Vector512<float> p, Vector512<float> n)
    {
        if (Avx512F.IsSupported)
            return Avx512F.Scale(p, n);
        Vector512<int> whole = Vector512.ConvertToInt32Native(n);
        Vector512<int> half = whole >> 1;
        return p * Power2(half) * Power2(whole - half);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Power2(Vector512<int> n) => ((n + Vector512.Create(127)) << 23).AsSingle();
}
