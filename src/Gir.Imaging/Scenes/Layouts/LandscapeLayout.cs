using Gir.Imaging.Random;
using static Gir.Imaging.Scenes.SceneMath;

namespace Gir.Imaging.Scenes.Layouts;

/// <summary>A meadow with a path, trees, rocks and perhaps a house before mountains.</summary>
internal static class LandscapeLayout
{
    private const float Far = 60;

    public static SceneModel Create(PhiloxRandom random)
    {
        Light light = Props.Daylight(random);
        float season = random.Uniform(0, 1);
        Vec3 green = Vec3.Mix(new Vec3(0.12f, 0.2f, 0.045f), new Vec3(0.28f, 0.23f, 0.07f), season * season);
        var shapes = new List<Shape>
        {
            new Ground(new Material(Pattern.Meadow, green, Vec3.Mix(green, new Vec3(0.3f, 0.3f, 0.1f), 0.5f), 1, random.NextUInt32() & 0xFFFF)
            {
                C = new Vec3(0.3f, 0.23f, 0.15f),
                Bump = 0.7f,
                BumpScale = 5,
            }),
        };
        AddRidges(random, shapes, green);
        if (random.NextBoolean(0.6))
            AddHouse(random, shapes);
        int trees = random.NextInteger(5, 9);
        for (int i = 0; i < trees; i++)
        {
            float z = random.Uniform(5.5f, 34);
            float side = random.NextBoolean() ? 1 : -1;
            float x = side * random.Uniform(0.14f, 0.62f) * z;
            Props.Tree(random, shapes, new Vec3(x, 0, z), random.Uniform(2.6f, 5.5f), green * random.Uniform(0.7f, 1.3f));
        }

        AddHedge(random, shapes, green);
        AddRocks(random, shapes);
        AddTufts(random, shapes, green);
        (float cosine, float sine) = Turn(random.Uniform(-0.005f, 0.02f));
        return new SceneModel(
            new Camera(random.Uniform(1.4f, 2.2f), cosine, sine, random.Uniform(0.5f, 0.66f)), light, Props.Clouded(random), shapes, Far);
    }

    private static void AddRidges(PhiloxRandom random, List<Shape> shapes, Vec3 green)
    {
        int ridges = random.NextInteger(2, 3);
        for (int i = 0; i < ridges; i++)
        {
            // Farther ranges are higher and bluer.
            float back = (i + 1f) / ridges;
            Vec3 air = new Vec3(0.3f, 0.4f, 0.58f);
            Vec3 low = Vec3.Mix(green * 0.7f, air, 0.15f + (0.5f * back));
            Vec3 rock = Vec3.Mix(new Vec3(0.3f, 0.27f, 0.24f), air, 0.15f + (0.5f * back));
            Vec3 peak = back > 0.9f && random.NextBoolean() ? Props.Gray(0.9f) : rock * 1.2f;
            float distance = 40 + (18 * back);
            shapes.Add(new Ridge(
                new Material(Pattern.Mountain, low, rock, 0.35f, random.NextUInt32() & 0xFFFF) { C = peak },
                distance,
                1 + back,
                random.Uniform(4, 7) + (7 * back),
                random.Uniform(9, 16),
                random.NextUInt32() & 0xFFFF));
        }
    }

    private static void AddHouse(PhiloxRandom random, List<Shape> shapes)
    {
        float z = random.Uniform(11, 20);
        float x = random.Uniform(0.15f, 0.4f) * z * (random.NextBoolean() ? 1 : -1);
        (float hw, float hh, float hd) = (random.Uniform(1.6f, 2.4f), random.Uniform(1.1f, 1.7f), 1.6f);
        var wall = new Material(Pattern.Facade, Props.AnyColor(random, 0.3f) * 0.8f, Props.Gray(0.8f), 0.75f, random.NextUInt32() & 0xFFFF)
        {
            C = new Vec3(0.25f, 0.32f, 0.42f),
        };
        shapes.Add(new Box(wall, new Vec3(x, hh, z), new Vec3(hw, hh, hd)));
        var tiles = new Material(Pattern.Bricks, new Vec3(0.4f, 0.13f, 0.07f), new Vec3(0.28f, 0.1f, 0.06f), 3.5f, random.NextUInt32() & 0xFFFF)
        {
            C = Props.Gray(0.05f),
        };
        float rise = hd * 0.8f;
        float slope = MathF.Sqrt((hd * hd) + (rise * rise)) / 2;
        foreach (float side in (float[])[-1, 1])
        {
            Vec3 up = new Vec3(0, rise, -side * hd).Unit();
            shapes.Add(new Patch(
                tiles,
                new Vec3(x, (2 * hh) + (rise / 2), z + (side * hd / 2)),
                new Vec3(1, 0, 0),
                up,
                hw * 1.1f,
                slope * 1.1f,
                Outline.Rectangle,
                1));
        }

        var gable = new Material(Pattern.Plain, wall.A, wall.A, 1.5f, wall.Seed);
        foreach (float side in (float[])[-1, 1])
        {
            shapes.Add(new Patch(
                gable, new Vec3(x + (side * hw), (2 * hh) + (rise / 2), z), new Vec3(0, 0, 1), Vec3.Up, hd, rise / 2, Outline.Triangle, 1));
        }

        shapes.Add(new Box(
            new Material(Pattern.Bricks, tiles.A, tiles.B, 4, 5) { C = Props.Gray(0.3f) },
            new Vec3(x + (hw * 0.5f), (2 * hh) + rise, z),
            new Vec3(0.22f, 0.5f, 0.22f)));
    }

    private static void AddHedge(PhiloxRandom random, List<Shape> shapes, Vec3 green)
    {
        // A line of bushes half-way hides where the meadow ends.
        for (int i = 0; i < 26; i++)
        {
            float r = random.PowerLaw(0.5f, 2.2f);
            Vec3 tone = green * random.Uniform(0.5f, 1.1f);
            shapes.Add(new Ellipsoid(
                new Material(Pattern.Mottled, tone * 0.35f, tone, 2.5f, random.NextUInt32() & 0xFFFF) { Bump = 1.5f, BumpScale = 3 },
                new Vec3(random.Uniform(-26, 26), r * 0.4f, random.Uniform(30, 38)),
                new Vec3(r * 1.3f, r, r)));
        }
    }

    private static void AddRocks(PhiloxRandom random, List<Shape> shapes)
    {
        int rocks = random.NextInteger(8, 22);
        for (int i = 0; i < rocks; i++)
        {
            float z = random.Uniform(3, 16);
            float r = random.PowerLaw(0.07f, 0.8f);
            Vec3 stone = Vec3.Mix(Props.Gray(0.3f), new Vec3(0.34f, 0.28f, 0.2f), random.Uniform(0, 1));
            shapes.Add(new Ellipsoid(
                new Material(Pattern.Mottled, stone, stone * 0.45f, 2.5f / r, random.NextUInt32() & 0xFFFF) { Bump = 1.2f, BumpScale = 3 / r },
                new Vec3(random.Uniform(-0.6f, 0.6f) * z, r * 0.25f, z),
                new Vec3(r * random.Uniform(0.8f, 1.4f), r * random.Uniform(0.5f, 0.8f), r)));
        }
    }

    private static void AddTufts(PhiloxRandom random, List<Shape> shapes, Vec3 green)
    {
        for (int i = 0; i < 260; i++)
        {
            float z = random.PowerLaw(2.6f, 14);
            float x = random.Uniform(-0.7f, 0.7f) * z;
            float height = random.PowerLaw(0.06f, 0.3f);
            bool flower = random.NextBoolean(0.25);
            Vec3 tone = green * random.Uniform(0.7f, 1.7f);
            Vec3 lean = Props.Near(random, Vec3.Up, 0.5f);
            Vec3 across = Vec3.Cross(lean, new Vec3(random.Uniform(-0.4f, 0.4f), 0, -1)).Unit();
            var blade = new Material(Pattern.Plain, tone, tone, 2, (uint)i) { Translucency = 0.3f };
            shapes.Add(new Patch(blade, new Vec3(x, height * 0.9f, z), across, lean, height * 0.12f, height, Outline.Leaf, (uint)i));
            if (flower)
            {
                var petals = new Material(Pattern.Plain, Props.AnyColor(random, 1), Props.Gray(1), 2, (uint)i) { Translucency = 0.3f };
                shapes.Add(Props.Flat(
                    random, petals, new Vec3(x, height * 1.8f, z), Props.Near(random, new Vec3(0, 0.6f, -0.8f), 0.6f), height * 0.22f, height * 0.22f, Outline.Blob));
            }
        }
    }
}
