using Gir.Imaging;
using Gir.Imaging.Random;

namespace Gir.Degradations.Snow;

/// <summary>
/// Draws snow masks: flakes of several sizes and distances, with motion blur along one wind and defocus blur. The published masks
/// (CSD, Snow100K) come without a generator; this one is Gir's own.
/// </summary>
internal static class SnowGenerator
{
    private const uint FlakeStream = 1;
    private const double UnitsPerSide = 600;
    private const double SmallestUnit = 0.5;

    /// <summary>A mask, 1 x H x W, in [0, 1].</summary>
    /// <param name="height">Rows.</param>
    /// <param name="width">Columns.</param>
    /// <param name="density">Factor on the number of flakes.</param>
    /// <param name="size">Factor on their radius.</param>
    /// <param name="wind">Degrees from the vertical; positive blows to the right.</param>
    /// <param name="speed">Length of the motion blur in flake radii.</param>
    /// <param name="context">Seed, threads and cancellation.</param>
    public static ImageBuffer Create(int height, int width, double density, double size, double wind, double speed, DegradationContext context)
    {
        Snowflake[] flakes = Draw(height, width, density, size, wind, speed, new PhiloxRandom(context.Seed, FlakeStream));
        ImageBuffer mask = ImagePool.Rent(1, height, width);
        mask.Samples.Clear();
        context.Parallelism.For(height, 16, new PaintBody(flakes, mask), context.CancellationToken);
        return mask;
    }

    private static Snowflake[] Draw(int height, int width, double density, double size, double wind, double speed, PhiloxRandom random)
    {
        double unit = Math.Max(Math.Sqrt((double)height * width) / UnitsPerSide, SmallestUnit);
        double share = density * height * width / (UnitsPerSide * UnitsPerSide * unit * unit);
        var flakes = new List<Snowflake>();
        foreach (SnowLayer layer in SnowLayer.All)
        {
            // The fraction is rounded by chance, so that small images get large flakes now and then and not never.
            int count = (int)Math.Floor((layer.Count * share) + random.NextDouble());
            for (int i = 0; i < count; i++)
                AddClump(flakes, layer, Draw(layer, height, width, unit * size, wind, speed, random), random);
        }

        return [.. flakes];
    }

    private static Snowflake Draw(SnowLayer layer, int height, int width, double unit, double wind, double speed, PhiloxRandom random)
    {
        double x = random.NextUniform(0, width);
        double y = random.NextUniform(0, height);
        double radius = unit * random.NextUniform(layer.SmallestRadius, layer.LargestRadius);
        double softness = Math.Max(radius * layer.Defocus, 0.5);
        // Air is turbulent: every flake leaves the common direction a little.
        double direction = (wind + random.NextUniform(-14, 14)) * (Math.PI / 180);
        double halfLength = 0.5 * speed * radius * random.NextUniform(0.4, 1.6);
        double opacity = random.NextUniform(layer.LeastOpacity, layer.GreatestOpacity);
        // The light of a moving flake spreads over its way, and that of one below a pixel over the pixel.
        opacity *= Math.Sqrt(radius / (radius + (0.5 * halfLength))) * Math.Min(1, radius / 0.5);
        return new Snowflake(
            (float)x, (float)y, (float)Math.Sin(direction), (float)Math.Cos(direction), (float)halfLength,
            (float)radius, (float)softness, (float)opacity);
    }

    /// <summary>Flakes are clumps of crystals: beside the main disk stand smaller, fainter ones, which move along with it.</summary>
    private static void AddClump(List<Snowflake> flakes, SnowLayer layer, Snowflake flake, PhiloxRandom random)
    {
        flakes.Add(flake);
        for (int i = 0; i < layer.Clumps; i++)
        {
            float share = (float)random.NextUniform(0.45, 0.8);
            flakes.Add(flake with
            {
                X = flake.X + (flake.Radius * (float)random.NextUniform(-0.8, 0.8)),
                Y = flake.Y + (flake.Radius * (float)random.NextUniform(-0.8, 0.8)),
                Radius = flake.Radius * share,
                Softness = Math.Max(flake.Softness * share, 0.5f),
                Opacity = flake.Opacity * (float)random.NextUniform(0.5, 1),
            });
        }
    }

    private readonly struct PaintBody(Snowflake[] flakes, ImageBuffer mask) : IRangeBody
    {
        public void Invoke(int start, int end)
        {
            foreach (Snowflake flake in flakes)
            {
                float reach = flake.Reach;
                int top = Math.Max(start, (int)MathF.Ceiling(flake.Y - reach));
                int bottom = Math.Min(end - 1, (int)MathF.Floor(flake.Y + reach));
                int left = Math.Max(0, (int)MathF.Ceiling(flake.X - reach));
                int right = Math.Min(mask.Width - 1, (int)MathF.Floor(flake.X + reach));
                for (int y = top; y <= bottom; y++)
                {
                    Span<float> row = mask.Row(0, y);
                    for (int x = left; x <= right; x++)
                        row[x] += flake.At(x, y) * (1f - row[x]);
                }
            }
        }
    }
}
