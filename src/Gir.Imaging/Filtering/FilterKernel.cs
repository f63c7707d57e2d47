namespace Gir.Imaging.Filtering;

/// <summary>The weights of a linear filter; immutable.</summary>
/// <remarks>
/// Filtering is cross-correlation: output(y, x) = sum of Weights[i, j] * input(y + i - Height / 2, x + j - Width / 2) (integer
/// division, so an even kernel reaches one sample further up and left, as in OpenCV). A convolution uses <see cref="Flipped"/>.
/// Immutable and safe for concurrent use.
/// </remarks>
public sealed partial class FilterKernel
{
    /// <summary>Largest height or width.</summary>
    public const int MaxSize = 1023;

    private readonly double[] _weights;

    private FilterKernel(double[] weights, int height, int width, double[]? column, double[]? row)
    {
        _weights = weights;
        Height = height;
        Width = width;
        Column = column;
        Row = row;
    }

    /// <summary>Rows.</summary>
    public int Height { get; }

    /// <summary>Columns.</summary>
    public int Width { get; }

    /// <summary>The weights, row after row, Height * Width of them.</summary>
    public ReadOnlySpan<double> Weights => _weights;

    /// <summary>
    /// Whether the kernel is the product of a column and a row (Gaussian, box); filtering then costs Height + Width products per
    /// sample instead of Height * Width.
    /// </summary>
    public bool IsSeparable => Column is not null;

    /// <summary>The vertical factor of a separable kernel, Height long.</summary>
    internal double[]? Column { get; }

    /// <summary>The horizontal factor of a separable kernel, Width long.</summary>
    internal double[]? Row { get; }

    /// <summary>A kernel with the given weights, which are not normalized.</summary>
    /// <param name="weights">Row after row, height * width finite numbers.</param>
    /// <param name="height">Rows, 1..<see cref="MaxSize"/>.</param>
    /// <param name="width">Columns, 1..<see cref="MaxSize"/>.</param>
    /// <returns>
    /// The kernel; it is separable when every weight equals the product of its column's and row's factor to within 1e-14 of the
    /// largest weight.
    /// </returns>
    /// <exception cref="ArgumentOutOfRangeException">A size is out of range.</exception>
    /// <exception cref="ArgumentException">The number of weights is not height * width, or one of them is not finite.</exception>
    public static FilterKernel FromWeights(ReadOnlySpan<double> weights, int height, int width)
    {
        CheckSize(height, nameof(height));
        CheckSize(width, nameof(width));
        if (weights.Length != height * width)
            throw new ArgumentException($"A {height} x {width} kernel needs {height * width} weights, but {weights.Length} were given.", nameof(weights));
        for (int i = 0; i < weights.Length; i++)
        {
            if (!double.IsFinite(weights[i]))
                throw new ArgumentException($"Weight ({i / width}, {i % width}) is {weights[i]}; expected a finite number.", nameof(weights));
        }

        double[] copy = weights.ToArray();
        (double[]? column, double[]? row) = Factorise(copy, height, width);
        return new FilterKernel(copy, height, width, column, row);
    }

    /// <summary>A separable kernel: the products of a column of vertical weights and a row of horizontal ones; not normalized.</summary>
    /// <param name="column">Vertical weights, 1..<see cref="MaxSize"/> finite numbers.</param>
    /// <param name="row">Horizontal weights, 1..<see cref="MaxSize"/> finite numbers.</param>
    /// <exception cref="ArgumentOutOfRangeException">A length is out of range.</exception>
    /// <exception cref="ArgumentException">A weight, or a product of two, is not finite.</exception>
    public static FilterKernel FromFactors(ReadOnlySpan<double> column, ReadOnlySpan<double> row)
    {
        CheckSize(column.Length, nameof(column));
        CheckSize(row.Length, nameof(row));
        var weights = new double[column.Length * row.Length];
        for (int i = 0; i < weights.Length; i++)
        {
            weights[i] = column[i / row.Length] * row[i % row.Length];
            if (!double.IsFinite(weights[i]))
                throw new ArgumentException($"The product of column {i / row.Length} and row {i % row.Length} is {weights[i]}; expected a finite number.", nameof(column));
        }

        return new FilterKernel(weights, column.Length, row.Length, column.ToArray(), row.ToArray());
    }

    /// <summary>The kernel turned by 180 degrees: what makes a correlation a convolution, and the adjoint of a filter.</summary>
    public FilterKernel Flipped() => new(Reversed(_weights)!, Height, Width, Reversed(Column), Reversed(Row));

    /// <summary>"15 x 15" (height x width).</summary>
    public override string ToString() => $"{Height} x {Width}";

    private static double[]? Reversed(double[]? values)
    {
        if (values is null)
            return null;
        double[] reversed = [.. values];
        Array.Reverse(reversed);
        return reversed;
    }

    // A rank-one matrix is the product of any non-zero column and the row through the same element; the largest element loses least.
    private static (double[]? Column, double[]? Row) Factorise(double[] weights, int height, int width)
    {
        int pivot = 0;
        for (int i = 1; i < weights.Length; i++)
        {
            if (Math.Abs(weights[i]) > Math.Abs(weights[pivot]))
                pivot = i;
        }

        var column = new double[height];
        var row = new double[width];
        double largest = weights[pivot];
        if (largest == 0)
            return (column, row);
        for (int y = 0; y < height; y++)
            column[y] = weights[(y * width) + (pivot % width)];
        for (int x = 0; x < width; x++)
            row[x] = weights[(pivot / width * width) + x] / largest;
        for (int i = 0; i < weights.Length; i++)
        {
            if (!(Math.Abs(weights[i] - (column[i / width] * row[i % width])) <= 1e-14 * Math.Abs(largest)))
                return (null, null);
        }

        return (column, row);
    }

    private static void CheckSize(int size, string name)
    {
        if (size is < 1 or > MaxSize)
            throw new ArgumentOutOfRangeException(name, size, $"Expected 1..{MaxSize}.");
    }
}
