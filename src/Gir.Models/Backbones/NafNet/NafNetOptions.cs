namespace Gir.Models.Backbones.NafNet;

/// <summary>Configuration of <see cref="NafNet"/>; the default is NAFNet-SIDD-width32.</summary>
internal sealed record NafNetOptions
{
    /// <summary>Channels of input and output.</summary>
    public int Channels { get; init; } = 3;

    /// <summary>Channels of the finest level; each coarser one has twice as many. Published: 32 and 64.</summary>
    public int Width { get; init; } = 32;

    /// <summary>Blocks of the coarsest level: 12 (SIDD), 1 (GoPro).</summary>
    public int MiddleBlocks { get; init; } = 12;

    /// <summary>Blocks of each level on the way down: 2, 2, 4, 8 (SIDD); 1, 1, 1, 28 (GoPro).</summary>
    public IReadOnlyList<int> EncoderBlocks { get; init; } = [2, 2, 4, 8];

    /// <summary>Blocks of each level on the way up, the coarsest first: 2, 2, 2, 2 (SIDD); 1, 1, 1, 1 (GoPro).</summary>
    public IReadOnlyList<int> DecoderBlocks { get; init; } = [2, 2, 2, 2];

    /// <summary>
    /// Side of the window over which channel attention averages, in pixels of the finest level; null averages the whole image. The published
    /// GoPro results use 384, which is 1.5 times the training patch (Chu et al. 2022, "test-time local converter").
    /// </summary>
    public int? LocalWindow { get; init; }

    /// <summary>Seed of the initial weights.</summary>
    public ulong Seed { get; init; }

    internal void Validate()
    {
        OptionChecks.Positive(Channels);
        OptionChecks.InRange(Width, 1, 1 << 16);
        OptionChecks.InRange(MiddleBlocks, 0, 10_000);
        if (EncoderBlocks is null || DecoderBlocks is null || EncoderBlocks.Count != DecoderBlocks.Count || EncoderBlocks.Count > 10)
            throw new ArgumentException($"Expected as many levels down as up, at most 10; found {EncoderBlocks?.Count} and {DecoderBlocks?.Count}.", nameof(EncoderBlocks));
        if (EncoderBlocks.Concat(DecoderBlocks).Any(b => b < 0))
            throw new ArgumentException("Numbers of blocks are not negative.", nameof(EncoderBlocks));
        if (LocalWindow is { } window)
            OptionChecks.InRange(window, 1 << EncoderBlocks.Count, int.MaxValue, nameof(LocalWindow));
    }
}
