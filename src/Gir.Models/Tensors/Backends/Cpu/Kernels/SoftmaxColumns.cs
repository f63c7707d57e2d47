using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Gir.Models.Tensors.Backends.Cpu.Kernels;

/// <summary>Softmax down the columns of a <see cref="ColumnTile"/>. Aliasing: none. Lane layout: lane = column.</summary>
internal static unsafe class SoftmaxColumns
{
    /// <summary>The softmax of each column, or its logarithm; the tile's content is used up.</summary>
    /// <param name="tile">[rows, 64].</param>
    /// <param name="rows">Elements of a column.</param>
    /// <param name="logarithm">Whether the logarithm is wanted.</param>
    /// <param name="y">Rows of <paramref name="columns"/> elements.</param>
    /// <param name="stride">From row to row of y.</param>
    /// <param name="columns">Columns that are written.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Forward(float* tile, int rows, bool logarithm, float* y, long stride, int columns)
    {
        nint end = (nint)rows * ColumnTile.Width;
        for (int v = 0; v < columns; v += 16)
        {
            float* column = tile + v;
            Vector512<float> largest = Vector512.Create(float.NegativeInfinity);
            for (nint k = 0; k < end; k += ColumnTile.Width)
                largest = Vector512.MaxNative(largest, Vector512.Load(column + k));
            Vector512<float> total = Vector512<float>.Zero;
            for (nint k = 0; k < end; k += ColumnTile.Width)
            {
                Vector512<float> shifted = Vector512.Load(column + k) - largest;
                Vector512<float> e = VectorMath.Exp(shifted);
                total += e;
                (logarithm ? shifted : e).Store(column + k);
            }

            Vector512<float> offset = logarithm ? VectorMath.Log(total) : Vector512<float>.Zero;
            Vector512<float> scale = logarithm ? Vector512<float>.One : Vector512<float>.One / total;
            for (nint k = 0; k < end; k += ColumnTile.Width)
                ((Vector512.Load(column + k) - offset) * scale).Store(column + k);
        }

        for (int k = 0; k < rows; k++)
            ColumnTile.Write(tile + ((long)k * ColumnTile.Width), y + (k * stride), columns);
    }

    /// <summary>dx = y (dy - sum(y dy)), or dy - exp(y) sum(dy) for the logarithm; the content of dyTile is used up.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Gradient(float* yTile, float* dyTile, int rows, bool logarithm, float* dx, long stride, int columns)
    {
        nint end = (nint)rows * ColumnTile.Width;
        for (int v = 0; v < columns; v += 16)
        {
            float* y = yTile + v;
            float* dy = dyTile + v;
            Vector512<float> sum = Vector512<float>.Zero;
            for (nint k = 0; k < end; k += ColumnTile.Width)
                sum += logarithm ? Vector512.Load(dy + k) : Vector512.Load(y + k) * Vector512.Load(dy + k);
            for (nint k = 0; k < end; k += ColumnTile.Width)
            {
                Vector512<float> output = Vector512.Load(y + k);
                Vector512<float> gradient = Vector512.Load(dy + k);
                (logarithm ? gradient - (VectorMath.Exp(output) * sum) : output * (gradient - sum)).Store(dy + k);
            }
        }

        for (int k = 0; k < rows; k++)
            ColumnTile.Write(dyTile + ((long)k * ColumnTile.Width), dx + (k * stride), columns);
    }
}
