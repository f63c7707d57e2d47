namespace Gir.Models.Backbones.Restormer;

/// <summary>Configuration of <see cref="Restormer"/>; the default is the published network for deraining and deblurring.</summary>
internal sealed record RestormerOptions
{
    /// <summary>Channels of input and output.</summary>
    public int Channels { get; init; } = 3;

    /// <summary>Channels of the first level; each level below has twice as many.</summary>
    public int Width { get; init; } = 48;

    /// <summary>Transformer blocks of the four levels.</summary>
    public IReadOnlyList<int> Blocks { get; init; } = [4, 6, 6, 8];

    /// <summary>Transformer blocks after the decoder.</summary>
    public int RefinementBlocks { get; init; } = 4;

    /// <summary>Attention heads of the four levels.</summary>
    public IReadOnlyList<int> Heads { get; init; } = [1, 2, 4, 8];

    /// <summary>Hidden width of the feed-forward network divided by the width.</summary>
    public double Expansion { get; init; } = 2.66;

    /// <summary>Whether convolutions have a bias.</summary>
    public bool ConvolutionBias { get; init; }

    /// <summary>"WithBias": layer norms subtract the mean and add a bias; false ("BiasFree", denoising): they do neither.</summary>
    public bool NormBias { get; init; } = true;

    /// <summary>Seed of the initial weights.</summary>
    public ulong Seed { get; init; }

    internal void Validate()
    {
        OptionChecks.AtLeast(Channels, 1);
        OptionChecks.AtLeast(Width, 2);
        OptionChecks.AtLeast(RefinementBlocks, 0);
        OptionChecks.Counts(Blocks, 4);
        OptionChecks.Counts(Heads, 4);
        OptionChecks.PositiveNumber(Expansion);
        if (Width % 2 != 0)
            throw new ArgumentOutOfRangeException(nameof(Width), Width, "Expected an even number.");
        if ((int)(Width * Expansion) < 1)
            throw new ArgumentOutOfRangeException(nameof(Expansion), Expansion, $"Leaves nothing of {Width} channels.");
        for (int level = 0; level < 4; level++)
            OptionChecks.HeadsDivide(Width << level, Heads[level]);
        // The decoder's first level and the refinement are twice as wide, with the first level's heads.
        OptionChecks.HeadsDivide(2 * Width, Heads[0]);
    }
}
