namespace Gir.Imaging.Filtering;

/// <summary>Fills holes from coarser and coarser averages of what is known (Gortler et al., "The Lumigraph", SIGGRAPH 1996, section 3.4.2).</summary>
internal static class PullPush
{
    /// <summary>Replaces the samples of the holes; at least one sample must be known.</summary>
    /// <param name="plane">Height x width samples.</param>
    /// <param name="weights">How much each sample counts, in 0..1; 0: a hole.</param>
    /// <param name="height">Rows.</param>
    /// <param name="width">Columns.</param>
    public static void Fill(Span<float> plane, ReadOnlySpan<float> weights, int height, int width)
    {
        if (!weights.Contains(0))
            return;
        int coarseHeight = (height + 1) / 2;
        int coarseWidth = (width + 1) / 2;
        var coarse = new float[coarseHeight * coarseWidth];
        var coarseWeights = new float[coarse.Length];
        for (int i = 0; i < coarse.Length; i++)
        {
            (int y, int x) = (i / coarseWidth * 2, i % coarseWidth * 2);
            (float sum, float known) = (0, 0);
            for (int v = y; v < Math.Min(height, y + 2); v++)
            {
                for (int u = x; u < Math.Min(width, x + 2); u++)
                {
                    float weight = weights[(v * width) + u];
                    if (weight > 0)
                    {
                        sum += weight * plane[(v * width) + u];
                        known += weight;
                    }
                }
            }

            coarse[i] = known > 0 ? sum / known : 0;
            coarseWeights[i] = Math.Min(known, 1);
        }

        Fill(coarse, coarseWeights, coarseHeight, coarseWidth);
        for (int i = 0; i < plane.Length; i++)
        {
            if (weights[i] == 0)
                plane[i] = Interpolate(coarse, coarseHeight, coarseWidth, i / width, i % width);
        }
    }

    // Bilinear with half-pixel centers: the coarse sample of a pixel counts 3/4 along each axis, its neighbor on the pixel's side 1/4.
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
