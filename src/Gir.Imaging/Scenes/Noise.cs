using System.Runtime.CompilerServices;

namespace Gir.Imaging.Scenes;

/// <summary>Value noise on integer lattices, and sums of its octaves with a power-law spectrum.</summary>
internal static class Noise
{
    private const uint PrimeX = 0x8DA6B343;
    private const uint PrimeY = 0xD8163841;
    private const uint PrimeZ = 0xCB1AB31F;
    private const uint PrimeSeed = 0x9E3779B9;

    /// <summary>Uniform in [0, 1) for a lattice point.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Hash(int x, int y, uint seed) => (int)(Bits(x, y, 0, seed) >> 8) * (1f / (1 << 24));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Bits(int x, int y, int z, uint seed)
    {
        uint h = ((uint)x * PrimeX) ^ ((uint)y * PrimeY) ^ ((uint)z * PrimeZ) ^ (seed * PrimeSeed);
        h ^= h >> 15;
        h *= 0x2C1B3C6D;
        h ^= h >> 12;
        h *= 0x297A2D39;
        return h ^ (h >> 15);
    }

    public static float Plane(float x, float y, uint seed)
    {
        (int xi, int yi) = (SceneMath.Floor(x), SceneMath.Floor(y));
        (float fx, float fy) = (Ease(x - xi), Ease(y - yi));
        (uint left, uint right) = ((uint)xi * PrimeX, ((uint)xi * PrimeX) + PrimeX);
        uint row = ((uint)yi * PrimeY) ^ (seed * PrimeSeed);
        uint next = (((uint)yi * PrimeY) + PrimeY) ^ (seed * PrimeSeed);
        float top = SceneMath.Mix(Value(left ^ row), Value(right ^ row), fx);
        float bottom = SceneMath.Mix(Value(left ^ next), Value(right ^ next), fx);
        return SceneMath.Mix(top, bottom, fy);
    }

    public static float Space(Vec3 p, uint seed)
    {
        (int x, int y, int z) = (SceneMath.Floor(p.X), SceneMath.Floor(p.Y), SceneMath.Floor(p.Z));
        (float fx, float fy, float fz) = (Ease(p.X - x), Ease(p.Y - y), Ease(p.Z - z));
        (uint left, uint right) = ((uint)x * PrimeX, ((uint)x * PrimeX) + PrimeX);
        (uint row, uint next) = ((uint)y * PrimeY, ((uint)y * PrimeY) + PrimeY);
        uint front = ((uint)z * PrimeZ) ^ (seed * PrimeSeed);
        uint back = (((uint)z * PrimeZ) + PrimeZ) ^ (seed * PrimeSeed);
        float near = SceneMath.Mix(
            SceneMath.Mix(Value(left ^ row ^ front), Value(right ^ row ^ front), fx),
            SceneMath.Mix(Value(left ^ next ^ front), Value(right ^ next ^ front), fx),
            fy);
        float far = SceneMath.Mix(
            SceneMath.Mix(Value(left ^ row ^ back), Value(right ^ row ^ back), fx),
            SceneMath.Mix(Value(left ^ next ^ back), Value(right ^ next ^ back), fx),
            fy);
        return SceneMath.Mix(near, far, fz);
    }

    /// <summary>Three noises in [-1/2, 1/2) that vary in all directions; each is one of the plane, drawn along a slant.</summary>
    public static Vec3 Vector(Vec3 p, uint seed) => new(
        Plane(p.X + (p.Z * 0.37f), p.Y + (p.Z * 0.71f), seed) - 0.5f,
        Plane(p.Y + (p.X * 0.41f), p.Z + (p.X * 0.67f), seed + 1) - 0.5f,
        Plane(p.Z + (p.Y * 0.43f), p.X + (p.Y * 0.73f), seed + 2) - 0.5f);

    /// <summary>
    /// Octaves from wavelength one down to the footprint of a sample, amplitudes proportional to the wavelength (power spectrum ~ 1/f^2 per
    /// dimension); about 0..1 around 1/2.
    /// </summary>
    public static float Fractal(float x, float y, uint seed, float footprint, int octaves = 6, float gain = 0.55f)
    {
        (float sum, float amplitude, float wavelength) = (0, 0.9f, 1);
        for (int o = 0; o < octaves && wavelength > footprint; o++)
        {
            // Fading an octave out as it nears the footprint keeps distant surfaces from flickering between samples.
            float visible = MathF.Min(1, (wavelength / footprint) - 1);
            sum += amplitude * visible * (Plane(x, y, seed + (uint)o) - 0.5f);
            // Twice the frequency and a turn, so that the lattices do not line up.
            (x, y) = ((1.6f * x) - (1.2f * y), (1.2f * x) + (1.6f * y));
            amplitude *= gain;
            wavelength *= 0.5f;
        }

        return 0.5f + sum;
    }

    /// <summary>As <see cref="Fractal(float, float, uint, float, int, float)"/>, in space.</summary>
    public static float Fractal(Vec3 p, uint seed, float footprint, int octaves = 5, float gain = 0.55f)
    {
        (float sum, float amplitude, float wavelength) = (0, 0.9f, 1);
        for (int o = 0; o < octaves && wavelength > footprint; o++)
        {
            float visible = MathF.Min(1, (wavelength / footprint) - 1);
            sum += amplitude * visible * (Space(p, seed + (uint)o) - 0.5f);
            p = new Vec3((1.6f * p.X) - (1.2f * p.Y), (1.2f * p.X) + (1.6f * p.Y), (2 * p.Z) + 17);
            amplitude *= gain;
            wavelength *= 0.5f;
        }

        return 0.5f + sum;
    }

    // One multiplication mixes the upper bits enough for noise.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Value(uint lattice)
    {
        lattice ^= lattice >> 15;
        lattice *= 0x2C1B3C6D;
        return (int)(lattice >> 8) * (1f / (1 << 24));
    }

    private static float Ease(float t) => t * t * t * ((t * ((t * 6) - 15)) + 10);
}
