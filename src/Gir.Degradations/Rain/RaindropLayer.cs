using Gir.Imaging;
using Gir.Imaging.Random;

namespace Gir.Degradations.Rain;

/// <summary>
/// Drops on the lens, the second rain of the GIR paper's Eq. 14, for which it gives no procedure. Each drop is a small wide-angle
/// lens: it shows the scene upside down, minified and out of focus, has a dark rim and a highlight.
/// </summary>
internal static class RaindropLayer
{
    private const int Shrink = 8;
    private const float FieldOfView = 7f;
    private const float RimThickness = 0.16f;
    private const float CoreThickness = 0.55f;

    /// <summary>Paints drops over an image in place.</summary>
    public static void Paint(ImageBuffer image, int count, ulong seed, uint stream, DegradationContext context)
    {
        var random = new PhiloxRandom(seed, stream);
        var drops = new Raindrop[count];
        for (int i = 0; i < count; i++)
            drops[i] = Raindrop.Draw(random, image.Height, image.Width);

        ImageBuffer scene = Shrunk(image);
        context.Parallelism.For(image.Height, 16, new PaintBody(image, scene, drops), context.CancellationToken);
    }

    /// <summary>Means over 8 x 8 blocks (fewer samples at the right and bottom edge): what a drop shows is minified about as much.</summary>
    private static ImageBuffer Shrunk(ImageBuffer image)
    {
        var small = new ImageBuffer(image.Channels, (image.Height + Shrink - 1) / Shrink, (image.Width + Shrink - 1) / Shrink);
        for (int c = 0; c < image.Channels; c++)
        {
            for (int y = 0; y < small.Height; y++)
            {
                int bottom = Math.Min((y + 1) * Shrink, image.Height);
                Span<float> row = small.Row(c, y);
                for (int x = 0; x < row.Length; x++)
                {
                    int left = x * Shrink;
                    int columns = Math.Min(Shrink, image.Width - left);
                    float sum = 0;
                    for (int v = y * Shrink; v < bottom; v++)
                    {
                        foreach (float sample in image.Row(c, v).Slice(left, columns))
                            sum += sample;
                    }

                    row[x] = sum / (columns * (bottom - (y * Shrink)));
                }
            }
        }

        return small;
    }

    private readonly struct PaintBody(ImageBuffer image, ImageBuffer scene, Raindrop[] drops) : IRangeBody
    {
        public void Invoke(int start, int end)
        {
            foreach (Raindrop drop in drops)
            {
                int top = Math.Max(start, (int)MathF.Floor(drop.Y - drop.Reach));
                int bottom = Math.Min(end - 1, (int)MathF.Ceiling(drop.Y + drop.Reach));
                int left = Math.Max(0, (int)MathF.Floor(drop.X - drop.Reach));
                int right = Math.Min(image.Width - 1, (int)MathF.Ceiling(drop.X + drop.Reach));
                for (int y = top; y <= bottom; y++)
                {
                    for (int x = left; x <= right; x++)
                        PaintSample(drop, x, y);
                }
            }
        }

        private void PaintSample(in Raindrop drop, int x, int y)
        {
            float thickness = drop.Thickness(x, y);
            if (thickness <= 0)
                return;

            float opacity = Smooth(thickness / RimThickness);
            float core = Smooth(thickness / CoreThickness);
            float dx = x - drop.X;
            float dy = y - drop.Y;
            float sceneX = Mirror(drop.X - (dx * FieldOfView), image.Width) / Shrink;
            float sceneY = Mirror(drop.Y - (dy * FieldOfView), image.Height) / Shrink;
            // The rim turns rays away from the scene; the lower part gathers the sky's light.
            float shade = (0.74f + (0.3f * core)) * (1f + (0.16f * dy / drop.Radius));
            float hx = (dx / drop.Radius) + 0.3f;
            float hy = (dy / drop.Radius) + 0.35f;
            float highlight = MathF.Max(0f, 1f - (((hx * hx) + (hy * hy)) / 0.04f));
            highlight *= highlight * 0.6f;
            for (int c = 0; c < image.Channels; c++)
            {
                float seen = (Sample(c, sceneX, sceneY) * shade) + highlight;
                Span<float> row = image.Row(c, y);
                row[x] = Math.Clamp(row[x] + (opacity * (seen - row[x])), 0f, 1f);
            }
        }

        private float Sample(int channel, float x, float y)
        {
            float column = Math.Clamp(x - 0.5f, 0f, scene.Width - 1);
            float line = Math.Clamp(y - 0.5f, 0f, scene.Height - 1);
            (int x0, int y0) = ((int)column, (int)line);
            (int x1, int y1) = (Math.Min(x0 + 1, scene.Width - 1), Math.Min(y0 + 1, scene.Height - 1));
            (float u, float v) = (column - x0, line - y0);
            Span<float> upper = scene.Row(channel, y0);
            Span<float> lower = scene.Row(channel, y1);
            float above = upper[x0] + (u * (upper[x1] - upper[x0]));
            float below = lower[x0] + (u * (lower[x1] - lower[x0]));
            return above + (v * (below - above));
        }

        private static float Smooth(float t)
        {
            t = Math.Clamp(t, 0f, 1f);
            return t * t * (3f - (2f * t));
        }

        /// <summary>Folds a position into [0, length]: what a drop near the edge sees is not in the picture, so it sees the picture mirrored.</summary>
        private static float Mirror(float position, float length)
        {
            float phase = position - (2 * length * MathF.Floor(position / (2 * length)));
            return phase <= length ? phase : (2 * length) - phase;
        }
    }
}
