namespace Gir.Models.Restoration;

/// <summary>How a network restores images.</summary>
public sealed record NetworkRestorerOptions
{
    /// <summary>
    /// Height and width of a tile in pixels of the input, rounded up to what the network needs; 0 restores every image whole. Default null:
    /// images of more than <see cref="LargestWholeSize"/> squared pixels in tiles of <see cref="AutomaticTileSize"/>, smaller ones whole.
    /// </summary>
    public int? TileSize { get; init; }

    /// <summary>
    /// Pixels that neighbouring tiles share, at most half a tile; default 64. The outer part of them is thrown away (24 pixels of 64), the middle
    /// <see cref="BlendWidth"/> pixels are blended linearly.
    /// </summary>
    public int TileOverlap { get; init; } = 64;

    /// <summary>
    /// Whether the image is restored in its eight orientations and the results are averaged (Timofte, Rothe, Van Gool: "Seven ways to improve
    /// example-based single image super resolution", 2016): a little better, eight times slower. Default false.
    /// </summary>
    public bool SelfEnsemble { get; init; }

    /// <summary>
    /// Standard deviation of the noise in 8-bit levels, 0..255, for networks that are told it (FFDNet, DRUNet); default null, an error for those.
    /// </summary>
    public double? NoiseLevel { get; init; }

    /// <summary>Side of the largest square restored whole where <see cref="TileSize"/> is null.</summary>
    public const int LargestWholeSize = 512;

    /// <summary>Tile size where <see cref="TileSize"/> is null: a photograph of 4000 x 3000 pixels stays well below 2 GB.</summary>
    public const int AutomaticTileSize = 256;

    /// <summary>Largest width of the seam in which two tiles are blended.</summary>
    public const int BlendWidth = 16;

    internal void Validate()
    {
        if (TileSize is { } tile and (< 0 or > 1 << 20))
            throw new ArgumentOutOfRangeException(nameof(TileSize), tile, "Expected 0 (no tiles) or a size of at most 2^20 pixels.");
        ArgumentOutOfRangeException.ThrowIfNegative(TileOverlap, nameof(TileOverlap));
        int size = TileSize is null or 0 ? AutomaticTileSize : TileSize.Value;
        if (TileSize != 0 && TileOverlap > size / 2)
            throw new ArgumentOutOfRangeException(nameof(TileOverlap), TileOverlap, $"Expected at most half a tile, {size / 2}.");
        if (NoiseLevel is { } level && !(level >= 0 && level <= 255))
            throw new ArgumentOutOfRangeException(nameof(NoiseLevel), level, "Expected 0..255, in 8-bit levels.");
    }
}

/// <summary>How far a restoration is.</summary>
/// <param name="Done">Tiles done, counted over all orientations and planes.</param>
/// <param name="Total">Tiles in all.</param>
public readonly record struct RestorationProgress(int Done, int Total);
