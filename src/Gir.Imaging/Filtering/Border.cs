using System.Numerics;

namespace Gir.Imaging.Filtering;

/// <summary>What a filter sees beyond the edge, along one axis; every mode acts on each axis by itself.</summary>
internal static class Border
{
    /// <summary>The sample that stands at a position, which may lie outside 0..count-1; -1 where there is none (zero).</summary>
    public static int Source(int position, int count, PadMode mode) => mode switch
    {
        PadMode.Zero => (uint)position < (uint)count ? position : -1,
        PadMode.Reflect101 or PadMode.Symmetric => BorderIndex.Map(position, count, mode),
        _ => BorderIndex.Map(position, count, PadMode.Replicate),
    };

    /// <summary>What the sample is multiplied by: below 1 only outside, with a linear ramp over the given numbers of samples.</summary>
    public static double Factor(int position, int count, int before, int after, PadMode mode)
    {
        if (mode != PadMode.LinearRamp || (uint)position < (uint)count)
            return 1;
        return position < 0 ? (double)(before + position) / before : (double)(after - 1 - (position - count)) / after;
    }

    /// <summary>Fills the margins of a row that lies at row[before..before + count].</summary>
    public static void Extend<T>(Span<T> row, int before, int count, int after, PadMode mode)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        for (int i = 0; i < before + after; i++)
        {
            int position = i < before ? i - before : count + i - before;
            int source = Source(position, count, mode);
            T value = source < 0 ? T.Zero : row[before + source];
            row[before + position] = mode == PadMode.LinearRamp ? value * T.CreateTruncating(Factor(position, count, before, after, mode)) : value;
        }
    }

    /// <summary>Refuses an image that is too small to be reflected.</summary>
    /// <exception cref="ArgumentException">The mode is Reflect101 and a reach is not below the image's size, or the mode is unknown.</exception>
    public static void Check(int height, int width, int kernelHeight, int kernelWidth, PadMode mode)
    {
        if (!Enum.IsDefined(mode))
            throw new ArgumentOutOfRangeException("border", mode, "Expected a defined PadMode.");
        int needHeight = (kernelHeight / 2) + 1;
        int needWidth = (kernelWidth / 2) + 1;
        if (mode == PadMode.Reflect101 && (height < needHeight || width < needWidth))
        {
            throw new ArgumentException(
                $"The image is {height} x {width} (height x width): too small to reflect for a {kernelHeight} x {kernelWidth} kernel, which needs at least {needHeight} x {needWidth}. Use PadMode.Symmetric or PadMode.Replicate for small images.",
                "image");
        }
    }
}
