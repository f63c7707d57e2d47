using Gir.Imaging.Random;
using static Gir.Imaging.Scenes.SceneMath;

namespace Gir.Imaging.Scenes.Layouts;

/// <summary>A pebble beach, looked down upon.</summary>
internal static class PebblesLayout
{
    public static SceneModel Create(PhiloxRandom random)
    {
        Light light = Props.Daylight(random, random.Uniform(0.03f, 0.09f));
        float tone = random.Uniform(0.2f, 0.42f);
        var sand = new Material(Pattern.Mottled, new Vec3(tone, tone * 0.85f, tone * 0.65f), new Vec3(tone, tone * 0.8f, tone * 0.55f) * 0.6f, 3, random.NextUInt32() & 0xFFFF)
        {
            Bump = 0.8f,
            BumpScale = 30,
        };
        var shapes = new List<Shape> { new Ground(sand) };
        Vec3 family = Props.AnyColor(random, 0.35f) * 0.7f;
        const int stones = 3600;
        for (int i = 0; i < stones; i++)
        {
            float z = random.Uniform(0.1f, 3.4f);
            float r = random.PowerLaw(0.016f, 0.2f);
            float x = random.Uniform(-0.75f, 0.75f) * (z + 0.9f);
            Vec3 stone = Vec3.Mix(family, Props.AnyColor(random, 0.45f) * random.Uniform(0.3f, 0.9f), 0.6f);
            bool banded = random.NextBoolean(0.2);
            var material = new Material(
                banded ? Pattern.Stripes : Pattern.Mottled, stone, stone * random.Uniform(0.35f, 0.8f), random.Uniform(0.6f, 2) / r, random.NextUInt32() & 0xFFFF)
            {
                Bump = random.Uniform(0.2f, 0.9f),
                BumpScale = 9 / r,
                Gloss = random.NextBoolean(0.3) ? 0.35f : 0.05f,
            };
            var radii = new Vec3(r * random.Uniform(0.75f, 1.2f), r * random.Uniform(0.4f, 0.75f), r * random.Uniform(0.75f, 1.2f));
            shapes.Add(new Ellipsoid(material, new Vec3(x, radii.Y * random.Uniform(0.3f, 0.95f), z), radii));
        }

        for (int i = 0; i < 40; i++)
        {
            float size = random.PowerLaw(0.02f, 0.12f);
            var shard = new Material(Pattern.Plain, Props.AnyColor(random, 0.8f), Props.Gray(0.3f), 2, (uint)i) { Gloss = 0.4f };
            shapes.Add(Props.Flat(
                random, shard, new Vec3(random.Uniform(-1.2f, 1.2f), 0.12f, random.Uniform(0.2f, 2.5f)), Props.Near(random, Vec3.Up, 0.5f), size, size, Outline.Polygon));
        }

        (float cosine, float sine) = Turn(random.Uniform(0.11f, 0.17f));
        return new SceneModel(
            new Camera(random.Uniform(1, 1.4f), cosine, sine, random.Uniform(0.42f, 0.52f)), light, Props.Clouded(random), shapes, 20);
    }
}
