using Gir.Models.Zoo;

namespace Gir.Models.Restoration;

/// <summary>Decides in what tiles a network sees an image.</summary>
internal sealed class TilePlanner(RestorationNetwork network, NetworkRestorerOptions options, NetworkPass pass)
{
    // More images than this gain nothing by running together.
    private const int LargestBatch = 16;

    // Tiles start at multiples of this, so that strides inside the network fall as they would in the whole image.
    private const int CommonGrid = 16;

    private readonly int _multiple = Math.Max(1, network.Size.Multiple);
    private readonly int _sizeGrid = SizeGrid(network);

    private readonly int _overlap = options.TileOverlap ?? network.TileOverlap;

    // A network that centers an image in a square keeps no grid.
    private readonly int _startGrid = network.Size.SquareMultiple > 0 ? 1 : SizeGrid(network);

    /// <summary>The sides of a tile are multiples of this.</summary>
    public static int SizeGrid(RestorationNetwork network)
    {
        int multiple = Math.Max(1, network.Size.Multiple);
        return network.Size.SquareMultiple > 0 ? network.Size.SquareMultiple : multiple / Gcd(multiple, CommonGrid) * CommonGrid;
    }

    /// <summary>The layout of images of a size.</summary>
    public TileLayout Plan(int height, int width)
    {
        (int Rows, int Columns)? tile = TileFor(height, width);
        (int paddedHeight, int paddedWidth) = PaddedSize(height, width, tile is { } given ? Math.Max(given.Rows, given.Columns) : 0);
        (int top, int left) = network.Size.IsCentered ? ((paddedHeight - height) / 2, (paddedWidth - width) / 2) : (0, 0);
        TileAxis rows = Axis(paddedHeight, tile?.Rows);
        TileAxis columns = Axis(paddedWidth, tile?.Columns);
        return new TileLayout(paddedHeight, paddedWidth, top, left, rows, columns);
    }

    /// <summary>How many images of a layout may run at a time, at least 1.</summary>
    /// <param name="layout">The layout of each.</param>
    /// <param name="count">Number of images there are.</param>
    public int BatchOf(TileLayout layout, int count)
    {
        if (count == 1 || layout.Count > 1)
            return 1;
        int most = Math.Min(count, LargestBatch);
        if ((long)most * layout.Height * layout.Width <= pass.NegligiblePixels)
            return most;
        return (int)Math.Clamp(options.MemoryBudget / pass.Bytes(layout.Height, layout.Width), 1, most);
    }

    private TileAxis Axis(int length, int? tile)
    {
        int size = tile ?? length;
        return TileAxis.Create(length, size, Math.Min(_overlap, size / 2), _startGrid, network.Scale);
    }

    /// <summary>The size of tiles, null for none.</summary>
    private (int Rows, int Columns)? TileFor(int height, int width)
    {
        if (options.TileSize == 0 || network.Tiling == TilingSupport.Unsupported)
            return null;
        if (options.TileSize is { } given)
        {
            int rounded = RoundUp(Math.Max(given, network.Size.Minimum), _sizeGrid);
            return (rounded, rounded);
        }

        (int paddedHeight, int paddedWidth) = PaddedSize(height, width, tile: 0);
        if ((long)paddedHeight * paddedWidth <= pass.NegligiblePixels || pass.Bytes(paddedHeight, paddedWidth) <= options.MemoryBudget)
            return null;
        int largest = LargestTile();
        return network.Size.IsSquare || network.Size.SquareMultiple > 0
            ? (largest, largest)
            : (TileAxis.Shrink(paddedHeight, largest, _overlap, _startGrid), TileAxis.Shrink(paddedWidth, largest, _overlap, _startGrid));
    }

    // Memory grows with the square of the side; the last tile of a row is up to a grid's step longer than the others.
    private int LargestTile()
    {
        int smallest = RoundUp(Math.Max(NetworkRestorerOptions.SmallestTileSize, network.Size.Minimum), _sizeGrid);
        double side = Math.Sqrt(options.MemoryBudget / pass.BytesPerPixel) - (_startGrid - 1);
        return Math.Max(smallest, (int)Math.Min(side, 1 << 20) / _sizeGrid * _sizeGrid);
    }

    private (int Height, int Width) PaddedSize(int height, int width, int tile)
    {
        int paddedHeight = RoundUp(Math.Max(height, network.Size.Minimum), _multiple);
        int paddedWidth = RoundUp(Math.Max(width, network.Size.Minimum), _multiple);
        if (!network.Size.IsSquare || (paddedHeight == paddedWidth && tile == 0))
            return (paddedHeight, paddedWidth);
        // Whole: a square around the image. In tiles: each tile is a square, unless the image is smaller than one.
        int side = Math.Max(paddedHeight, paddedWidth);
        return tile == 0 || side <= tile ? (side, side) : (Math.Max(paddedHeight, tile), Math.Max(paddedWidth, tile));
    }

    private static int RoundUp(int value, int multiple) => checked((value + multiple - 1) / multiple * multiple);

    private static int Gcd(int a, int b) => b == 0 ? a : Gcd(b, a % b);
}
