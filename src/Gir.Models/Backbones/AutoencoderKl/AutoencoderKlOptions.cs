namespace Gir.Models.Backbones.AutoencoderKl;

/// <summary>Configuration of <see cref="AutoencoderKl"/>; the default is Stable Diffusion's.</summary>
internal sealed record AutoencoderKlOptions
{
    /// <summary>Channels of the finest level.</summary>
    public int Channels { get; init; } = 128;

    /// <summary>Factor of the channels at each level, the finest first; each further level halves the size.</summary>
    public IReadOnlyList<int> Multipliers { get; init; } = [1, 2, 4, 4];

    /// <summary>Residual blocks of a level of the encoder; the decoder has one more.</summary>
    public int Blocks { get; init; } = 2;

    /// <summary>Levels with attention behind each of their blocks; the middle has it always.</summary>
    public IReadOnlyList<int> AttentionLevels { get; init; } = [];

    /// <summary>Channels of the image.</summary>
    public int ImageChannels { get; init; } = 3;

    /// <summary>Channels inside, between the encoder and the latent.</summary>
    public int InnerChannels { get; init; } = 4;

    /// <summary>Channels of the latent.</summary>
    public int LatentChannels { get; init; } = 4;

    /// <summary>Groups of every group normalization.</summary>
    public int Groups { get; init; } = 32;

    /// <summary>Seed of the initial weights.</summary>
    public ulong Seed { get; init; }

    /// <summary>Size of an image divided by that of its latent.</summary>
    public int Factor => 1 << (Multipliers.Count - 1);

    internal void Validate()
    {
        OptionChecks.Positive(Channels);
        OptionChecks.Counts(Multipliers);
        OptionChecks.InRange(Multipliers.Count, 1, 8, nameof(Multipliers));
        OptionChecks.InRange(Blocks, 1, 100);
        foreach (int level in AttentionLevels)
            OptionChecks.InRange(level, 0, Multipliers.Count - 1, nameof(AttentionLevels));
        OptionChecks.Positive(ImageChannels);
        OptionChecks.Positive(InnerChannels);
        OptionChecks.Positive(LatentChannels);
        OptionChecks.Positive(Groups);
        foreach (int multiplier in Multipliers)
        {
            if (Channels * multiplier % Groups != 0)
                throw new ArgumentException($"{Channels * multiplier} channels do not divide into {Groups} groups.", nameof(Groups));
        }
    }
}
