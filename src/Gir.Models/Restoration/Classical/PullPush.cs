namespace Gir.Models.Restoration;

/// <summary>Fills holes from coarser and coarser averages of what is known (Gortler et al., "The Lumigraph", 1996).</summary>
internal static class PullPush
{
    /// <summary>Replaces the samples of the holes; at least one sample must be known.</summary>
    public static void Fill(Span<float> plane, ReadOnlySpan<bool> holes, int height, int width)
    {
        if (holes.IndexOf(true) < 0)
            return;
        int coarseHeight = (height + 1) / 2;
        int coarseWidth = (width + 1) / 2;
        var coarse = new float[coarseHeight * coarseWidth];
        var coarseHoles = new bool[coarse.Length];
        for (int i = 0; i < coarse.Length; i++)
        {
            (int y, int x) = (i / coarseWidth * 2, i % coarseWidth * 2);
            (float sum, int known) = (0, 0);
            for (int v = y; v < Math.Min(height, y + 2); v++)
            {
                for (int u = x; u < Math.Min(width, x + 2); u++)
                {
                    if (!holes[(v * width) + u])
                    {
                        sum += plane[(v * width) + u];
                        known++;
                    }
                }
            }

            coarse[i] = known > 0 ? sum / known : 0;
            coarseHoles[i] = known == 0;
        }

        Fill(coarse, coarseHoles, coarseHeight, coarseWidth);
        for (int i = 0; i < plane.Length; i++)
        {
            if (holes[i])
                plane[i] = Interpolate(coarse, coarseHeight, coarseWidth, i / width, i % width);
        }
    }

    // Bilinear with half-pixel centres: the coarse sample of a pixel counts 3/4 along each axis, its neighbour on the pixel's side 1/4.
    private static float Interpolate(float[] coarse, int height, int width, int y, int x)
    {
        (int nearY, int nearX) = (y / 2, x / 2);
        int farY = Math.Clamp(nearY + (y % 2 == 0 ? -1 : 1), 0, height - 1);
        int farX = Math.Clamp(nearX + (x % 2 == 0 ? -1 : 1), 0, width - 1);
        float near = (0.75f * coarse[(nearY * width) + nearX]) + (0.25f * coarse[(nearY * width) + farX]);
        float far = (0.75f * coarse[(farY * width) + nearX]) + (0.25f * coarse[(farY * width) + farX]);
        return (0.75f * near) + (0.25f * far);
    }
}
