using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Gir.Models.Tensors.Backends.Cpu.Kernels;

/// <summary>Softmax down the columns of a <see cref="ColumnTile"/>. Aliasing: none. Lane layout: lane = column.</summary>
internal static unsafe class SoftmaxColumns
{
    /// <summary>The softmax of each column, or its logarithm; the tile's content is used up.</summary>
    /// <param name="tile">x.</param>
    /// <param name="logarithm">Whether the logarithm is wanted.</param>
    /// <param name="y">The first element of the output.</param>
    /// <param name="stride">From row to row of y.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Forward(in ColumnTile tile, bool logarithm, float* y, long stride)
    {
        nint pitch = tile.Pitch;
        nint end = tile.Rows * pitch;
        for (int v = 0; v < tile.Columns; v += 16)
        {
            float* column = tile.Data + v;
            Vector512<float> largest = Vector512.Create(float.NegativeInfinity);
            for (nint k = 0; k < end; k += pitch)
                largest = Vector512.MaxNative(largest, Vector512.Load(column + k));
            Vector512<float> total = Vector512<float>.Zero;
            for (nint k = 0; k < end; k += pitch)
            {
                Vector512<float> shifted = Vector512.Load(column + k) - largest;
                Vector512<float> e = VectorMath.Exp(shifted);
                total += e;
                (logarithm ? shifted : e).Store(column + k);
            }

            Vector512<float> offset = logarithm ? VectorMath.Log(total) : Vector512<float>.Zero;
            Vector512<float> scale = logarithm ? Vector512<float>.One : Vector512<float>.One / total;
            for (nint k = 0; k < end; k += pitch)
                ((Vector512.Load(column + k) - offset) * scale).Store(column + k);
        }

        tile.Write(y, stride);
    }

    /// <summary>dx = y (dy - sum(y dy)), or dy - exp(y) sum(dy) for the logarithm; the content of dyTile is used up.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Gradient(in ColumnTile yTile, in ColumnTile dyTile, bool logarithm, float* dx, long stride)
    {
        nint pitch = yTile.Pitch;
        nint end = yTile.Rows * pitch;
        for (int v = 0; v < yTile.Columns; v += 16)
        {
            float* y = yTile.Data + v;
            float* dy = dyTile.Data + v;
            Vector512<float> sum = Vector512<float>.Zero;
            for (nint k = 0; k < end; k += pitch)
                sum += logarithm ? Vector512.Load(dy + k) : Vector512.Load(y + k) * Vector512.Load(dy + k);
            for (nint k = 0; k < end; k += pitch)
            {
                Vector512<float> output = Vector512.Load(y + k);
                Vector512<float> gradient = Vector512.Load(dy + k);
                (logarithm ? gradient - (VectorMath.Exp(output) * sum) : output * (gradient - sum)).Store(dy + k);
            }
        }

        dyTile.Write(dx, stride);
    }
}
