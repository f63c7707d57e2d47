using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Gir.Models.Tensors.Backends.Cpu.Kernels;

/// <summary>
/// Layer normalization down the columns of a <see cref="ColumnTile"/>, e.g. over the channels at each pixel. Aliasing: none. Lane layout:
/// lane = column. Sums are float32 in four chains, one for every fourth row, and corrected as in <see cref="NormalizeRows"/>.
/// </summary>
internal static unsafe class NormalizeColumns
{
    /// <summary>y = (x - mean) reciprocal weight + bias.</summary>
    /// <param name="tile">x; its content is used up.</param>
    /// <param name="weight">One for each row, or null.</param>
    /// <param name="bias">Likewise.</param>
    /// <param name="epsilon">Added to the biased variance.</param>
    /// <param name="subtractMean">Whether the numerator is x - mean, or x.</param>
    /// <param name="y">The first element of the output.</param>
    /// <param name="stride">From row to row of y.</param>
    /// <param name="mean">Receives the means of the columns.</param>
    /// <param name="reciprocal">Receives 1 / sqrt(variance + epsilon).</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Forward(
        in ColumnTile tile, float* weight, float* bias, float epsilon, bool subtractMean, float* y, long stride, float* mean, float* reciprocal)
    {
        (int rows, int columns, nint pitch) = (tile.Rows, tile.Columns, tile.Pitch);
        float* means = stackalloc float[2 * ColumnTile.LargestWidth];
        float* scales = means + ColumnTile.LargestWidth;
        for (int v = 0; v < columns; v += 16)
            Moments(tile.Data + v, rows, pitch, epsilon, means + v, scales + v);
        Copy(means, mean, columns);
        Copy(scales, reciprocal, columns);
        if (!subtractMean)
            new Span<float>(means, columns).Clear();
        // Whole vectors go straight to their place; others through the tile.
        bool isWhole = columns % 16 == 0;
        float* row = tile.Data;
        float* to = isWhole ? y : row;
        for (int k = 0; k < rows; k++)
        {
            Vector512<float> factor = Vector512.Create(weight == null ? 1 : weight[k]);
            Vector512<float> added = Vector512.Create(bias == null ? 0 : bias[k]);
            for (nint v = 0; v < columns; v += 16)
                (((Vector512.Load(row + v) - Vector512.Load(means + v)) * Vector512.Load(scales + v) * factor) + added).Store(to + v);
            row += pitch;
            to += isWhole ? (nint)stride : pitch;
        }

        if (!isWhole)
            tile.Write(y, stride);
    }

    /// <summary>dx = reciprocal (g - mean of g) - projection (x - mean) with g = dy weight; the content of dyTile is used up.</summary>
    /// <param name="tile">x.</param>
    /// <param name="dyTile">dy.</param>
    /// <param name="weight">One for each row, or null.</param>
    /// <param name="mean">The means of the columns.</param>
    /// <param name="reciprocal">1 / sqrt(variance + epsilon).</param>
    /// <param name="subtractMean">Whether the numerator was x - mean, or x.</param>
    /// <param name="dx">The first element of the output.</param>
    /// <param name="stride">From row to row of dx.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Gradient(
        in ColumnTile tile, in ColumnTile dyTile, float* weight, float* mean, float* reciprocal, bool subtractMean, float* dx, long stride)
    {
        (int rows, int columns, nint pitch) = (tile.Rows, tile.Columns, tile.Pitch);
        float* means = stackalloc float[2 * ColumnTile.LargestWidth];
        float* scales = means + ColumnTile.LargestWidth;
        new Span<float>(means, 2 * ColumnTile.LargestWidth).Clear();
        Copy(mean, means, columns);
        Copy(reciprocal, scales, columns);
        for (int v = 0; v < columns; v += 16)
        {
            float* x = tile.Data + v;
            float* dy = dyTile.Data + v;
            Vector512<float> average = Vector512.Load(means + v);
            Vector512<float> scale = Vector512.Load(scales + v);
            Vector512<float> shift = subtractMean ? average : Vector512<float>.Zero;
            Vector512<float> sum0 = Vector512<float>.Zero, sum1 = sum0, product0 = sum0, product1 = sum0;
            nint k = 0;
            for (; k <= rows - 2; k += 2)
            {
                Vector512<float> g0 = Vector512.Load(dy + (k * pitch)) * (weight == null ? 1 : weight[k]);
                Vector512<float> g1 = Vector512.Load(dy + ((k + 1) * pitch)) * (weight == null ? 1 : weight[k + 1]);
                sum0 += g0;
                sum1 += g1;
                product0 += g0 * (Vector512.Load(x + (k * pitch)) - shift);
                product1 += g1 * (Vector512.Load(x + ((k + 1) * pitch)) - shift);
                g0.Store(dy + (k * pitch));
                g1.Store(dy + ((k + 1) * pitch));
            }

            if (k < rows)
            {
                Vector512<float> g0 = Vector512.Load(dy + (k * pitch)) * (weight == null ? 1 : weight[k]);
                sum0 += g0;
                product0 += g0 * (Vector512.Load(x + (k * pitch)) - shift);
                g0.Store(dy + (k * pitch));
            }

            Vector512<float> meanGradient = subtractMean ? (sum0 + sum1) / rows : Vector512<float>.Zero;
            Vector512<float> projection = scale * scale * scale * ((product0 + product1) / rows);
            for (k = 0; k < rows; k++)
            {
                float* at = dy + (k * pitch);
                (((Vector512.Load(at) - meanGradient) * scale) - ((Vector512.Load(x + (k * pitch)) - average) * projection)).Store(at);
            }
        }

        dyTile.Write(dx, stride);
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

    private static void Copy(float* from, float* to, int length) => new ReadOnlySpan<float>(from, length).CopyTo(new Span<float>(to, length));

    // A first mean, then the sums of deviations from it and of their squares: the first corrects the mean, both give the variance.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Moments(float* column, int rows, nint pitch, float epsilon, float* mean, float* reciprocal)
    {
        Vector512<float> a = Vector512<float>.Zero, b = a, c = a, d = a;
        nint k = 0;
        for (; k <= rows - 4; k += 4)
        {
            a += Vector512.Load(column + (k * pitch));
            b += Vector512.Load(column + ((k + 1) * pitch));
            c += Vector512.Load(column + ((k + 2) * pitch));
            d += Vector512.Load(column + ((k + 3) * pitch));
        }

        for (; k < rows; k++)
            a += Vector512.Load(column + (k * pitch));
        Vector512<float> average = ((a + b) + (c + d)) / rows;

        Vector512<float> squares0 = Vector512<float>.Zero, squares1 = squares0;
        (a, b) = (squares0, squares0);
        for (k = 0; k <= rows - 2; k += 2)
        {
            Vector512<float> deviation0 = Vector512.Load(column + (k * pitch)) - average;
            Vector512<float> deviation1 = Vector512.Load(column + ((k + 1) * pitch)) - average;
            a += deviation0;
            b += deviation1;
            squares0 = Vector512.FusedMultiplyAdd(deviation0, deviation0, squares0);
            squares1 = Vector512.FusedMultiplyAdd(deviation1, deviation1, squares1);
        }

        if (k < rows)
        {
            Vector512<float> deviation = Vector512.Load(column + (k * pitch)) - average;
            a += deviation;
            squares0 = Vector512.FusedMultiplyAdd(deviation, deviation, squares0);
        }

        Vector512<float> correction = (a + b) / rows;
        Vector512<float> variance = Vector512.Max(((squares0 + squares1) / rows) - (correction * correction), Vector512<float>.Zero);
        (average + correction).Store(mean);
        (Vector512<float>.One / Vector512.Sqrt(variance + Vector512.Create(epsilon))).Store(reciprocal);
    }
}
