using Gir.Imaging.Random;
using static Gir.Imaging.Scenes.SceneMath;

namespace Gir.Imaging.Scenes.Layouts;

/// <summary>Things on a table in the light of a window.</summary>
internal static class StillLifeLayout
{
    public static SceneModel Create(PhiloxRandom random)
    {
        float side = random.NextBoolean() ? 1 : -1;
        float warmth = random.Uniform(0, 1);
        var light = new Light(
            new Vec3(side * random.Uniform(0.7f, 1.1f), random.Uniform(0.7f, 1.2f), random.Uniform(-0.9f, -0.3f)).Unit(),
            Vec3.Mix(new Vec3(2.2f, 2.2f, 2.2f), new Vec3(2.6f, 2f, 1.3f), warmth),
            Props.Gray(0.55f),
            Vec3.Mix(Props.Gray(0.3f), new Vec3(0.38f, 0.28f, 0.18f), warmth),
            random.Uniform(0.06f, 0.15f));
        Vec3 wood = Vec3.Mix(new Vec3(0.42f, 0.24f, 0.12f), new Vec3(0.2f, 0.1f, 0.05f), random.Uniform(0, 1));
        float wallDistance = random.Uniform(1.7f, 2.3f);
        var shapes = new List<Shape>
        {
            new Ground(new Material(Pattern.Planks, wood, wood * 0.5f, 4.5f, random.NextUInt32() & 0xFFFF) { Gloss = 0.15f }),
            new Wall(WallMaterial(random), wallDistance),
        };
        AddPictures(random, shapes, wallDistance);
        AddThings(random, shapes, wallDistance);
        (float cosine, float sine) = Turn(random.Uniform(0.035f, 0.075f));
        return new SceneModel(
            new Camera(random.Uniform(0.5f, 0.75f), cosine, sine, random.Uniform(0.4f, 0.5f)), light, Props.Clouded(random), shapes, 20);
    }

    private static Material WallMaterial(PhiloxRandom random)
    {
        Vec3 a = Props.AnyColor(random, 0.25f) * 0.7f;
        Pattern[] patterns = [Pattern.Plain, Pattern.Bricks, Pattern.Stripes, Pattern.Mottled, Pattern.Tiles, Pattern.Dots];
        Pattern pattern = patterns[random.NextInteger(0, patterns.Length - 1)];
        float scale = pattern is Pattern.Plain or Pattern.Mottled ? 1.5f : random.Uniform(5, 9);
        return new Material(pattern, a, a * random.Uniform(0.6f, 0.9f), scale, random.NextUInt32() & 0xFFFF) { C = Props.Gray(0.4f) };
    }

    private static void AddPictures(PhiloxRandom random, List<Shape> shapes, float wall)
    {
        int pictures = random.NextInteger(0, 2);
        for (int i = 0; i < pictures; i++)
        {
            var center = new Vec3(random.Uniform(-0.8f, 0.8f), random.Uniform(0.55f, 0.9f), wall - 0.03f);
            (float w, float h) = (random.Uniform(0.15f, 0.3f), random.Uniform(0.15f, 0.3f));
            var frame = new Material(Pattern.Planks, new Vec3(0.3f, 0.2f, 0.1f), new Vec3(0.1f, 0.06f, 0.03f), 20, (uint)i);
            shapes.Add(new Box(frame, center, new Vec3(w + 0.03f, h + 0.03f, 0.02f)));
            shapes.Add(new Patch(
                Props.AnyTexture(random), center with { Z = wall - 0.055f }, new Vec3(1, 0, 0), Vec3.Up, w, h, Outline.Rectangle, 1));
        }
    }

    private static void AddThings(PhiloxRandom random, List<Shape> shapes, float wall)
    {
        var taken = new List<(float X, float Z, float R)>();
        int wanted = random.NextInteger(14, 26);
        for (int attempt = 0; attempt < 400 && taken.Count < wanted; attempt++)
        {
            float z = random.Uniform(0.75f, wall - 0.25f);
            float x = random.Uniform(-0.45f, 0.45f) * z * 1.1f;
            float r = random.PowerLaw(0.055f, 0.2f);
            if (taken.Any(t => ((t.X - x) * (t.X - x)) + ((t.Z - z) * (t.Z - z)) < (t.R + r) * (t.R + r) * 1.05f))
                continue;
            taken.Add((x, z, r));
            AddThing(random, shapes, x, z, r);
        }

        // Papers under the things.
        for (int i = 0; i < 2; i++)
        {
            var page = new Material(Pattern.Text, Props.Gray(0.75f), Props.Gray(0.04f), 16, random.NextUInt32() & 0xFFFF);
            (float cosine, float sine) = Turn(random.Uniform(0, 1));
            var across = new Vec3(cosine, 0, sine);
            shapes.Add(new Patch(
                page, new Vec3(random.Uniform(-0.4f, 0.4f), 0.002f + (0.002f * i), random.Uniform(0.8f, 1.3f)), across, Vec3.Cross(across, Vec3.Up), 0.15f, 0.21f, Outline.Rectangle, 1));
        }
    }

    private static void AddThing(PhiloxRandom random, List<Shape> shapes, float x, float z, float r)
    {
        uint seed = random.NextUInt32() & 0xFFFF;
        switch (random.NextInteger(0, 5))
        {
            case 0 or 1:
                Vec3 ripe = Hsv(random.Uniform(-0.02f, 0.13f), random.Uniform(0.7f, 0.95f), random.Uniform(0.7f, 0.95f));
                Vec3 green = Hsv(random.Uniform(0.12f, 0.28f), 0.7f, 0.75f);
                var skin = new Material(Pattern.Skin, green, ripe, 1.2f / r, seed) { C = ripe * 0.4f, Gloss = 0.5f, Bump = 0.12f, BumpScale = 14 / r };
                var center = new Vec3(x, r * 0.92f, z);
                shapes.Add(new Ellipsoid(skin, center, new Vec3(r, r * random.Uniform(0.85f, 1.1f), r)));
                var stalk = new Material(Pattern.Bark, new Vec3(0.2f, 0.12f, 0.05f), Props.Gray(0.05f), 20, seed);
                shapes.Add(new Cylinder(stalk, new Vec3(x, r * 1.75f, z), r * 0.06f, r * 0.45f));
                break;
            case 2:
                var ball = Props.AnyTexture(random);
                shapes.Add(new Ellipsoid(ball with { Scale = ball.Scale * 0.7f / r, Gloss = 0.3f }, new Vec3(x, r, z), new Vec3(r, r, r)));
                break;
            case 3:
                Material glaze = Props.AnyTexture(random);
                shapes.Add(new Cylinder(
                    glaze with { Scale = glaze.Scale * 0.7f / r, Gloss = 0.4f }, new Vec3(x, 0, z), r * 0.75f, r * random.Uniform(1.2f, 3.2f)));
                break;
            default:
                float y = 0;
                int books = random.NextInteger(1, 4);
                for (int i = 0; i < books; i++)
                {
                    float thick = random.Uniform(0.015f, 0.04f);
                    bool dark = random.NextBoolean();
                    var cover = new Material(
                        Pattern.Text, Props.AnyColor(random, 0.9f) * (dark ? 0.4f : 1), dark ? Props.Gray(0.7f) : Props.Gray(0.05f), 2 / thick, random.NextUInt32() & 0xFFFF);
                    float size = r * random.Uniform(0.8f, 1.05f);
                    shapes.Add(new Box(cover, new Vec3(x, y + thick, z), new Vec3(size * 0.95f, thick, size * 0.65f), random.Uniform(-0.09f, 0.09f)));
                    y += 2 * thick;
                }

                break;
        }
    }
}
