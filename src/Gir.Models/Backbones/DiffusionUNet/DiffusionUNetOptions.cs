namespace Gir.Models.Backbones.DiffusionUNet;

/// <summary>What an image's positions ask each other in a diffusion U-Net.</summary>
internal enum DiffusionAttention
{
    /// <summary>Self-attention alone (guided-diffusion's AttentionBlock).</summary>
    Plain,

    /// <summary>Transformer blocks with cross attention, between 1 x 1 convolutions (Stable Diffusion 1).</summary>
    Convolutional,

    /// <summary>Transformer blocks with cross attention, between linear layers (Stable Diffusion 2).</summary>
    Linear,
}

/// <summary>Configuration of <see cref="DiffusionUNet"/>; the default is Stable Diffusion 2.1's.</summary>
internal sealed record DiffusionUNetOptions
{
    /// <summary>Channels that come in.</summary>
    public int InputChannels { get; init; } = 4;

    /// <summary>Channels that go out.</summary>
    public int OutputChannels { get; init; } = 4;

    /// <summary>Channels of the finest level.</summary>
    public int Channels { get; init; } = 320;

    /// <summary>Factor of the channels at each level, the finest first; each further level halves the size.</summary>
    public IReadOnlyList<int> Multipliers { get; init; } = [1, 2, 4, 4];

    /// <summary>Residual blocks of a level on the way down; on the way up there is one more.</summary>
    public int Blocks { get; init; } = 2;

    /// <summary>Downsampling factors with attention behind each block; the middle has it always.</summary>
    public IReadOnlyList<int> AttentionFactors { get; init; } = [4, 2, 1];

    /// <summary>What attention is.</summary>
    public DiffusionAttention Attention { get; init; } = DiffusionAttention.Linear;

    /// <summary>Channels of a head; null where <see cref="Heads"/> says how many there are.</summary>
    public int? HeadChannels { get; init; } = 64;

    /// <summary>Heads where <see cref="HeadChannels"/> is null.</summary>
    public int Heads { get; init; } = 1;

    /// <summary>Features of the context that transformers ask; null makes their second attention ask the image again.</summary>
    public int? ContextFeatures { get; init; } = 1024;

    /// <summary>Transformer blocks one after another.</summary>
    public int Depth { get; init; } = 1;

    /// <summary>Whether the timestep scales and shifts the second normalization instead of being added before it.</summary>
    public bool ScaleShift { get; init; }

    /// <summary>Whether residual blocks change the size instead of convolutions.</summary>
    public bool ResidualResampling { get; init; }

    /// <summary>Whether plain attention keeps queries, keys and values apart before heads, instead of the other way round.</summary>
    public bool HeadsInside { get; init; }

    /// <summary>Groups of every group normalization.</summary>
    public int Groups { get; init; } = 32;

    /// <summary>Seed of the initial weights.</summary>
    public ulong Seed { get; init; }

    /// <summary>What height and width of the input are multiples of.</summary>
    public int SizeMultiple => 1 << (Multipliers.Count - 1);

    internal (int Heads, int Width) HeadsOf(int channels) => HeadChannels is { } width ? (channels / width, width) : (Heads, channels / Heads);

    internal void Validate()
    {
        OptionChecks.Positive(InputChannels);
        OptionChecks.Positive(OutputChannels);
        OptionChecks.InRange(Channels, 2, 1 << 20);
        OptionChecks.Counts(Multipliers);
        OptionChecks.InRange(Multipliers.Count, 1, 8, nameof(Multipliers));
        OptionChecks.InRange(Blocks, 1, 100);
        OptionChecks.InRange(Depth, 1, 100);
        OptionChecks.Positive(Groups);
        if (HeadChannels is { } width)
            OptionChecks.Positive(width, nameof(HeadChannels));
        if (ContextFeatures is { } context)
            OptionChecks.Positive(context, nameof(ContextFeatures));
        for (int level = 0; level < Multipliers.Count; level++)
        {
            int channels = Channels * Multipliers[level];
            if (channels % Groups != 0)
                throw new ArgumentException($"{channels} channels do not divide into {Groups} groups.", nameof(Groups));
            if (AttentionFactors.Contains(1 << level) || level == Multipliers.Count - 1)
                OptionChecks.HeadsDivide(channels, HeadChannels is { } w ? Math.Max(channels / w, 1) : Heads);
            if (HeadChannels is { } head && (AttentionFactors.Contains(1 << level) || level == Multipliers.Count - 1) && channels % head != 0)
                throw new ArgumentException($"{channels} channels cannot be split into heads of {head}.", nameof(HeadChannels));
        }

        foreach (int factor in AttentionFactors)
        {
            if (factor < 1 || (factor & (factor - 1)) != 0)
                throw new ArgumentException($"Found the factor {factor}; expected downsampling factors, powers of two.", nameof(AttentionFactors));
        }
    }
}
