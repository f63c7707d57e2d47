namespace Gir.Imaging.Scenes;

/// <summary>A camera at a height above the ground, pitched downwards.</summary>
/// <param name="Height">Height of the eye above the plane y = 0.</param>
/// <param name="PitchCosine">Cosine of the downward pitch.</param>
/// <param name="PitchSine">Sine of the downward pitch.</param>
/// <param name="Field">Tangent of half the field of view along the longer side.</param>
internal sealed record Camera(float Height, float PitchCosine, float PitchSine, float Field)
{
    public Vec3 Eye => new(0, Height, 0);

    /// <summary>The ray through a point of the image plane; right and up are tangents.</summary>
    public Ray Through(float right, float up) => new(
        Eye, new Vec3(right, (up * PitchCosine) - PitchSine, PitchCosine + (up * PitchSine)));

    /// <summary>World to camera coordinates: right, up, depth.</summary>
    public Vec3 ToCamera(Vec3 p)
    {
        Vec3 v = p - Eye;
        return new Vec3(v.X, (v.Y * PitchCosine) + (v.Z * PitchSine), (v.Z * PitchCosine) - (v.Y * PitchSine));
    }
}

/// <summary>Sun and sky; colors in linear light.</summary>
/// <param name="Direction">Unit vector towards the sun (or the window).</param>
/// <param name="Sun">Its color and strength.</param>
/// <param name="Sky">Light from above.</param>
/// <param name="Bounce">Light from below.</param>
/// <param name="Softness">Tangent of half the sun's angular size, widened for softer shadows.</param>
internal sealed record Light(Vec3 Direction, Vec3 Sun, Vec3 Sky, Vec3 Bounce, float Softness);

/// <summary>Colors of the sky and amount of cloud.</summary>
internal sealed record Sky(Vec3 Horizon, Vec3 Zenith, Vec3 Cloud, float Cover, uint Seed)
{
    public Vec3 Towards(Vec3 direction, Light light, float footprint)
    {
        Vec3 d = direction.Unit();
        float elevation = MathF.Max(d.Y, 0);
        Vec3 color = Vec3.Mix(Horizon, Zenith, SceneMath.Clamp01(MathF.Sqrt(elevation) * 1.2f));
        float glow = MathF.Max(0, Vec3.Dot(d, light.Direction));
        glow *= glow;
        glow *= glow;
        color += light.Sun * (0.12f * glow * glow);
        // Clouds lie on a plane; towards the horizon they flatten and thin out.
        float scale = 1.2f / (elevation + 0.12f);
        (float x, float y) = (d.X * scale, d.Z * scale);
        float width = footprint * scale * 3;
        float density = Noise.Fractal(x, y * 1.7f, Seed, width, 8, 0.58f);
        float cloud = SceneMath.Step(Cover, Cover + 0.28f, density) * SceneMath.Step(0, 0.12f, elevation);
        if (cloud <= 0)
            return color;
        float shade = 0.72f + (0.5f * Noise.Fractal((x * 1.3f) - 0.2f, (y * 1.7f) - 0.2f, Seed + 33, width, 7));
        return Vec3.Mix(color, Cloud * shade, cloud * 0.92f);
    }
}

/// <summary>Everything there is to see.</summary>
/// <param name="Camera">Where from.</param>
/// <param name="Light">By what light.</param>
/// <param name="Sky">Before what sky.</param>
/// <param name="Shapes">The surfaces; a ray that hits none sees the sky.</param>
/// <param name="Far">Depth beyond which everything counts as equally far.</param>
internal sealed record SceneModel(Camera Camera, Light Light, Sky Sky, IReadOnlyList<Shape> Shapes, float Far);
