using System.Numerics;

namespace Gir.Imaging.Filtering;

/// <summary>A kernel in the precision of the samples, with what the fast paths need to know about it.</summary>
internal sealed class PreparedKernel<T>
    where T : unmanaged, INumber<T>
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

    private static T[] Convert(ReadOnlySpan<double> values)
    {
        var result = new T[values.Length];
        for (int i = 0; i < result.Length; i++)
            result[i] = T.CreateTruncating(values[i]);
        return result;
    }
}
