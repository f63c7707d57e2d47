using Gir.Imaging;

namespace Gir.Degradations;

/// <summary>Depth stored at a quarter of the image's height and width, as in the paper.</summary>
internal static class QuarterDepth
{
    /// <summary>Four times as high and wide: bilinear, half-pixel centers, edge samples repeated.</summary>
    public static ImageBuffer Enlarge(ImageBuffer depth)
    {
        var result = new ImageBuffer(1, depth.Height * 4, depth.Width * 4);
        for (int y = 0; y < result.Height; y++)
        {
            (int above, int below, float weight) = Neighbors(y, depth.Height);
            Span<float> upper = depth.Row(0, above);
            Span<float> lower = depth.Row(0, below);
            Span<float> row = result.Row(0, y);
            for (int x = 0; x < row.Length; x++)
            {
                (int left, int right, float share) = Neighbors(x, depth.Width);
                float top = (upper[left] * (1 - share)) + (upper[right] * share);
                float bottom = (lower[left] * (1 - share)) + (lower[right] * share);
                row[x] = (top * (1 - weight)) + (bottom * weight);
            }
        }

        return result;
    }

    private static (int First, int Second, float Weight) Neighbors(int index, int count)
    {
        // (index + 1/2) / 4 - 1/2 is exact in binary floating point.
        float position = Math.Clamp(((index + 0.5f) / 4) - 0.5f, 0, count - 1);
        int first = (int)position;
        return (first, Math.Min(first + 1, count - 1), position - first);
    }
}
