namespace Gir.Models.Backbones.HiNet;

/// <summary>Configuration of <see cref="HiNet"/>; the default is the GoPro network.</summary>
internal sealed record HiNetOptions
{
    /// <summary>Channels of the input; outputs have three.</summary>
    public int Channels { get; init; } = 3;

    /// <summary>Channels of the finest level; each coarser one has twice as many: 64 (GoPro), 32 (SIDD 0.5x).</summary>
    public int Width { get; init; } = 64;

    /// <summary>Levels.</summary>
    public int Depth { get; init; } = 5;

    /// <summary>Slope of the LeakyReLU.</summary>
    public float Slope { get; init; } = 0.2f;

    /// <summary>The finest level with half instance normalization, from 0: 3 (GoPro), 0 (SIDD, Rain13k).</summary>
    public int FirstNormalizedLevel { get; init; } = 3;

    /// <summary>The coarsest level with half instance normalization.</summary>
    public int LastNormalizedLevel { get; init; } = 4;

    /// <summary>
    /// Whether the second stage starts with the first one's convolution, its own being in the state but not in use: so does the copy inside UGPNet. Shapes do not tell.
    /// </summary>
    public bool SharesStart { get; init; }

    /// <summary>Seed of the initial weights.</summary>
    public ulong Seed { get; init; }

    internal void Validate()
    {
        // The attention between the stages adds an image of three channels to the input.
        OptionChecks.OneOf(Channels, [1, 3]);
        OptionChecks.InRange(Width, 2, 1 << 16);
        OptionChecks.InRange(Depth, 2, 12);
        if (Width % 2 != 0)
            throw new ArgumentOutOfRangeException(nameof(Width), Width, "Expected an even number: half of the channels are normalized.");
    }
}
