using Gir.Imaging;
using Gir.Imaging.Random;

namespace Gir.Evaluation.Recipes;

/// <summary>
/// Gives a share of pictures what scanners and cameras leave at their edges: lines of one tone along one to four sides, a few pixels wide, half of them black. They belong to
/// the clean picture: a network that has not seen them takes them for damage and paints over them.
/// </summary>
internal sealed class FrameSampler(double share) : PictureAugmentation(share)
{
    private const int Sides = 4;
    private const int MostPixels = 5;

    /// <inheritdoc/>
    protected override void Change(ImageBuffer picture, PhiloxRandom random)
    {
        int certain = random.NextInteger(0, Sides - 1);
        for (int side = 0; side < Sides; side++)
        {
            // Narrow lines are the most frequent.
            int width = 1 + (int)(MostPixels * random.NextDouble() * random.NextDouble());
            bool black = random.NextDouble() < 0.5;
            int level = black ? 0 : random.NextInteger(0, byte.MaxValue);
            if (random.NextDouble() < 0.4 || side == certain)
                Line(picture, side, Math.Min(width, side < 2 ? picture.Height : picture.Width), level / (float)byte.MaxValue);
        }
    }

    private static void Line(ImageBuffer image, int side, int width, float level)
    {
        for (int c = 0; c < image.Channels; c++)
        {
            for (int y = 0; y < image.Height; y++)
            {
                Span<float> row = image.Plane(c).Slice(y * image.Width, image.Width);
                if (side == 0 ? y < width : side == 1 && y >= image.Height - width)
                    row.Fill(level);
                else if (side == 2)
                    row[..width].Fill(level);
                else if (side == 3)
                    row[^width..].Fill(level);
            }
        }
    }
}
