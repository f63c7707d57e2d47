using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Gir.Models.Tensors.Backends.Cpu.Kernels;

/// <summary>
/// Layer normalisation down the columns of a <see cref="ColumnTile"/>, e.g. over the channels at each pixel. Aliasing: none. Lane layout:
/// lane = column. Sums are float32 in four chains, one for every fourth row, and corrected as in <see cref="NormalizeRows"/>.
/// </summary>
internal static unsafe class NormalizeColumns
{
    private const int Width = ColumnTile.Width;

    /// <summary>y = (x - mean) reciprocal weight + bias.</summary>
    /// <param name="tile">x as [rows, 64].</param>
    /// <param name="rows">Elements of a column.</param>
    /// <param name="weight">[rows] or null.</param>
    /// <param name="bias">[rows] or null.</param>
    /// <param name="epsilon">Added to the biased variance.</param>
    /// <param name="subtractMean">Whether the numerator is x - mean, or x.</param>
    /// <param name="y">Rows of <paramref name="columns"/> elements.</param>
    /// <param name="stride">From row to row of y.</param>
    /// <param name="columns">Columns that are written.</param>
    /// <param name="mean">Receives the means of the columns.</param>
    /// <param name="reciprocal">Receives 1 / sqrt(variance + epsilon).</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Forward(
        float* tile, int rows, float* weight, float* bias, float epsilon, bool subtractMean, float* y, long stride, int columns, float* mean, float* reciprocal)
    {
        float* means = stackalloc float[2 * Width];
        float* scales = means + Width;
        for (int v = 0; v < columns; v += 16)
            Moments(tile + v, rows, epsilon, means + v, scales + v);
        ColumnTile.Write(means, mean, columns);
        ColumnTile.Write(scales, reciprocal, columns);
        if (!subtractMean)
            new Span<float>(means, Width).Clear();
        bool whole = columns == Width;
        for (nint k = 0; k < rows; k++)
        {
            float* row = tile + (k * Width);
            float* to = whole ? y : row;
            Vector512<float> factor = Vector512.Create(weight == null ? 1 : weight[k]);
            Vector512<float> added = Vector512.Create(bias == null ? 0 : bias[k]);
            for (nint v = 0; v < Width; v += 16)
                (((Vector512.Load(row + v) - Vector512.Load(means + v)) * Vector512.Load(scales + v) * factor) + added).Store(to + v);
            if (!whole)
                ColumnTile.Write(row, y, columns);
            y += stride;
        }
    }

    /// <summary>dx = reciprocal (g - mean of g) - projection (x - mean) with g = dy weight; the content of dyTile is used up.</summary>
    /// <param name="tile">x as [rows, 64].</param>
    /// <param name="dyTile">dy, likewise.</param>
    /// <param name="rows">Elements of a column.</param>
    /// <param name="weight">[rows] or null.</param>
    /// <param name="mean">The means of the columns.</param>
    /// <param name="reciprocal">1 / sqrt(variance + epsilon).</param>
    /// <param name="subtractMean">Whether the numerator was x - mean, or x.</param>
    /// <param name="dx">Rows of <paramref name="columns"/> elements.</param>
    /// <param name="stride">From row to row of dx.</param>
    /// <param name="columns">Columns that are written.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Gradient(
        float* tile, float* dyTile, int rows, float* weight, float* mean, float* reciprocal, bool subtractMean, float* dx, long stride, int columns)
    {
        float* lanes = stackalloc float[2 * Width];
        new Span<float>(lanes, 2 * Width).Clear();
        ColumnTile.Write(mean, lanes, columns);
        ColumnTile.Write(reciprocal, lanes + Width, columns);
        for (int v = 0; v < columns; v += 16)
        {
            float* x = tile + v;
            float* dy = dyTile + v;
            Vector512<float> average = Vector512.Load(lanes + v);
            Vector512<float> scale = Vector512.Load(lanes + Width + v);
            Vector512<float> shift = subtractMean ? average : Vector512<float>.Zero;
            Vector512<float> sum0 = Vector512<float>.Zero, sum1 = sum0, product0 = sum0, product1 = sum0;
            nint k = 0;
            for (; k <= rows - 2; k += 2)
            {
                Vector512<float> g0 = Vector512.Load(dy + (k * Width)) * (weight == null ? 1 : weight[k]);
                Vector512<float> g1 = Vector512.Load(dy + ((k + 1) * Width)) * (weight == null ? 1 : weight[k + 1]);
                sum0 += g0;
                sum1 += g1;
                product0 += g0 * (Vector512.Load(x + (k * Width)) - shift);
                product1 += g1 * (Vector512.Load(x + ((k + 1) * Width)) - shift);
                g0.Store(dy + (k * Width));
                g1.Store(dy + ((k + 1) * Width));
            }

            if (k < rows)
            {
                Vector512<float> g0 = Vector512.Load(dy + (k * Width)) * (weight == null ? 1 : weight[k]);
                sum0 += g0;
                product0 += g0 * (Vector512.Load(x + (k * Width)) - shift);
                g0.Store(dy + (k * Width));
            }

            Vector512<float> meanGradient = subtractMean ? (sum0 + sum1) / rows : Vector512<float>.Zero;
            Vector512<float> projection = scale * scale * scale * ((product0 + product1) / rows);
            for (k = 0; k < rows; k++)
            {
                float* at = dy + (k * Width);
                (((Vector512.Load(at) - meanGradient) * scale) - ((Vector512.Load(x + (k * Width)) - average) * projection)).Store(at);
            }
        }

        for (int k = 0; k < rows; k++)
            ColumnTile.Write(dyTile + ((long)k * Width), dx + (k * stride), columns);
    }

    /// <summary>The sums of dy and of dy (x - mean) reciprocal over one row of columns, in double over blocks of float32 sums.</summary>
    /// <param name="x">[length].</param>
    /// <param name="dy">[length].</param>
    /// <param name="mean">[length], or null where it was not subtracted.</param>
    /// <param name="reciprocal">[length].</param>
    /// <param name="length">Columns.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static (double Weight, double Bias) FactorSums(float* x, float* dy, float* mean, float* reciprocal, int length)
    {
        const int Block = 1024;
        (double weights, double biases) = (0, 0);
        for (int first = 0; first < length; first += Block)
        {
            int count = Math.Min(Block, length - first);
            var tail = new RowTail(count);
            Vector512<float> gradient = tail.Load(dy + first) & tail.Mask;
            Vector512<float> shift = mean == null ? Vector512<float>.Zero : tail.Load(mean + first);
            Vector512<float> weight = gradient * ((tail.Load(x + first) - shift) * tail.Load(reciprocal + first));
            Vector512<float> bias = gradient;
            for (nint i = first; i < first + tail.Whole; i += 16)
            {
                gradient = Vector512.Load(dy + i);
                if (mean != null)
                    shift = Vector512.Load(mean + i);
                bias += gradient;
                weight += gradient * ((Vector512.Load(x + i) - shift) * Vector512.Load(reciprocal + i));
            }

            weights += VectorMath.Sum(weight);
            biases += VectorMath.Sum(bias);
        }

        return (weights, biases);
    }

    // A first mean, then the sums of deviations from it and of their squares: the first corrects the mean, both give the variance.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Moments(float* column, int rows, float epsilon, float* mean, float* reciprocal)
    {
        Vector512<float> a = Vector512<float>.Zero, b = a, c = a, d = a;
        nint k = 0;
        for (; k <= rows - 4; k += 4)
        {
            a += Vector512.Load(column + (k * Width));
            b += Vector512.Load(column + ((k + 1) * Width));
            c += Vector512.Load(column + ((k + 2) * Width));
            d += Vector512.Load(column + ((k + 3) * Width));
        }

        for (; k < rows; k++)
            a += Vector512.Load(column + (k * Width));
        Vector512<float> average = ((a + b) + (c + d)) / rows;

        Vector512<float> squares0 = Vector512<float>.Zero, squares1 = squares0;
        (a, b) = (squares0, squares0);
        for (k = 0; k <= rows - 2; k += 2)
        {
            Vector512<float> deviation0 = Vector512.Load(column + (k * Width)) - average;
            Vector512<float> deviation1 = Vector512.Load(column + ((k + 1) * Width)) - average;
            a += deviation0;
            b += deviation1;
            squares0 = Vector512.FusedMultiplyAdd(deviation0, deviation0, squares0);
            squares1 = Vector512.FusedMultiplyAdd(deviation1, deviation1, squares1);
        }

        if (k < rows)
        {
            Vector512<float> deviation = Vector512.Load(column + (k * Width)) - average;
            a += deviation;
            squares0 = Vector512.FusedMultiplyAdd(deviation, deviation, squares0);
        }

        Vector512<float> correction = (a + b) / rows;
        Vector512<float> variance = Vector512.Max(((squares0 + squares1) / rows) - (correction * correction), Vector512<float>.Zero);
        (average + correction).Store(mean);
        (Vector512<float>.One / Vector512.Sqrt(variance + Vector512.Create(epsilon))).Store(reciprocal);
    }
}
