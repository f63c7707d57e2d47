using System.Runtime.CompilerServices;
using Gir.Imaging.Kernels;

namespace Gir.Degradations.Kernels;

/// <summary>t = exp(-beta d), to 2 units in the last place.</summary>
/// <remarks>
/// exp(x) = 2^k exp(r), k = round(x / ln 2), by the polynomial of Moshier's Cephes (expf), |r| at most ln(2) / 2. Adding and
/// subtracting 1.5 * 2^23 rounds to an integer. x is held to [-87, 88], where the result is normal.
/// </remarks>
internal readonly struct Transmission(float beta) : IUnaryFunction<float>
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

    private readonly float _slope = -beta;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TLanes Invoke<TLanes>(TLanes x)
        where TLanes : struct, ILanes<TLanes, float>
    {
        TLanes e = TLanes.Min(TLanes.Max(x * TLanes.Of(_slope), TLanes.Of(Lowest)), TLanes.Of(Highest));
        TLanes sum = (e * TLanes.Of(Log2E)) + TLanes.Of(Rounder);
        TLanes k = sum - TLanes.Of(Rounder);
        TLanes r = (e - (k * TLanes.Of(Ln2High))) - (k * TLanes.Of(Ln2Low));
        TLanes p = (r * TLanes.Of(C5)) + TLanes.Of(C4);
        p = (p * r) + TLanes.Of(C3);
        p = (p * r) + TLanes.Of(C2);
        p = (p * r) + TLanes.Of(C1);
        p = (p * r) + TLanes.Of(C0);
        return (((p * (r * r)) + r) + TLanes.Of(1)) * LaneBits.PowerOfTwo(sum);
    }
}
