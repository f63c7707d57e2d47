using System.Runtime.Intrinsics;

namespace Gir.Degradations.Kernels;

/// <summary>t = exp(-beta d), to 2 units in the last place, with the same bits in every width.</summary>
/// <remarks>
/// exp(x) = 2^k exp(r), k = round(x / ln 2), by the polynomial of Moshier's Cephes (expf), |r| at most ln(2) / 2. Adding and
/// subtracting 1.5 * 2^23 rounds to an integer, whose bits then stand lowest in the sum. x is held to [-87, 88], where the result is normal.
/// </remarks>
internal readonly struct Transmission(float beta) : IUnaryOperator
{
    private const float Lowest = -87f;
    private const float Highest = 88f;
    private const float Log2E = 1.44269504088896341f;
    private const float Rounder = 12582912f;
    private const float Ln2High = 0.693359375f;
    private const float Ln2Low = -2.12194440e-4f;
    private const float C5 = 1.9875691500e-4f;
    private const float C4 = 1.3981999507e-3f;
    private const float C3 = 8.3334519073e-3f;
    private const float C2 = 4.1665795894e-2f;
    private const float C1 = 1.6666665459e-1f;
    private const float C0 = 5.0000001201e-1f;
    private const int OneBits = 0x3F800000;

    private readonly float _slope = -beta;

    public float Invoke(float x)
    {
        float e = MathF.Min(MathF.Max(x * _slope, Lowest), Highest);
        float sum = (e * Log2E) + Rounder;
        float k = sum - Rounder;
        float r = (e - (k * Ln2High)) - (k * Ln2Low);
        float p = (((((((((C5 * r) + C4) * r) + C3) * r) + C2) * r) + C1) * r) + C0;
        float y = ((p * (r * r)) + r) + 1f;
        return y * BitConverter.Int32BitsToSingle((BitConverter.SingleToInt32Bits(sum) << 23) + OneBits);
    }

    public Vector256<float> Invoke(Vector256<float> x)
    {
        Vector256<float> e = Vector256.Min(Vector256.Max(x * _slope, Vector256.Create(Lowest)), Vector256.Create(Highest));
        Vector256<float> sum = (e * Log2E) + Vector256.Create(Rounder);
        Vector256<float> k = sum - Vector256.Create(Rounder);
        Vector256<float> r = (e - (k * Ln2High)) - (k * Ln2Low);
        Vector256<float> p = (r * C5) + Vector256.Create(C4);
        p = (p * r) + Vector256.Create(C3);
        p = (p * r) + Vector256.Create(C2);
        p = (p * r) + Vector256.Create(C1);
        p = (p * r) + Vector256.Create(C0);
        Vector256<float> y = ((p * (r * r)) + r) + Vector256<float>.One;
        return y * ((sum.AsInt32() << 23) + Vector256.Create(OneBits)).AsSingle();
    }

    public Vector512<float> Invoke(Vector512<float> x)
    {
        Vector512<float> e = Vector512.Min(Vector512.Max(x * _slope, Vector512.Create(Lowest)), Vector512.Create(Highest));
        Vector512<float> sum = (e * Log2E) + Vector512.Create(Rounder);
        Vector512<float> k = sum - Vector512.Create(Rounder);
        Vector512<float> r = (e - (k * Ln2High)) - (k * Ln2Low);
        Vector512<float> p = (r * C5) + Vector512.Create(C4);
        p = (p * r) + Vector512.Create(C3);
        p = (p * r) + Vector512.Create(C2);
        p = (p * r) + Vector512.Create(C1);
        p = (p * r) + Vector512.Create(C0);
        Vector512<float> y = ((p * (r * r)) + r) + Vector512<float>.One;
        return y * ((sum.AsInt32() << 23) + Vector512.Create(OneBits)).AsSingle();
    }
}
