using System.Runtime.CompilerServices;

namespace Gir.Imaging.Scenes;

/// <summary>Value noise on integer lattices, and sums of its octaves with a power-law spectrum.</summary>
internal static class Noise
{
    /// <summary>Uniform in [0, 1) for a lattice point.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Hash(int x, int y, uint seed) => (Bits(x, y, 0, seed) >> 8) * (1f / (1 << 24));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Bits(int x, int y, int z, uint seed)
    {
        uint h = ((uint)x * 0x8DA6B343) ^ ((uint)y * 0xD8163841) ^ ((uint)z * 0xCB1AB31F) ^ (seed * 0x9E3779B9);
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
        float top = SceneMath.Mix(Hash(xi, yi, seed), Hash(xi + 1, yi, seed), fx);
        float bottom = SceneMath.Mix(Hash(xi, yi + 1, seed), Hash(xi + 1, yi + 1, seed), fx);
        return SceneMath.Mix(top, bottom, fy);
    }

    public static float Space(Vec3 p, uint seed)
    {
        (int x, int y, int z) = (SceneMath.Floor(p.X), SceneMath.Floor(p.Y), SceneMath.Floor(p.Z));
        (float fx, float fy, float fz) = (Ease(p.X - x), Ease(p.Y - y), Ease(p.Z - z));
        float near = Layer(z);
        return near + ((Layer(z + 1) - near) * fz);

        float Layer(int zi)
        {
            float top = SceneMath.Mix(Value(x, y, zi), Value(x + 1, y, zi), fx);
            float bottom = SceneMath.Mix(Value(x, y + 1, zi), Value(x + 1, y + 1, zi), fx);
            return SceneMath.Mix(top, bottom, fy);
        }

        float Value(int xi, int yi, int zi) => (Bits(xi, yi, zi, seed) >> 8) * (1f / (1 << 24));
    }

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

    private static float Ease(float t) => t * t * t * ((t * ((t * 6) - 15)) + 10);
}
