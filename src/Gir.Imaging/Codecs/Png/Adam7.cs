namespace Gir.Imaging.Codecs.Png;

/// <summary>One pass over the image: the pixels (FirstY + i StepY, FirstX + j StepX), i below Height and j below Width.</summary>
internal readonly record struct PngPass(int FirstY, int FirstX, int StepY, int StepX, int Height, int Width);

/// <summary>The passes of a file (PNG specification, 8.2).</summary>
internal static class Adam7
{
    private static readonly (int FirstY, int FirstX, int StepY, int StepX)[] Steps =
        [(0, 0, 8, 8), (0, 4, 8, 8), (4, 0, 8, 4), (0, 2, 4, 4), (2, 0, 4, 2), (0, 1, 2, 2), (1, 0, 2, 1)];

    /// <summary>The passes that have pixels; one for a file that is not interlaced.</summary>
    public static IReadOnlyList<PngPass> Passes(PngHeader header)
    {
        if (!header.IsInterlaced)
            return [new PngPass(0, 0, 1, 1, header.Height, header.Width)];
        var passes = new List<PngPass>();
        foreach ((int firstY, int firstX, int stepY, int stepX) in Steps)
        {
            int height = (header.Height - firstY + stepY - 1) / stepY;
            int width = (header.Width - firstX + stepX - 1) / stepX;
            if (height > 0 && width > 0)
                passes.Add(new PngPass(firstY, firstX, stepY, stepX, height, width));
        }

        return passes;
    }
}
