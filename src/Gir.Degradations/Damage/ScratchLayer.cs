using System.Buffers;
using Gir.Imaging.Random;

namespace Gir.Degradations.Damage;

/// <summary>
/// Scratches as on old photographs and film: thin, long, slightly bent, of uneven width and strength. Gir's own procedure, beside the paper's straight lines; no photographed
/// mask is needed.
/// </summary>
/// <remarks>
/// A scratch begins anywhere, runs a tenth to the whole of the image's diagonal in strokes of an eighth of its length or less, each turned from the one before by a normal draw
/// of 0.12 rad, and covers what is below by 0.45 to 1, less towards both ends. Its width is 1 to <c>thickness</c>, narrow ones being the more likely.
/// </remarks>
internal sealed class ScratchLayer(int height, int width, int thickness)
{
    private const int Strokes = 12;
    private const double Bend = 0.12;
    private const double ShortestShare = 0.1;
    private const double FaintestCover = 0.45;

    /// <summary>Draws scratches into a mask of 0..1, which must be 0 before.</summary>
    /// <param name="mask">The mask, height x width.</param>
    /// <param name="count">How many scratches.</param>
    /// <param name="random">Where the draws come from.</param>
    public void Draw(Span<float> mask, int count, PhiloxRandom random)
    {
        byte[] painted = ArrayPool<byte>.Shared.Rent(mask.Length);
        painted.AsSpan(0, mask.Length).Clear();
        var rasterizer = new LineRasterizer(painted, height, width);
        double diagonal = Math.Sqrt(((double)height * height) + ((double)width * width));
        for (int scratch = 0; scratch < count; scratch++)
        {
            (double x, double y) = (random.NextUniform(0, width), random.NextUniform(0, height));
            double angle = random.NextUniform(0, 2 * Math.PI);
            double stroke = random.NextUniform(ShortestShare, 1) * diagonal / Strokes;
            double narrow = random.NextDouble();
            int wide = 1 + (int)(narrow * narrow * thickness);
            float cover = (float)random.NextUniform(FaintestCover, 1);
            for (int i = 0; i < Strokes; i++)
            {
                angle += Bend * random.NextGaussian();
                (double nextX, double nextY) = (x + (stroke * Math.Cos(angle)), y + (stroke * Math.Sin(angle)));
                // One in the middle, half at the ends.
                float strength = cover * (1 - (Math.Abs((2 * i) - (Strokes - 1)) / (float)(2 * (Strokes - 1))));
                // In OpenCV's sense an odd thickness paints two rows more, and 1 paints one.
                rasterizer.Draw(Rounded(x), Rounded(y), Rounded(nextX), Rounded(nextY), Math.Max(1, wide - 2));
                Cover(mask, painted, strength, (x, y), (nextX, nextY), wide);
                (x, y) = (nextX, nextY);
            }
        }

        ArrayPool<byte>.Shared.Return(painted);
    }

    /// <summary>The stronger of what is there and the stroke, which is taken away; only rows that it may touch are looked at.</summary>
    private void Cover(Span<float> mask, byte[] painted, float strength, (double X, double Y) from, (double X, double Y) to, int wide)
    {
        int first = Math.Clamp((int)Math.Min(from.Y, to.Y) - wide - 3, 0, height);
        int end = Math.Clamp((int)Math.Max(from.Y, to.Y) + wide + 4, 0, height);
        for (int i = first * width; i < end * width; i++)
        {
            if (painted[i] != 0)
                mask[i] = Math.Max(mask[i], strength);
        }

        painted.AsSpan(first * width, (end - first) * width).Clear();
    }

    private static int Rounded(double value) => (int)Math.Round(value);
}
