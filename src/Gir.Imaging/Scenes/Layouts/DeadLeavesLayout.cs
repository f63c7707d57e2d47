using Gir.Imaging.Random;

namespace Gir.Imaging.Scenes.Layouts;

/// <summary>The dead-leaves model with depth: textured shapes of power-law sizes between the camera and a wall.</summary>
internal static class DeadLeavesLayout
{
    private const float Near = 1.2f;
    private const float Back = 6;

    public static SceneModel Create(PhiloxRandom random)
    {
        Light light = Props.Daylight(random, random.Uniform(0.05f, 0.2f));
        light = light with { Direction = new Vec3(light.Direction.X * 0.6f, 0.6f, -0.8f).Unit() };
        float field = random.Uniform(0.45f, 0.6f);
        var shapes = new List<Shape> { new Wall(Props.AnyTexture(random) with { Scale = 1.5f }, Back) };
        const int leaves = 1300;
        for (int i = 0; i < leaves; i++)
        {
            // Nearer things are rarer, or they would hide all others.
            float depth = random.Uniform(0, 1);
            float z = Near + ((Back - 0.1f - Near) * (1 - (depth * depth * depth)));
            float size = random.PowerLaw(0.035f, 0.8f) * z * 0.25f;
            var center = new Vec3(random.Uniform(-1.15f, 1.15f) * field * z, random.Uniform(-1.05f, 1.05f) * field * z, z);
            Outline[] outlines = [Outline.Disc, Outline.Disc, Outline.Rectangle, Outline.Blob, Outline.Polygon, Outline.Polygon, Outline.Leaf];
            Outline outline = outlines[random.NextInteger(0, outlines.Length - 1)];
            Material material = Props.AnyTexture(random) with { Openness = 0.6f + (0.4f * depth) };
            Vec3 normal = Props.Near(random, new Vec3(0, 0, -1), 0.4f);
            if (outline == Outline.Disc && random.NextBoolean(0.3))
                shapes.Add(new Ellipsoid(material with { Scale = material.Scale / size }, center, new Vec3(size, size * random.Uniform(0.6f, 1), size * 0.5f)));
            else
                shapes.Add(Props.Flat(random, material, center, normal, size * random.Uniform(0.5f, 1), size, outline));
        }

        return new SceneModel(new Camera(0, 1, 0, field), light, Props.Clouded(random), shapes, 20);
    }
}
