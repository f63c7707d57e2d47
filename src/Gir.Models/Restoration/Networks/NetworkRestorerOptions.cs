using Gir.Models.Zoo;

namespace Gir.Models.Restoration;

/// <summary>How a network restores images.</summary>
public sealed record NetworkRestorerOptions
{
    /// <summary>
    /// Height and width of a tile in pixels of the input, rounded up to what the network needs; 0 restores every image whole. Default null:
    /// whole where that fits into <see cref="MemoryBudget"/>, else in the largest tiles that do. A network whose
    /// <see cref="RestorationNetwork.Tiling"/> is discouraged gives other results in tiles than whole; one that is not supported refuses them.
    /// </summary>
    public int? TileSize { get; init; }

    /// <summary>
    /// Pixels that neighboring tiles share, at most half a tile. The outer part of them is thrown away (24 pixels of 64), the middle
    /// 16 pixels are blended linearly. Default null: what the network wants (<see cref="RestorationNetwork.TileOverlap"/>), or half a tile where
    /// that is less.
    /// </summary>
    public int? TileOverlap { get; init; }

    /// <summary>
    /// Whether the image is restored in its eight orientations and the results are averaged (Timofte, Rothe, Van Gool: "Seven ways to improve
    /// example-based single image super resolution", 2016): a little better, eight times slower. Default false.
    /// </summary>
    public bool SelfEnsemble { get; init; }

    /// <summary>
    /// Standard deviation of the noise in 8-bit levels, 0..255, for networks that are told it (FFDNet, DRUNet); default null, an error for those.
    /// </summary>
    public double? NoiseLevel { get; init; }

    /// <summary>
    /// Bytes that the network may use at a time for its intermediate results, 2^20..2^50; weights and images come on top. Default 2^29 (512 MiB). It decides
    /// the size of tiles where <see cref="TileSize"/> is null, down to 64 pixels, and how many images of a batch run at a time.
    /// </summary>
    public long MemoryBudget { get; init; } = 1L << 29;

    /// <summary>
    /// Largest number of threads of one restoration, at least 1; default null: as many as the engine has. Results do not depend on it.
    /// </summary>
    public int? MaxDegreeOfParallelism { get; init; }

    /// <summary>Gives back what a network makes even where it holds NaN or infinity, to see what is wrong with it; default false: that is refused.</summary>
    public bool AllowNonFinite { get; init; }

    /// <summary>Smallest size of tiles where <see cref="TileSize"/> is null, whatever the memory.</summary>
    internal const int SmallestTileSize = 64;

    /// <summary>Largest width of the seam in which two tiles are blended.</summary>
    internal const int BlendWidth = 16;

    internal void Validate()
    {
        if (TileSize is { } tile and (< 0 or > 1 << 20))
            throw new ArgumentOutOfRangeException(nameof(TileSize), tile, "Expected 0 (no tiles) or a size of at most 2^20 pixels.");
        if (TileOverlap < 0)
            throw new ArgumentOutOfRangeException(nameof(TileOverlap), TileOverlap, "Expected at least 0 pixels.");
        if (TileSize is > 0 && TileOverlap > TileSize / 2)
            throw new ArgumentOutOfRangeException(nameof(TileOverlap), TileOverlap, $"Expected at most half a tile, {TileSize / 2}.");
        if (TileOverlap > 1 << 20)
            throw new ArgumentOutOfRangeException(nameof(TileOverlap), TileOverlap, "Expected at most 2^20 pixels.");
        if (MemoryBudget is < 1L << 20 or > 1L << 50)
            throw new ArgumentOutOfRangeException(nameof(MemoryBudget), MemoryBudget, "Expected 2^20..2^50 bytes.");
        if (MaxDegreeOfParallelism < 1)
            throw new ArgumentOutOfRangeException(nameof(MaxDegreeOfParallelism), MaxDegreeOfParallelism, "Expected at least 1 thread.");
        if (NoiseLevel is { } level && !(level >= 0 && level <= 255))
            throw new ArgumentOutOfRangeException(nameof(NoiseLevel), level, "Expected 0..255, in 8-bit levels.");
    }
}
