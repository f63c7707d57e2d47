using System.Numerics;

namespace Gir.Imaging.Filtering;

/// <summary>A kernel in the precision of the samples, with what the fast paths need to know about it.</summary>
internal sealed class PreparedKernel<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    public PreparedKernel(FilterKernel kernel)
    {
        Height = kernel.Height;
        Width = kernel.Width;
        if (kernel.Column is not null && kernel.Row is not null)
        {
            Column = Convert(kernel.Column);
            Row = Convert(kernel.Row);
            return;
        }

        Weights = Convert(kernel.Weights);
        var ranges = new int[2 * Height];
        int active = 0;
        for (int y = 0; y < Height; y++)
        {
            ReadOnlySpan<double> row = kernel.Weights.Slice(y * Width, Width);
            ranges[2 * y] = Math.Max(0, row.IndexOfAnyExcept(0.0));
            ranges[(2 * y) + 1] = row.LastIndexOfAnyExcept(0.0) + 1;
            active += ranges[(2 * y) + 1] - ranges[2 * y];
        }

        // Taking four output rows at once is about twice as fast per product but cannot skip the zeros at a row's ends.
        if (2L * active < (long)Height * Width)
            Ranges = ranges;
        else
            Folded = Fold(Weights, Height, Width);
    }

    public int Height { get; }

    public int Width { get; }

    /// <summary>The vertical factor, where the kernel is separable.</summary>
    public T[]? Column { get; }

    /// <summary>The horizontal factor, where the kernel is separable.</summary>
    public T[]? Row { get; }

    /// <summary>All weights, where the kernel is not separable.</summary>
    public T[]? Weights { get; }

    /// <summary>
    /// First non-zero weight and one past the last of each row, where so many are zero that rows are best taken one by one; else null.
    /// </summary>
    public int[]? Ranges { get; }

    /// <summary>
    /// For a kernel whose rows read the same backwards: of each row the weights from the middle to the right, Width / 2 + 1 of them; else null.
    /// </summary>
    public T[]? Folded { get; }

    private static T[]? Fold(T[] weights, int height, int width)
    {
        // Below five columns folding costs as much as it saves.
        if (width < 5 || width % 2 == 0)
            return null;
        int reach = width / 2;
        var folded = new T[height * (reach + 1)];
        for (int y = 0; y < height; y++)
        {
            ReadOnlySpan<T> row = weights.AsSpan(y * width, width);
            for (int k = 0; k <= reach; k++)
            {
                if (row[reach - k] != row[reach + k])
                    return null;
                folded[(y * (reach + 1)) + k] = row[reach + k];
            }
        }

        return folded;
    }

    private static T[] Convert(ReadOnlySpan<double> values)
    {
        var result = new T[values.Length];
        for (int i = 0; i < result.Length; i++)
            result[i] = T.CreateTruncating(values[i]);
        return result;
    }
}
