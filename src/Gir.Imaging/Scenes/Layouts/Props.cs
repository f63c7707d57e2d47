using Gir.Imaging.Random;
using static Gir.Imaging.Scenes.SceneMath;

namespace Gir.Imaging.Scenes.Layouts;

/// <summary>Things that several layouts use.</summary>
internal static class Props
{
    public static Vec3 Gray(float level) => new(level, level, level);

    /// <summary>Daylight from behind or beside the camera.</summary>
    public static Light Daylight(PhiloxRandom random, float softness = 0.02f)
    {
        (float cosine, float sine) = Turn(random.Uniform(0.52f, 0.98f));
        float height = random.Uniform(0.45f, 1.1f);
        float warmth = random.Uniform(0, 1);
        return new Light(
            new Vec3(cosine, height, sine * 0.9f).Unit(),
            Vec3.Mix(new Vec3(2.6f, 2.45f, 2.2f), new Vec3(2.9f, 2.2f, 1.45f), warmth),
            new Vec3(0.55f, 0.68f, 0.9f) * random.Uniform(0.7f, 1f),
            new Vec3(0.28f, 0.25f, 0.2f),
            softness);
    }

    public static Sky Clouded(PhiloxRandom random)
    {
        float dusk = random.Uniform(0, 1);
        dusk *= dusk;
        return new Sky(
            Vec3.Mix(new Vec3(0.75f, 0.85f, 1f), new Vec3(1.05f, 0.72f, 0.5f), dusk),
            Vec3.Mix(new Vec3(0.16f, 0.33f, 0.75f), new Vec3(0.2f, 0.25f, 0.5f), dusk),
            Vec3.Mix(Gray(1.15f), new Vec3(1.2f, 0.95f, 0.8f), dusk),
            random.Uniform(0.4f, 0.62f),
            random.NextUInt32());
    }

    public static Vec3 AnyColor(PhiloxRandom random, float saturation = 0.6f)
    {
        // Natural hues cluster between red and yellow, and strong saturation is rare.
        float hue = random.NextBoolean(0.6) ? random.Uniform(-0.03f, 0.17f) : random.Uniform(0.17f, 0.97f);
        float s = random.Uniform(0, 1);
        return Hsv(hue, saturation * s, random.Uniform(0.25f, 0.95f));
    }

    /// <summary>Any texture for a thing of size about one.</summary>
    public static Material AnyTexture(PhiloxRandom random)
    {
        Pattern[] patterns =
        [
            Pattern.Plain, Pattern.Mottled, Pattern.Mottled, Pattern.Stripes, Pattern.Checks, Pattern.Dots, Pattern.Bricks, Pattern.Planks,
            Pattern.Text, Pattern.Skin, Pattern.Bark,
        ];
        Pattern pattern = patterns[random.NextInteger(0, patterns.Length - 1)];
        Vec3 a = AnyColor(random);
        Vec3 b = pattern is Pattern.Planks or Pattern.Bark ? a * random.Uniform(0.4f, 0.7f) : AnyColor(random);
        (a, b) = pattern == Pattern.Text ? (Gray(0.8f) * AnyColor(random, 0.15f), Gray(0.03f)) : (a, b);
        float scale = pattern switch
        {
            Pattern.Plain or Pattern.Mottled or Pattern.Skin => random.Uniform(1, 3),
            Pattern.Text => random.Uniform(5, 10),
            Pattern.Planks => random.Uniform(1.5f, 3),
            _ => random.Uniform(2, 6),
        };
        return new Material(pattern, a, b, scale, random.NextUInt32() & 0xFFFF) { C = Gray(0.35f), Gloss = random.Uniform(0, 0.25f) };
    }

    /// <summary>A unit vector within a cone about another.</summary>
    public static Vec3 Near(PhiloxRandom random, Vec3 axis, float spread)
    {
        (float cosine, float sine) = Turn(random.Uniform(0, 1));
        float radius = spread * MathF.Sqrt(random.Uniform(0, 1));
        Vec3 side = axis.Perpendicular();
        return (axis + (side * (cosine * radius)) + (Vec3.Cross(axis, side) * (sine * radius))).Unit();
    }

    /// <summary>A flat piece with a given normal and a random direction in its plane.</summary>
    public static Patch Flat(
        PhiloxRandom random, Material material, Vec3 center, Vec3 normal, float width, float length, Outline outline)
    {
        (float cosine, float sine) = Turn(random.Uniform(0, 1));
        Vec3 side = normal.Perpendicular();
        Vec3 along = (side * cosine) + (Vec3.Cross(normal, side) * sine);
        return new Patch(material, center, Vec3.Cross(normal, along), along, width, length, outline, random.NextUInt32());
    }

    public static void Tree(PhiloxRandom random, List<Shape> shapes, Vec3 foot, float height, Vec3 leaf)
    {
        uint seed = random.NextUInt32() & 0xFFFF;
        float trunk = height * random.Uniform(0.3f, 0.45f);
        var bark = new Material(Pattern.Bark, new Vec3(0.16f, 0.11f, 0.07f), new Vec3(0.05f, 0.035f, 0.025f), 4 / height, seed) { Bump = 0.6f };
        shapes.Add(new Cylinder(bark, foot, height * 0.035f, trunk * 1.3f));
        int clumps = random.NextInteger(4, 7);
        // Farther trees need fewer leaves for the same look.
        int leaves = (int)Math.Clamp(420 / MathF.Max(foot.Z * 0.3f, 1), 40, 220);
        for (int i = 0; i < clumps; i++)
        {
            float radius = height * random.Uniform(0.15f, 0.24f);
            (float cosine, float sine) = Turn((i + random.Uniform(0, 0.7f)) / clumps);
            float out_ = i == 0 ? 0 : height * random.Uniform(0.1f, 0.2f);
            float lift = i == 0 ? height * 0.75f : height * random.Uniform(0.48f, 0.72f);
            Vec3 center = foot + new Vec3(cosine * out_, lift, sine * out_);
            Vec3 color = leaf * random.Uniform(0.75f, 1.2f);
            shapes.Add(new Ellipsoid(
                new Material(Pattern.Mottled, color * 0.3f, color * 0.75f, 9 / radius * 0.25f, seed + (uint)i) { Bump = 1.6f, BumpScale = 6 / radius },
                center,
                new Vec3(radius, radius * 0.85f, radius) * 0.9f));
            for (int k = 0; k < leaves / clumps; k++)
            {
                Vec3 direction = new Vec3(random.Uniform(-1, 1), random.Uniform(-0.8f, 1), random.Uniform(-1, 0.6f)).Unit();
                float size = radius * random.PowerLaw(0.1f, 0.35f);
                Vec3 tone = color * random.Uniform(0.6f, 1.35f);
                var material = new Material(Pattern.Mottled, tone * 0.7f, tone, 1.5f, seed + (uint)k)
                {
                    Openness = 0.55f + (0.45f * Clamp01(direction.Y + 0.4f)),
                    Translucency = 0.25f,
                };
                shapes.Add(Flat(
                    random, material, center + (direction * (radius * random.Uniform(0.85f, 1.05f))), Near(random, direction, 1.2f), size, size * 1.3f, Outline.Blob));
            }
        }
    }
}
