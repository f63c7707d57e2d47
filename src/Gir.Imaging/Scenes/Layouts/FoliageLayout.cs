using Gir.Imaging.Random;
using static Gir.Imaging.Scenes.SceneMath;

namespace Gir.Imaging.Scenes.Layouts;

/// <summary>Fallen and growing leaves over one another, from above.</summary>
internal static class FoliageLayout
{
    public static SceneModel Create(PhiloxRandom random)
    {
        Light light = Props.Daylight(random, random.Uniform(0.05f, 0.12f));
        float autumn = random.Uniform(0, 1);
        var soil = new Material(Pattern.Mottled, new Vec3(0.07f, 0.045f, 0.03f), new Vec3(0.2f, 0.14f, 0.09f), 5, random.NextUInt32() & 0xFFFF)
        {
            Bump = 1,
            BumpScale = 18,
            Openness = 0.5f,
        };
        var shapes = new List<Shape> { new Ground(soil) };
        const int leaves = 1000;
        const float top = 1.3f;
        for (int i = 0; i < leaves; i++)
        {
            // Few leaves are high up.
            float level = random.Uniform(0, 1);
            float height = 0.02f + (top * level * level);
            float size = random.PowerLaw(0.06f, 0.36f);
            float hue = random.NextBoolean(autumn) ? random.Uniform(0.0f, 0.14f) : random.Uniform(0.17f, 0.33f);
            Vec3 a = Hsv(hue, random.Uniform(0.4f, 0.72f), random.Uniform(0.3f, 0.75f));
            var material = new Material(Pattern.LeafVeins, a, a * random.Uniform(0.4f, 0.75f), random.Uniform(0.8f, 1.6f), random.NextUInt32() & 0xFFFF)
            {
                C = Vec3.Mix(a, new Vec3(0.8f, 0.85f, 0.5f), 0.5f),
                Translucency = 0.3f,
                Openness = 0.35f + (0.65f * level),
                Gloss = random.Uniform(0, 0.35f),
                Bump = 0.35f,
                BumpScale = 3,
            };
            Vec3 normal = Props.Near(random, Vec3.Up, 0.65f);
            var center = new Vec3(random.Uniform(-2.4f, 2.4f), height, random.Uniform(-1.4f, 2.8f));
            shapes.Add(Props.Flat(random, material, center, normal, size * random.Uniform(0.42f, 0.62f), size, random.NextBoolean(0.92) ? Outline.Leaf : Outline.Blob));
        }

        (float cosine, float sine) = Turn(random.Uniform(0.17f, 0.22f));
        return new SceneModel(
            new Camera(random.Uniform(2.4f, 3), cosine, sine, random.Uniform(0.38f, 0.5f)), light, Props.Clouded(random), shapes, 20);
    }
}
