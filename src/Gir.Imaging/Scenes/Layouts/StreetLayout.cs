using Gir.Imaging.Random;
using static Gir.Imaging.Scenes.SceneMath;

namespace Gir.Imaging.Scenes.Layouts;

/// <summary>A street in central perspective between two rows of houses.</summary>
internal static class StreetLayout
{
    private const float Far = 62;
    private const float Kerb = 3.4f;

    public static SceneModel Create(PhiloxRandom random)
    {
        Light light = Props.Daylight(random);
        var shapes = new List<Shape>
        {
            new Ground(new Material(Pattern.Road, Props.Gray(0.09f), Props.Gray(0.16f), 1, random.NextUInt32() & 0xFFFF)
            {
                C = Props.Gray(0.75f),
            }),
        };
        float walk = random.Uniform(1.6f, 2.8f);
        foreach (float side in (float[])[-1, 1])
        {
            var slabs = new Material(Pattern.Tiles, Props.Gray(0.34f), Props.Gray(0.27f), 1.4f, random.NextUInt32() & 0xFFFF) { C = Props.Gray(0.13f) };
            shapes.Add(new Box(slabs, new Vec3(side * (Kerb + (walk / 2)), 0.04f, 32), new Vec3(walk / 2, 0.08f, 32)));
            AddHouses(random, shapes, side, Kerb + walk);
            AddFurniture(random, shapes, side, walk);
        }

        AddEnd(random, shapes);
        AddCars(random, shapes);
        (float cosine, float sine) = Turn(random.Uniform(-0.02f, 0.008f));
        return new SceneModel(
            new Camera(random.Uniform(1.5f, 2.6f), cosine, sine, random.Uniform(0.6f, 0.8f)), light, Props.Clouded(random), shapes, Far);
    }

    private static void AddHouses(PhiloxRandom random, List<Shape> shapes, float side, float front)
    {
        for (float z = random.Uniform(1.5f, 4); z < 56;)
        {
            float half = random.Uniform(2.2f, 5);
            float height = random.Uniform(5, 15);
            float setback = random.Uniform(0, 0.6f);
            var wall = new Material(Pattern.Facade, Props.AnyColor(random, 0.3f) * 0.75f, Props.Gray(random.Uniform(0.5f, 0.85f)), random.Uniform(0.35f, 0.6f), random.NextUInt32() & 0xFFFF)
            {
                C = new Vec3(0.4f, 0.5f, 0.65f),
            };
            float x = side * (front + setback + 4);
            shapes.Add(new Box(wall, new Vec3(x, height / 2, z + half), new Vec3(4, height / 2, half)));
            var cornice = new Material(Pattern.Plain, wall.B * 0.8f, wall.B, 2, wall.Seed);
            shapes.Add(new Box(cornice, new Vec3(x, height + 0.12f, z + half), new Vec3(4.25f, 0.16f, half)));
            if (random.NextBoolean(0.6))
            {
                // A shop: a board with lettering above an awning.
                Vec3 ink = random.NextBoolean() ? Props.Gray(0.85f) : Props.Gray(0.04f);
                var board = new Material(Pattern.Text, ink.X > 0.5f ? Props.AnyColor(random, 0.9f) * 0.5f : Props.AnyColor(random, 0.4f), ink, 1.7f, random.NextUInt32() & 0xFFFF);
                shapes.Add(new Box(board, new Vec3(side * (front + setback - 0.05f), 2.9f, z + half), new Vec3(0.1f, 0.35f, half * 0.75f)));
                var cloth = new Material(Pattern.Stripes, Props.AnyColor(random, 1), Props.Gray(0.8f), 1.6f, random.NextUInt32() & 0xFFFF) { Translucency = 0.3f };
                Vec3 slant = new Vec3(side, 0.55f, 0).Unit();
                shapes.Add(new Patch(
                    cloth, new Vec3(side * (front + setback - 0.55f), 2.25f, z + half), new Vec3(0, 0, 1), slant, half * 0.7f, 0.65f, Outline.Rectangle, 1));
            }

            z += (2 * half) + (random.NextBoolean(0.2) ? random.Uniform(0.5f, 2) : 0);
        }
    }

    private static void AddFurniture(PhiloxRandom random, List<Shape> shapes, float side, float walk)
    {
        var iron = new Material(Pattern.Plain, Props.Gray(0.05f), Props.Gray(0.05f), 3, 3) { Gloss = 0.3f };
        var lamp = new Material(Pattern.Plain, Props.Gray(0.9f), Props.Gray(0.9f), 1, 4);
        bool trees = random.NextBoolean(0.6);
        Vec3 green = Vec3.Mix(new Vec3(0.12f, 0.2f, 0.045f), new Vec3(0.33f, 0.2f, 0.05f), random.Uniform(0, 1));
        for (float z = random.Uniform(5, 9); z < 50; z += random.Uniform(7, 10))
        {
            float x = side * (Kerb + 0.35f);
            shapes.Add(new Cylinder(iron, new Vec3(x, 0, z), 0.06f, 4.2f));
            shapes.Add(new Ellipsoid(lamp, new Vec3(x, 4.3f, z), new Vec3(0.2f, 0.25f, 0.2f), ambient: false));
            if (trees && z > 6)
                Props.Tree(random, shapes, new Vec3(side * (Kerb + (walk * 0.45f)), 0.1f, z + 3.5f), random.Uniform(3.2f, 5), green);
            // Someone walking: a coat, a head.
            if (random.NextBoolean(0.7))
            {
                float px = side * (Kerb + random.Uniform(0.5f, walk - 0.3f));
                float pz = z + random.Uniform(0.5f, 3);
                Vec3 coat = Props.AnyColor(random, 0.8f) * 0.6f;
                shapes.Add(new Ellipsoid(new Material(Pattern.Mottled, coat, coat * 0.6f, 4, 8), new Vec3(px, 0.95f, pz), new Vec3(0.24f, 0.55f, 0.18f)));
                shapes.Add(new Cylinder(new Material(Pattern.Plain, coat * 0.4f, coat, 4, 9), new Vec3(px, 0.1f, pz), 0.13f, 0.6f));
                shapes.Add(new Ellipsoid(
                    new Material(Pattern.Plain, new Vec3(0.45f, 0.28f, 0.2f) * random.Uniform(0.4f, 1.2f), coat, 3, 9), new Vec3(px, 1.62f, pz), new Vec3(0.11f, 0.14f, 0.12f), ambient: false));
            }
        }
    }

    private static void AddEnd(PhiloxRandom random, List<Shape> shapes)
    {
        var wall = new Material(Pattern.Facade, Props.AnyColor(random, 0.25f) * 0.8f, Props.Gray(0.7f), 0.45f, random.NextUInt32() & 0xFFFF)
        {
            C = new Vec3(0.4f, 0.5f, 0.65f),
        };
        shapes.Add(new Box(wall, new Vec3(random.Uniform(-3, 3), 4, 60), new Vec3(9, random.Uniform(3, 5), 2)));
        shapes.Add(new Cylinder(wall with { Scale = 0.6f }, new Vec3(random.Uniform(-6, 6), 0, 58), 1.8f, random.Uniform(10, 17)));
    }

    private static void AddCars(PhiloxRandom random, List<Shape> shapes)
    {
        var glass = new Material(Pattern.Plain, new Vec3(0.05f, 0.07f, 0.09f), Props.Gray(0), 1, 1) { Gloss = 0.8f };
        var rubber = new Material(Pattern.Plain, Props.Gray(0.03f), Props.Gray(0.03f), 3, 2);
        foreach (float side in (float[])[-1, 1])
        {
            for (float z = random.Uniform(5, 14); z < 48; z += random.Uniform(5, 15))
            {
                var paint = new Material(Pattern.Plain, Props.AnyColor(random, 1), Props.Gray(0.5f), 0.4f, 7) { Gloss = 0.6f };
                float x = side * (Kerb - 1.05f);
                shapes.Add(new Box(paint, new Vec3(x, 0.55f, z), new Vec3(0.8f, 0.3f, 1.9f)));
                shapes.Add(new Ellipsoid(paint, new Vec3(x, 0.8f, z), new Vec3(0.78f, 0.2f, 1.8f), ambient: false));
                shapes.Add(new Ellipsoid(glass, new Vec3(x, 0.95f, z + 0.1f), new Vec3(0.72f, 0.5f, 1.15f), ambient: false));
                shapes.Add(new Ellipsoid(paint, new Vec3(x, 1.38f, z + 0.1f), new Vec3(0.55f, 0.1f, 0.75f), ambient: false));
                var light = new Material(Pattern.Plain, side < 0 ? Props.Gray(0.9f) : new Vec3(0.6f, 0.03f, 0.02f), rubber.A, 1, 1) { Gloss = 0.5f };
                foreach (float edge in (float[])[-0.58f, 0.58f])
                    shapes.Add(new Ellipsoid(light, new Vec3(x + edge, 0.62f, z - 1.88f), new Vec3(0.14f, 0.08f, 0.05f), ambient: false));
                foreach (float axle in (float[])[-1.2f, 1.2f])
                {
                    shapes.Add(new Ellipsoid(rubber, new Vec3(x - 0.72f, 0.32f, z + axle), new Vec3(0.12f, 0.33f, 0.33f), ambient: false));
                    shapes.Add(new Ellipsoid(rubber, new Vec3(x + 0.72f, 0.32f, z + axle), new Vec3(0.12f, 0.33f, 0.33f), ambient: false));
                }
            }
        }
    }
}
