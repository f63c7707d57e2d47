using System.Globalization;

namespace Gir.Models.Backbones.Restormer;

/// <summary>Configuration of <see cref="Restormer"/>; the default is the published network for deraining and deblurring.</summary>
public sealed record RestormerOptions
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
        TransformerOptions.AtLeast(Channels, 1);
        TransformerOptions.AtLeast(Width, 2);
        TransformerOptions.AtLeast(RefinementBlocks, 0);
        TransformerOptions.Counts(Blocks, 4);
        TransformerOptions.Counts(Heads, 4);
        TransformerOptions.PositiveNumber(Expansion);
        if (Width % 2 != 0)
            throw new ArgumentOutOfRangeException(nameof(Width), Width, "Expected an even number.");
        if ((int)(Width * Expansion) < 1)
            throw new ArgumentOutOfRangeException(nameof(Expansion), Expansion, $"Leaves nothing of {Width} channels.");
        for (int level = 0; level < 4; level++)
            TransformerOptions.HeadsDivide(Width << level, Heads[level]);
        // The decoder's first level and the refinement are twice as wide, with the first level's heads.
        TransformerOptions.HeadsDivide(2 * Width, Heads[0]);
    }

    internal string Describe() => string.Create(
        CultureInfo.InvariantCulture,
        $"inp_channels={Channels}, dim={Width}, num_blocks={TransformerOptions.Text(Blocks)}, num_refinement_blocks={RefinementBlocks}, heads={TransformerOptions.Text(Heads)}, ffn_expansion_factor={Expansion}, bias={ConvolutionBias}, LayerNorm_type={(NormBias ? "WithBias" : "BiasFree")}");
}
