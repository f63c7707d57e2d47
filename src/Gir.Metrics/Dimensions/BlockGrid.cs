namespace Gir.Metrics.Dimensions;

/// <summary>An image cut into blocks of 16 x 16 pixels, from the upper left; those of the right and lower edge may be smaller.</summary>
internal readonly record struct BlockGrid(int Height, int Width)
{
    /// <summary>Pixels along a block's side.</summary>
    public const int Side = Kernels.BandMoments.Width;

    public int Rows => (Height + Side - 1) / Side;

    public int Columns => (Width + Side - 1) / Side;

    public int Count => Rows * Columns;

    /// <summary>A block by its number, row after row.</summary>
    public Block this[int index]
    {
        get
        {
            (int row, int column) = Math.DivRem(index, Columns);
            (int top, int left) = (row * Side, column * Side);
            return new Block(top, left, Math.Min(Side, Height - top), Math.Min(Side, Width - left));
        }
    }
}

/// <summary>A rectangle of pixels.</summary>
internal readonly record struct Block(int Top, int Left, int Height, int Width)
{
    public int Pixels => Height * Width;
}

/// <summary>Where in the result a block of the reference is found.</summary>
internal readonly record struct Shift(int Down, int Right);
