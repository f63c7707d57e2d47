using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Gir.Models.Tensors.Backends.Cpu.Kernels;

/// <summary>
/// Up to 64 neighbouring columns of a matrix in rows of 64: how reductions along a middle axis are done one lane per column, e.g. over the
/// channels at each pixel. They are worked on in a copy, since planes that lie a power of two apart share their places in the caches, and a
/// second visit would not find them there.
/// </summary>
internal static unsafe class ColumnTile
{
    /// <summary>Columns of a tile: four vectors.</summary>
    public const int Width = 64;

    /// <summary>Copies rows of <paramref name="columns"/> elements, <paramref name="stride"/> apart, into the tile; what is missing in a row is 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Read(float* from, long stride, int rows, int columns, float* tile)
    {
        if (columns < Width)
        {
            ReadPart(from, stride, rows, columns, tile);
            return;
        }

        for (nint k = 0; k < rows; k++)
        {
            Vector512.Load(from).Store(tile);
            Vector512.Load(from + 16).Store(tile + 16);
            Vector512.Load(from + 32).Store(tile + 32);
            Vector512.Load(from + 48).Store(tile + 48);
            from += stride;
            tile += Width;
        }
    }

    /// <summary>Copies a run of at most 64 elements.</summary>
    public static void Write(float* row, float* to, int columns) => new ReadOnlySpan<float>(row, columns).CopyTo(new Span<float>(to, columns));

    private static void ReadPart(float* from, long stride, int rows, int columns, float* tile)
    {
        for (int k = 0; k < rows; k++)
        {
            var row = new Span<float>(tile + ((long)k * Width), Width);
            new ReadOnlySpan<float>(from + (k * stride), columns).CopyTo(row);
            row[columns..].Clear();
        }
    }
}
