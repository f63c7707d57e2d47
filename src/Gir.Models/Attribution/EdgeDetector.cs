namespace Gir.Models.Attribution;

/// <summary>
/// The detector of local attribution maps: of every channel sqrt((I[y,x] - I[y+1,x])^2 + (I[y,x] - I[y,x+1])^2), summed over the pixels of a window and the channels. Where both
/// differences are 0 the root has no gradient, and is given none.
/// </summary>
internal static class EdgeDetector
{
    /// <summary>The sum, and its gradient by the pixels of the image.</summary>
    /// <param name="planes">The channels of one image, one after the other.</param>
    /// <param name="height">Rows.</param>
    /// <param name="width">Columns.</param>
    /// <param name="window">Pixels that count; the last row and column of an image have no neighbor and never do.</param>
    /// <param name="gradient">Room for as many as there are planes' pixels; overwritten.</param>
    public static double Detect(ReadOnlySpan<float> planes, int height, int width, AttributionWindow window, Span<float> gradient)
    {
        gradient.Clear();
        int bottom = Math.Min(window.Top + window.Height, height - 1);
        int right = Math.Min(window.Left + window.Width, width - 1);
        double sum = 0;
        for (int plane = 0; plane < planes.Length; plane += height * width)
        {
            for (int y = window.Top; y < bottom; y++)
            {
                for (int x = window.Left; x < right; x++)
                {
                    int i = plane + (y * width) + x;
                    double down = (double)planes[i] - planes[i + width];
                    double across = (double)planes[i] - planes[i + 1];
                    double magnitude = Math.Sqrt((down * down) + (across * across));
                    sum += magnitude;
                    if (magnitude == 0)
                        continue;
                    gradient[i] += (float)((down + across) / magnitude);
                    gradient[i + width] -= (float)(down / magnitude);
                    gradient[i + 1] -= (float)(across / magnitude);
                }
            }
        }

        return sum;
    }
}
