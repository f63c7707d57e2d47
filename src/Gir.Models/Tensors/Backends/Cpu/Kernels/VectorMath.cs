using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Gir.Models.Tensors.Backends.Cpu.Kernels;

/// <summary>
/// Elementary functions of 16 lanes. Multiplications and additions stay apart, so that every vector width gives the same bits
/// (narrower hardware runs the same operations on halves).
/// </summary>
internal static class VectorMath
{
    private const float Log2E = 1.44269504f;

    // ln 2 in two parts; the first has few enough bits that n times it is exact.
    private const float Ln2High = 0.693359375f;
    private const float Ln2Low = -2.12194440e-4f;

    /// <summary>exp x, within 2 units in the last place; 0 below -103.97, infinity above 88.72, NaN for NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Exp(Vector512<float> x)
    {
        Vector512<float> bounded = Vector512.Min(Vector512.Max(x, Vector512.Create(-104f)), Vector512.Create(89f));
        Vector512<float> n = Vector512.Round(bounded * Log2E);
        Vector512<float> r = (bounded - (n * Ln2High)) - (n * Ln2Low);
        Vector512<float> p = Vector512.Create(1.9875691500e-4f);
        p = (p * r) + Vector512.Create(1.3981999507e-3f);
        p = (p * r) + Vector512.Create(8.3334519073e-3f);
        p = (p * r) + Vector512.Create(4.1665795894e-2f);
        p = (p * r) + Vector512.Create(1.6666665459e-1f);
        p = (p * r) + Vector512.Create(5.0000001201e-1f);
        p = (p * (r * r)) + r + Vector512<float>.One;
        // 2^n in two factors: n itself may lie outside the exponent's range.
        Vector512<int> whole = Vector512.ConvertToInt32(n);
        Vector512<int> half = whole >> 1;
        return p * Power2(half) * Power2(whole - half);
    }

    /// <summary>Natural logarithm, within 2 units in the last place; NaN below 0, -infinity at 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Log(Vector512<float> x) => Vector512.Log(x);

    /// <summary>erf x, within 1e-7.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Erf(Vector512<float> x, in ErfTable table)
    {
        Vector512<float> sign = x & Vector512.Create(-0f);
        Vector512<float> a = Vector512.Min(Vector512.Abs(x), Vector512.Create(3.9999998f));
        Vector512<int> i = Vector512.ConvertToInt32(a * 4f);
        Vector512<float> t = a - ((Vector512.ConvertToSingle(i) * 0.25f) + Vector512.Create(0.125f));
        Vector512<float> r = Vector512.Shuffle(table.C5, i);
        r = (r * t) + Vector512.Shuffle(table.C4, i);
        r = (r * t) + Vector512.Shuffle(table.C3, i);
        r = (r * t) + Vector512.Shuffle(table.C2, i);
        r = (r * t) + Vector512.Shuffle(table.C1, i);
        r = (r * t) + Vector512.Shuffle(table.C0, i);
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
        return (b[0] + b[2]) + (b[1] + b[3]);
    }

    /// <summary>The largest lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Largest(Vector512<float> x)
    {
        Vector256<float> a = Vector256.Max(x.GetLower(), x.GetUpper());
        Vector128<float> b = Vector128.Max(a.GetLower(), a.GetUpper());
        return MathF.Max(MathF.Max(b[0], b[2]), MathF.Max(b[1], b[3]));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Power2(Vector512<int> n) => ((n + Vector512.Create(127)) << 23).AsSingle();
}

/// <summary>
/// Polynomials of degree 5 for erf on the 16 intervals of width 1/4 of [0, 4), in t = |x| - centre; lane i of C0..C5 belongs to interval i.
/// </summary>
internal readonly struct ErfTable
{
    private const int Degree = 5;

    private ErfTable(float[,] c)
    {
        C0 = Row(c, 0);
        C1 = Row(c, 1);
        C2 = Row(c, 2);
        C3 = Row(c, 3);
        C4 = Row(c, 4);
        C5 = Row(c, 5);
    }

    /// <summary>The table, fitted in double at Chebyshev nodes.</summary>
    public static ErfTable Instance { get; } = Fit();

    public Vector512<float> C0 { get; }

    public Vector512<float> C1 { get; }

    public Vector512<float> C2 { get; }

    public Vector512<float> C3 { get; }

    public Vector512<float> C4 { get; }

    public Vector512<float> C5 { get; }

    private static Vector512<float> Row(float[,] c, int degree)
    {
        Span<float> lanes = stackalloc float[16];
        for (int i = 0; i < 16; i++)
            lanes[i] = c[degree, i];
        return Vector512.Create<float>(lanes);
    }

    private static ErfTable Fit()
    {
        var coefficients = new float[Degree + 1, 16];
        var matrix = MathNet.Numerics.LinearAlgebra.Matrix<double>.Build.Dense(Degree + 1, Degree + 1);
        var values = MathNet.Numerics.LinearAlgebra.Vector<double>.Build.Dense(Degree + 1);
        for (int i = 0; i < 16; i++)
        {
            double centre = (i * 0.25) + 0.125;
            for (int node = 0; node <= Degree; node++)
            {
                double t = 0.125 * Math.Cos(Math.PI * (node + 0.5) / (Degree + 1));
                for (int power = 0; power <= Degree; power++)
                    matrix[node, power] = Math.Pow(t, power);
                values[node] = MathNet.Numerics.SpecialFunctions.Erf(centre + t);
            }

            MathNet.Numerics.LinearAlgebra.Vector<double> solution = matrix.Solve(values);
            for (int power = 0; power <= Degree; power++)
                coefficients[power, i] = (float)solution[power];
        }

        return new ErfTable(coefficients);
    }
}
