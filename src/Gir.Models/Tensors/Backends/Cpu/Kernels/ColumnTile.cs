namespace Gir.Models.Tensors.Backends.Cpu.Kernels;

/// <summary>
/// Neighboring columns of a matrix, copied: how reductions along a middle axis are done one lane per column, e.g. over the channels at each
/// pixel. Planes that lie a power of two apart share their places in the caches, and a second visit would not find them there; rows of the tile
/// are an odd number of cache lines apart, so that a column's elements do not.
/// </summary>
internal readonly unsafe struct ColumnTile
{
    /// <summary>Columns of the widest tile: runs of 1 KB are long enough to be fetched ahead.</summary>
    public const int LargestWidth = 256;

    private const int SmallestWidth = 64;

    // Elements of a tile, which stay in the L2 cache.
    private const int Capacity = 1 << 16;

    /// <summary>Lays a tile out in scratch of <see cref="ScratchLength"/>.</summary>
    /// <param name="scratch">Its memory.</param>
    /// <param name="rows">Elements of a column.</param>
    /// <param name="columns">Columns, at most <see cref="LargestWidth"/>.</param>
    public ColumnTile(float* scratch, int rows, int columns)
    {
        Data = scratch;
        Rows = rows;
        Columns = columns;
        Pitch = PitchOf(columns);
    }

    public float* Data { get; }

    public int Rows { get; }

    public int Columns { get; }

    /// <summary>Elements from row to row.</summary>
    public nint Pitch { get; }

    /// <summary>Columns of a tile for columns of a length, a multiple of 16.</summary>
    public static int WidthFor(int rows) => Math.Clamp(Capacity / Math.Max(rows, 1), SmallestWidth, LargestWidth) & ~15;

    /// <summary>Elements of a tile.</summary>
    public static long ScratchLength(int rows, int columns) => rows * (long)PitchOf(columns);

    /// <summary>Copies rows that are <paramref name="stride"/> apart; what fills up the last vector of a row is 0.</summary>
    public void Read(float* from, long stride)
    {
        int filled = (Columns + 15) & ~15;
        for (int k = 0; k < Rows; k++)
        {
            var row = new Span<float>(Data + (k * Pitch), filled);
            new ReadOnlySpan<float>(from + (k * stride), Columns).CopyTo(row);
            row[Columns..].Clear();
        }
    }

    /// <summary>Copies the rows to where they are <paramref name="stride"/> apart.</summary>
    public void Write(float* to, long stride)
    {
        for (int k = 0; k < Rows; k++)
            new ReadOnlySpan<float>(Data + (k * Pitch), Columns).CopyTo(new Span<float>(to + (k * stride), Columns));
    }

    private static int PitchOf(int columns) => ((columns + 15) & ~15) | 16;
}
