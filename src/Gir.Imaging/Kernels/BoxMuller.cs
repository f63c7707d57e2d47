using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Gir.Imaging.Kernels;

/// <summary>
/// Two independent standard normals from two 32-bit words (Box, Muller 1958): sqrt(-2 ln u) times the cosine and the sine of 2 pi v,
/// u = (floor(radius / 2) + 1/2) 2^-31, v = angle 2^-32. Largest magnitude sqrt(64 ln 2) = 6.66.
/// </summary>
/// <remarks>
/// Lanes are independent of one another. The three widths perform the same float32 operations in the same order and never fuse
/// a multiply with an add, hence the same bits. Polynomials: Cephes logf, sinf, cosf (error below 1e-7 on their ranges).
/// </remarks>
internal static class BoxMuller
{
    private const int SqrtHalf = 0x3F3504F3;
    private const float RadiusStep = 1f / (1u << 31);
    private const float AngleStep = (float)(Math.PI / 2 / (1 << 30));

    private const float L0 = 7.0376836292e-2f;
    private const float L1 = -1.1514610310e-1f;
    private const float L2 = 1.1676998740e-1f;
    private const float L3 = -1.2420140846e-1f;
    private const float L4 = 1.4249322787e-1f;
    private const float L5 = -1.6668057665e-1f;
    private const float L6 = 2.0000714765e-1f;
    private const float L7 = -2.4999993993e-1f;
    private const float L8 = 3.3333331174e-1f;
    private const float Ln2 = 0.693147180559945f;

    private const float S0 = -1.9515295891e-4f;
    private const float S1 = 8.3321608736e-3f;
    private const float S2 = -1.6666654611e-1f;
    private const float C0 = 2.443315711809948e-5f;
    private const float C1 = -1.388731625493765e-3f;
    private const float C2 = 4.166664568298827e-2f;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Transform(uint radiusBits, uint angleBits, out float cosine, out float sine)
    {
        int k = (int)(radiusBits >> 1);
        float u = ((float)k + 0.5f) * RadiusStep;
        int bits = BitConverter.SingleToInt32Bits(u) - SqrtHalf;
        int exponent = bits >> 23;
        float mantissa = BitConverter.Int32BitsToSingle((bits & 0x7FFFFF) + SqrtHalf);
        // Near one, u has lost what distinguishes it from one; its distance from one has not.
        float f = exponent == 0 ? ((float)(int.MaxValue - k) + 0.5f) * -RadiusStep : mantissa - 1f;
        float z = f * f;
        float p = ((((((((((((((((L0 * f) + L1) * f) + L2) * f) + L3) * f) + L4) * f) + L5) * f) + L6) * f) + L7) * f) + L8) * f;
        float log = (((p * z) - (z * 0.5f)) + f) + ((float)exponent * Ln2);
        float radius = MathF.Sqrt(log * -2f);

        uint quadrant = (angleBits + 0x20000000) >> 30;
        float t = (float)(int)(angleBits - (quadrant << 30)) * AngleStep;
        float t2 = t * t;
        float s = ((((((S0 * t2) + S1) * t2) + S2) * t2) * t) + t;
        float c = ((((((C0 * t2) + C1) * t2) + C2) * t2) * t2) + (1f - (t2 * 0.5f));
        bool swap = (quadrant & 1) != 0;
        uint cosineBits = BitConverter.SingleToUInt32Bits(radius * (swap ? s : c)) ^ (((quadrant + 1) & 2) << 30);
        uint sineBits = BitConverter.SingleToUInt32Bits(radius * (swap ? c : s)) ^ ((quadrant & 2) << 30);
        cosine = BitConverter.UInt32BitsToSingle(cosineBits);
        sine = BitConverter.UInt32BitsToSingle(sineBits);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Transform(Vector512<uint> radiusBits, Vector512<uint> angleBits, out Vector512<float> cosine, out Vector512<float> sine)
    {
        Vector512<int> k = (radiusBits >>> 1).AsInt32();
        Vector512<float> half = Vector512.Create(0.5f);
        Vector512<float> u = (Vector512.ConvertToSingle(k) + half) * RadiusStep;
        Vector512<int> bits = u.AsInt32() - Vector512.Create(SqrtHalf);
        Vector512<int> exponent = bits >> 23;
        Vector512<float> mantissa = ((bits & Vector512.Create(0x7FFFFF)) + Vector512.Create(SqrtHalf)).AsSingle();
        Vector512<float> near = (Vector512.ConvertToSingle(Vector512.Create(int.MaxValue) - k) + half) * -RadiusStep;
        Vector512<float> f = Vector512.ConditionalSelect(
            Vector512.Equals(exponent, Vector512<int>.Zero).AsSingle(), near, mantissa - Vector512<float>.One);
        Vector512<float> z = f * f;
        Vector512<float> p = (f * L0) + Vector512.Create(L1);
        p = (p * f) + Vector512.Create(L2);
        p = (p * f) + Vector512.Create(L3);
        p = (p * f) + Vector512.Create(L4);
        p = (p * f) + Vector512.Create(L5);
        p = (p * f) + Vector512.Create(L6);
        p = (p * f) + Vector512.Create(L7);
        p = (p * f) + Vector512.Create(L8);
        p *= f;
        Vector512<float> log = (((p * z) - (z * half)) + f) + (Vector512.ConvertToSingle(exponent) * Ln2);
        Vector512<float> radius = Vector512.Sqrt(log * -2f);

        Vector512<uint> quadrant = (angleBits + Vector512.Create(0x20000000u)) >>> 30;
        Vector512<float> t = Vector512.ConvertToSingle((angleBits - (quadrant << 30)).AsInt32()) * AngleStep;
        Vector512<float> t2 = t * t;
        Vector512<float> s = (t2 * S0) + Vector512.Create(S1);
        s = (s * t2) + Vector512.Create(S2);
        s = ((s * t2) * t) + t;
        Vector512<float> c = (t2 * C0) + Vector512.Create(C1);
        c = (c * t2) + Vector512.Create(C2);
        c = ((c * t2) * t2) + (Vector512<float>.One - (t2 * half));
        Vector512<float> swap = Vector512.Equals(quadrant & Vector512<uint>.One, Vector512<uint>.One).AsSingle();
        Vector512<uint> two = Vector512.Create(2u);
        Vector512<uint> cosineSign = ((quadrant + Vector512<uint>.One) & two) << 30;
        Vector512<uint> sineSign = (quadrant & two) << 30;
        cosine = ((radius * Vector512.ConditionalSelect(swap, s, c)).AsUInt32() ^ cosineSign).AsSingle();
        sine = ((radius * Vector512.ConditionalSelect(swap, c, s)).AsUInt32() ^ sineSign).AsSingle();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Transform(Vector256<uint> radiusBits, Vector256<uint> angleBits, out Vector256<float> cosine, out Vector256<float> sine)
    {
        Vector256<int> k = (radiusBits >>> 1).AsInt32();
        Vector256<float> half = Vector256.Create(0.5f);
        Vector256<float> u = (Vector256.ConvertToSingle(k) + half) * RadiusStep;
        Vector256<int> bits = u.AsInt32() - Vector256.Create(SqrtHalf);
        Vector256<int> exponent = bits >> 23;
        Vector256<float> mantissa = ((bits & Vector256.Create(0x7FFFFF)) + Vector256.Create(SqrtHalf)).AsSingle();
        Vector256<float> near = (Vector256.ConvertToSingle(Vector256.Create(int.MaxValue) - k) + half) * -RadiusStep;
        Vector256<float> f = Vector256.ConditionalSelect(
            Vector256.Equals(exponent, Vector256<int>.Zero).AsSingle(), near, mantissa - Vector256<float>.One);
        Vector256<float> z = f * f;
        Vector256<float> p = (f * L0) + Vector256.Create(L1);
        p = (p * f) + Vector256.Create(L2);
        p = (p * f) + Vector256.Create(L3);
        p = (p * f) + Vector256.Create(L4);
        p = (p * f) + Vector256.Create(L5);
        p = (p * f) + Vector256.Create(L6);
        p = (p * f) + Vector256.Create(L7);
        p = (p * f) + Vector256.Create(L8);
        p *= f;
        Vector256<float> log = (((p * z) - (z * half)) + f) + (Vector256.ConvertToSingle(exponent) * Ln2);
        Vector256<float> radius = Vector256.Sqrt(log * -2f);

        Vector256<uint> quadrant = (angleBits + Vector256.Create(0x20000000u)) >>> 30;
        Vector256<float> t = Vector256.ConvertToSingle((angleBits - (quadrant << 30)).AsInt32()) * AngleStep;
        Vector256<float> t2 = t * t;
        Vector256<float> s = (t2 * S0) + Vector256.Create(S1);
        s = (s * t2) + Vector256.Create(S2);
        s = ((s * t2) * t) + t;
        Vector256<float> c = (t2 * C0) + Vector256.Create(C1);
        c = (c * t2) + Vector256.Create(C2);
        c = ((c * t2) * t2) + (Vector256<float>.One - (t2 * half));
        Vector256<float> swap = Vector256.Equals(quadrant & Vector256<uint>.One, Vector256<uint>.One).AsSingle();
        Vector256<uint> two = Vector256.Create(2u);
        Vector256<uint> cosineSign = ((quadrant + Vector256<uint>.One) & two) << 30;
        Vector256<uint> sineSign = (quadrant & two) << 30;
        cosine = ((radius * Vector256.ConditionalSelect(swap, s, c)).AsUInt32() ^ cosineSign).AsSingle();
        sine = ((radius * Vector256.ConditionalSelect(swap, c, s)).AsUInt32() ^ sineSign).AsSingle();
    }
}
