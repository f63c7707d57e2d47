using static Gir.Imaging.Scenes.SceneMath;

namespace Gir.Imaging.Scenes;

/// <summary>Evaluates patterns, each band-limited to the footprint of a sample on the surface.</summary>
internal static class Textures
{
    /// <summary>The albedo at a point.</summary>
    /// <param name="m">The material.</param>
    /// <param name="s">The point.</param>
    /// <param name="footprint">Size of a sample on the surface, in texture units.</param>
    public static Vec3 Albedo(Material m, in Surface s, float footprint)
    {
        (float u, float v) = (s.U * m.Scale, s.V * m.Scale);
        float w = MathF.Max(footprint * m.Scale, 1e-4f);
        return m.Pattern switch
        {
            Pattern.Mottled => Mottled(m, s, w),
            Pattern.Stripes => Worn(m, u, v, w, Vec3.Mix(m.A, m.B, Pulse(u + (0.08f * Noise.Plane(u, v, m.Seed)), 0.5f, w))),
            Pattern.Checks => Worn(m, u, v, w, Checks(m, u, v, w)),
            Pattern.Dots => Worn(m, u, v, w, Dots(m, u, v, w)),
            Pattern.Bricks => Bricks(m, u, v, w, 0.5f, 0.07f),
            Pattern.Tiles => Bricks(m, u, v, w, 0, 0.03f),
            Pattern.Planks => Planks(m, u, v, w),
            Pattern.Meadow => Meadow(m, u, v, w),
            Pattern.Road => Road(m, s.U, s.V, w),
            Pattern.Facade => Facade(m, s.U, s.V, footprint),
            Pattern.Text => Text(m, u, v, w),
            Pattern.LeafVeins => Veins(m, s, w),
            Pattern.Bark => Vec3.Mix(m.A, m.B, Step(0.3f, 0.7f, Noise.Fractal(u * 3, v * 0.5f, m.Seed, w * 3))),
            Pattern.Skin => Skin(m, s, w),
            Pattern.Mountain => Mountain(m, s, w),
            _ => m.A * (0.8f + (0.4f * Noise.Fractal(s.Local * m.Scale, m.Seed, w))),
        };
    }

    // 1 on the first share of every period, 0 on the rest, edges as wide as the sample; far away the mean.
    private static float Pulse(float x, float share, float width)
    {
        float half = MathF.Max(width * 0.5f, 1e-4f);
        return Clamp01((Integral(x + half) - Integral(x - half)) / (2 * half));

        float Integral(float at)
        {
            int period = Floor(at);
            return (period * share) + MathF.Min(at - period, share);
        }
    }

    // Brightness varying as on used things.
    private static Vec3 Worn(Material m, float u, float v, float w, Vec3 color) =>
        color * (0.55f + (0.9f * Clamp01(Noise.Fractal(u * 1.3f, v * 1.3f, m.Seed + 90, w * 1.3f, 6, 0.75f))));

    // Fine and rough; a slanted cut through space that lies across all surfaces that occur.
    private static float Grain(Vec3 p, uint seed, float w, int octaves) =>
        Noise.Fractal(p.X + (p.Z * 0.37f), p.Y + (p.Z * 0.71f), seed, w, octaves, 0.85f);

    private static Vec3 Mottled(Material m, in Surface s, float w)
    {
        float grain = Grain(s.Local * (m.Scale * 7), m.Seed + 11, w * 7, 4);
        return Vec3.Mix(m.A, m.B, Step(0.25f, 0.75f, Noise.Fractal(s.Local * m.Scale, m.Seed, w))) * (0.35f + (1.3f * Clamp01(grain)));
    }

    private static Vec3 Checks(Material m, float u, float v, float w)
    {
        (float a, float b) = (Pulse(u * 0.5f, 0.5f, w * 0.5f), Pulse(v * 0.5f, 0.5f, w * 0.5f));
        return Vec3.Mix(m.A, m.B, a + b - (2 * a * b));
    }

    private static Vec3 Dots(Material m, float u, float v, float w)
    {
        (float x, float y) = (Fraction(u) - 0.5f, Fraction(v) - 0.5f);
        float distance = MathF.Sqrt((x * x) + (y * y));
        float dot = 1 - Step(0.3f - w, 0.3f + w, distance);
        return Vec3.Mix(m.A, m.B, Mix(dot, 0.28f, Clamp01((w * 2) - 0.5f)));
    }

    private static Vec3 Bricks(Material m, float u, float v, float w, float shift, float mortar)
    {
        v *= shift > 0 ? 2 : 1;
        int row = Floor(v);
        u += shift * (row & 1);
        int column = Floor(u);
        float joint = 1 - (Pulse(u + (mortar / 2), 1 - mortar, w) * Pulse(v + mortar, 1 - (2 * mortar), w * 2));
        Vec3 brick = Vec3.Mix(m.A, m.B, Noise.Hash(column, row, m.Seed)) * (0.75f + (0.5f * Noise.Hash(row, column, m.Seed + 1)));
        brick *= 0.7f + (0.6f * Noise.Fractal(u * 3, v * 1.5f, m.Seed + 2, w * 3));
        return Vec3.Mix(brick, m.C, Clamp01(joint));
    }

    private static Vec3 Planks(Material m, float u, float v, float w)
    {
        int plank = Floor(u);
        float tone = Noise.Hash(plank, 0, m.Seed);
        float bend = 0.5f * Noise.Fractal(u * 0.8f, (v * 0.15f) + (tone * 50), m.Seed + 1, w);
        float rings = Noise.Plane((u + bend) * 9, (v * 0.12f) + (tone * 31), m.Seed + 2);
        float fibre = Noise.Fractal(u * 24, v * 0.7f, m.Seed + 3, w * 24, 4, 0.7f);
        float grain = (0.6f * Step(0.2f, 0.8f, rings)) + (0.4f * fibre);
        Vec3 wood = Vec3.Mix(m.A, m.B, Mix(grain, 0.5f, Clamp01((w * 4) - 1))) * (0.75f + (0.5f * tone));
        return wood * (0.35f + (0.65f * Pulse(u + 0.01f, 0.98f, w)));
    }

    private static Vec3 Meadow(Material m, float u, float v, float w)
    {
        float patches = Noise.Fractal(u * 0.3f, v * 0.3f, m.Seed, w * 0.3f, 4);
        float blades = Noise.Fractal(u * 9, v * 5, m.Seed + 7, w * 7, 5, 0.75f);
        Vec3 grass = Vec3.Mix(m.A, m.B, Step(0.2f, 0.8f, patches)) * (0.35f + (1.3f * Clamp01(blades)));
        // A path that winds into the distance, with frayed edges.
        if (MathF.Abs(u) > 4 + (v * 0.6f))
            return grass;
        float middle = 2.2f * (Noise.Fractal(v * 0.08f, 3, m.Seed + 20, 0.01f, 3) - 0.5f) * (1 + (v * 0.15f));
        if (MathF.Abs(u - middle) > 1 + w)
            return grass;
        float edge = MathF.Abs(u - middle) - 0.55f + (0.5f * (Noise.Fractal(u * 2, v * 2, m.Seed + 30, w * 2) - 0.5f));
        float pebbles = Noise.Fractal(u * 12, v * 12, m.Seed + 40, w * 12, 4, 0.8f);
        return Vec3.Mix(m.C * (0.6f + (0.8f * Clamp01(pebbles))), grass, Step(-0.12f, 0.12f + w, edge));
    }

    private static Vec3 Road(Material m, float u, float v, float w)
    {
        float grit = Noise.Fractal(u * 14, v * 14, m.Seed, w * 14, 4, 0.8f);
        float stains = Noise.Fractal(u * 0.5f, v * 0.2f, m.Seed + 9, w);
        Vec3 asphalt = Vec3.Mix(m.A, m.B, Step(0.2f, 0.8f, stains)) * (0.5f + Clamp01(grit));
        float center = Clamp01((0.09f + (w / 2) - MathF.Abs(u)) / MathF.Max(w, 0.01f));
        float paint = center * Pulse(v * 0.25f, 0.5f, w * 0.25f) * (0.6f + (0.4f * grit));
        return Vec3.Mix(asphalt, m.C, Clamp01(paint));
    }

    private static Vec3 Facade(Material m, float u, float v, float w)
    {
        // Scale is windows per unit of length.
        (float x, float y) = (u * m.Scale, v * m.Scale);
        float cell = w * m.Scale;
        (int column, int row) = (Floor(x), Floor(y));
        float wallNoise = Noise.Fractal(u * 1.2f, v * 1.2f, m.Seed, w * 1.2f, 6, 0.65f);
        Vec3 wall = m.A * (0.65f + (0.7f * wallNoise));
        if ((m.Seed & 3) != 0)
            wall = Vec3.Mix(wall, Bricks(m with { A = m.A, B = m.A * 0.7f, C = m.A * 1.15f }, u * 3.2f, v * 3.2f, w * 3.2f, 0.5f, 0.09f), 0.75f);
        float narrow = 0.36f + (0.2f * Noise.Hash(7, 1, m.Seed));
        float tall = 0.5f + (0.16f * Noise.Hash(9, 1, m.Seed));
        float frame = Box(x, y, narrow + 0.1f, tall + 0.1f, cell);
        float glass = Box(x, y, narrow, tall, cell);
        float bars = Pulse((x - 0.5f) / (narrow * 0.5f) + 0.04f, 0.92f, cell / (narrow * 0.5f)) * Pulse((y - 0.5f) / (tall * 0.5f) + 0.03f, 0.94f, cell / (tall * 0.5f));
        // Glass mirrors the sky above and the street below, each pane at an angle of its own; some have curtains.
        float mirrored = Step(0.2f, 0.9f, Fraction(y) + (0.5f * (Noise.Hash(column, row, m.Seed + 4) - 0.5f)));
        Vec3 pane = Vec3.Mix(m.C * 0.25f, m.C, mirrored * Noise.Hash(row, column, m.Seed + 5));
        if (Noise.Hash(column, row, m.Seed + 6) > 0.7f)
            pane = Vec3.Mix(pane, m.B * (0.5f + (0.3f * Pulse(x * 9, 0.5f, cell * 9))), 0.7f);
        Vec3 window = Vec3.Mix(m.B, pane, glass * bars);
        float ledge = Pulse(y + 0.03f, 0.07f, cell);
        return Vec3.Mix(Vec3.Mix(wall, m.B * 0.9f, ledge * 0.8f), window, frame);

        static float Box(float x, float y, float width, float height, float cell) =>
            Pulse(x - (0.5f - (width / 2)), width, cell) * Pulse(y - (0.5f - (height / 2)), height, cell);
    }

    private static Vec3 Text(Material m, float u, float v, float w)
    {
        // Lines of 3 x 5 glyphs drawn from the hash; a glyph cell is 4 x 8 units of ink.
        (float x, float y) = (u * 4, v * 8);
        (int line, int column) = (Floor(v), Floor(u));
        (int gx, int gy) = (Floor(x) & 3, Floor(y) & 7);
        float ink = 0;
        bool isWord = Noise.Hash(column, line, m.Seed) > 0.16f && Noise.Hash(line, 3, m.Seed + 1) > 0.1f;
        if (isWord && gx < 3 && gy is >= 1 and < 6)
        {
            uint glyph = Noise.Bits(column, line, 5, m.Seed) | Noise.Bits(column, line, 6, m.Seed);
            ink = (glyph >> ((gy * 3) + gx)) & 1;
        }

        float paper = 0.85f + (0.3f * Noise.Fractal(u * 0.1f, v * 0.2f, m.Seed + 3, w));
        // Where a stroke is smaller than a sample, the mean gray of a line of text.
        return Vec3.Mix(m.A * paper, m.B, Mix(ink, 0.25f, Clamp01((w * 8) - 1)));
    }

    private static Vec3 Veins(Material m, in Surface s, float w)
    {
        (float a, float b) = (s.U, s.V);
        float mottle = Noise.Fractal(s.Local * (m.Scale * 0.7f), m.Seed, w);
        Vec3 blade = Vec3.Mix(m.A, m.B, Step(0.2f, 0.8f, mottle + (0.15f * b)));
        float line = (b + (MathF.Abs(a) * 0.7f)) * 3;
        float side = MathF.Abs(Fraction(line) - 0.5f);
        float vein = MathF.Max(1 - Step(0.02f, 0.06f + (w * 0.05f), MathF.Abs(a)), 0.6f * (1 - Step(0.02f, 0.12f + (w * 0.3f), side)));
        return Vec3.Mix(blade, m.C, vein * 0.55f) * (0.65f + (0.7f * Noise.Fractal(a * m.Scale * 7, b * m.Scale * 7, m.Seed + 3, w * 7, 4, 0.8f)));
    }

    private static Vec3 Skin(Material m, in Surface s, float w)
    {
        float blush = Step(-0.6f, 0.8f, (s.Normal.X * 0.7f) + (s.Normal.Y * 0.5f) + (0.8f * (Noise.Fractal(s.Local * m.Scale, m.Seed, w) - 0.5f)));
        float speckle = Step(0.62f, 0.75f, Noise.Fractal(s.Local * (m.Scale * 8), m.Seed + 9, w * 8, 2));
        return Vec3.Mix(Vec3.Mix(m.A, m.B, blush), m.C, speckle * 0.35f) * (0.8f + (0.4f * Grain(s.Local * (m.Scale * 9), m.Seed + 2, w * 9, 3)));
    }

    private static Vec3 Mountain(Material m, in Surface s, float w)
    {
        float height = s.Local.Y + (0.35f * (Noise.Fractal(s.U * m.Scale, s.V * m.Scale, m.Seed, w, 7, 0.6f) - 0.5f));
        float rough = 0.75f + (0.5f * Noise.Fractal(s.U * m.Scale * 3, s.V * m.Scale * 3, m.Seed + 5, w * 3, 6, 0.7f));
        Vec3 rock = Vec3.Mix(m.A, m.B, Step(0.25f, 0.5f, height)) * rough;
        return Vec3.Mix(rock, m.C, Step(0.68f, 0.76f, height));
    }
}
