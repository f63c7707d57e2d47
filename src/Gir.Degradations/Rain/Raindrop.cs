using Gir.Imaging.Random;

namespace Gir.Degradations.Rain;

/// <summary>
/// A drop of water on the lens: three overlapping balls whose summed falloff is its thickness, so that outlines are round but uneven.
/// </summary>
internal readonly record struct Raindrop(float X, float Y, float Radius, RaindropBall First, RaindropBall Second, RaindropBall Third)
{
    /// <summary>Draws a drop; small ones are far more common than large ones.</summary>
    public static Raindrop Draw(PhiloxRandom random, int height, int width)
    {
        double unit = Math.Sqrt((double)height * width);
        double share = random.NextDouble();
        float radius = (float)Math.Max(unit * (0.010 + (0.034 * share * share * share)), 1.5);
        float x = (float)random.NextUniform(0, width);
        float y = (float)random.NextUniform(0, height);
        var body = new RaindropBall(x, y, radius);
        // Gravity: the lobes hang below the body, or slightly beside it.
        return new Raindrop(x, y, radius, body, Lobe(0.1, 0.55), Lobe(-0.25, 0.45));

        RaindropBall Lobe(double highest, double lowest) => new(
            x + (radius * (float)random.NextUniform(-0.45, 0.45)),
            y + (radius * (float)random.NextUniform(highest, lowest)),
            radius * (float)random.NextUniform(0.6, 0.9));
    }

    /// <summary>How far the drop reaches from its center at most.</summary>
    public float Reach => Radius * 1.7f;

    /// <summary>Thickness at a point: 0 outside, about 1 in the middle.</summary>
    public float Thickness(float x, float y) => First.Falloff(x, y) + Second.Falloff(x, y) + Third.Falloff(x, y);
}

/// <summary>One of the balls that a drop is made of.</summary>
internal readonly record struct RaindropBall(float X, float Y, float Radius)
{
    public float Falloff(float x, float y)
    {
        float dx = (x - X) / Radius;
        float dy = (y - Y) / Radius;
        float inside = 1f - ((dx * dx) + (dy * dy));
        return inside > 0 ? inside * inside : 0f;
    }
}
