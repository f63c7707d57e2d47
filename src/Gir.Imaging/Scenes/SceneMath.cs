using System.Runtime.CompilerServices;
using Gir.Imaging.Random;

namespace Gir.Imaging.Scenes;

/// <summary>Elementary functions made of + - * / and square roots, which give the same bits everywhere.</summary>
internal static class SceneMath
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Floor(float x)
    {
        int i = (int)x;
        return x < i ? i - 1 : i;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Fraction(float x) => x - Floor(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Clamp01(float x) => x < 0 ? 0 : x > 1 ? 1 : x;

    /// <summary>0 below the first edge, 1 above the second, a cubic between.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Step(float from, float to, float x)
    {
        float t = Clamp01((x - from) / (to - from));
        return t * t * (3 - (2 * t));
    }

    public static float Mix(float a, float b, float t) => a + ((b - a) * t);

    /// <summary>Cosine and sine of a fraction of a full turn, to about 1e-4, on the unit circle.</summary>
    public static (float Cosine, float Sine) Turn(float fraction)
    {
        float x = fraction - Floor(fraction + 0.5f);
        float sine = Sine(x);
        float cosine = Sine(0.25f - MathF.Abs(x));
        float length = MathF.Sqrt((sine * sine) + (cosine * cosine));
        return (cosine / length, sine / length);

        static float Sine(float x)
        {
            x = x > 0.25f ? 0.5f - x : x < -0.25f ? -0.5f - x : x;
            float t = x * 6.2831853f;
            float t2 = t * t;
            return t * (1 - (t2 / 6 * (1 - (t2 / 20 * (1 - (t2 / 42))))));
        }
    }

    /// <summary>sRGB encoding to 0.002, from square roots alone.</summary>
    public static float Encode(float linear)
    {
        float s1 = MathF.Sqrt(linear);
        float s2 = MathF.Sqrt(s1);
        float s3 = MathF.Sqrt(s2);
        return linear < 0.0031308f ? linear * 12.92f : (0.585122381f * s1) + (0.783140355f * s2) - (0.368262736f * s3);
    }

    /// <summary>A linear-light color from hue (fraction of a turn), saturation and value.</summary>
    public static Vec3 Hsv(float hue, float saturation, float value)
    {
        float h = Fraction(hue) * 6;
        var pure = new Vec3(Clamp01(MathF.Abs(h - 3) - 1), Clamp01(2 - MathF.Abs(h - 2)), Clamp01(2 - MathF.Abs(h - 4)));
        Vec3 encoded = Vec3.Mix(new Vec3(1, 1, 1), pure, saturation) * value;
        // A square is close enough to decoding here.
        return encoded * encoded;
    }

    public static float Uniform(this PhiloxRandom random, float minimum, float maximum) =>
        minimum + ((maximum - minimum) * (int)(random.NextUInt32() >> 8) * (1f / (1 << 24)));

    /// <summary>Sizes with density proportional to size^-3, the law of objects in natural images and of scale invariance.</summary>
    public static float PowerLaw(this PhiloxRandom random, float minimum, float maximum)
    {
        float ratio = minimum / maximum;
        return minimum / MathF.Sqrt(1 - (random.Uniform(0, 1) * (1 - (ratio * ratio))));
    }
}
