namespace Gir.Models.Restoration;

/// <summary>Tiles along one axis: starts on a grid, equal lengths but for the last one, which may be less than a grid longer, and weights that add up to 1.</summary>
internal sealed class TileAxis
{
    private readonly int[] _starts;
    private readonly int _length;
    private readonly int _size;
    private readonly int _scale;

    private TileAxis(int[] starts, int length, int size, int scale)
    {
        _starts = starts;
        _length = length;
        _size = size;
        _scale = scale;
    }

    /// <summary>Number of tiles.</summary>
    public int Count => _starts.Length;

    /// <summary>Covers an axis.</summary>
    /// <param name="length">Its length, at least 1.</param>
    /// <param name="tile">Length of a tile, a multiple of the grid.</param>
    /// <param name="overlap">Least number of shared pixels, at most half a tile.</param>
    /// <param name="grid">Starts are multiples of this, so that windows lie as they would in the whole image.</param>
    /// <param name="scale">Output pixels for each input pixel.</param>
    public static TileAxis Create(int length, int tile, int overlap, int grid, int scale)
    {
        // A last tile is allowed to be that much longer; so is the only one.
        if (length < tile + grid)
            return new TileAxis([0], length, length, scale);
        int step = Math.Max(grid, (tile - overlap) / grid * grid);
        int last = length - tile;
        int count = ((last + step - 1) / step) + 1;
        var starts = new int[count];
        // Evenly spread, lest the last tile be nearly the one before it.
        for (int i = 0; i < count; i++)
            starts[i] = (int)((long)last * i / (count - 1)) / grid * grid;
        return new TileAxis(starts, length, tile, scale);
    }

    /// <summary>The smallest tile that covers an axis in as few tiles as the largest one that is allowed: the work is the less, the less they share.</summary>
    public static int Shrink(int length, int largest, int overlap, int grid)
    {
        int count = Create(length, largest, Math.Min(overlap, largest / 2), grid, 1).Count;
        int tile = largest;
        while (count > 1 && tile - grid >= 2 * overlap && Create(length, tile - grid, overlap, grid, 1).Count == count)
            tile -= grid;
        return tile;
    }

    public int Start(int tile) => _starts[tile];

    public int Size(int tile) => tile == Count - 1 ? _length - _starts[tile] : _size;

    /// <summary>The weights of one tile's output: 1 inside, linear across the seams, 0 beyond them.</summary>
    public float[] Weights(int tile)
    {
        var weights = new float[Size(tile) * _scale];
        for (int i = 0; i < weights.Length; i++)
        {
            int position = (_starts[tile] * _scale) + i;
            float rising = tile == 0 ? 1 : Seam(tile, position);
            float falling = tile == Count - 1 ? 0 : Seam(tile + 1, position);
            weights[i] = rising - falling;
        }

        return weights;
    }

    /// <summary>From 0 to 1 across the middle of what a tile shares with the one before it.</summary>
    private float Seam(int tile, int position)
    {
        int begin = _starts[tile] * _scale;
        int end = (_starts[tile - 1] + _size) * _scale;
        int width = Math.Min(NetworkRestorerOptions.BlendWidth * _scale, end - begin);
        int first = begin + ((end - begin - width) / 2);
        if (position < first)
            return 0;
        return position >= first + width ? 1 : (position - first + 0.5f) / width;
    }
}
