using System.Globalization;
using Gir.Models.Backbones;
using Gir.Models.Tensors;

namespace Gir.Models.Generative.Diffusion;

/// <summary>What sampling starts from.</summary>
public enum DiffusionStart
{
    /// <summary>Noise alone.</summary>
    Noise,

    /// <summary>The initially restored image's latent with noise: more stable, nearer to it.</summary>
    Condition,
}

/// <summary>How <see cref="LatentDiffusionRestorer"/> samples; the same options and seed give the same bits.</summary>
/// <remarks>Immutable and safe for concurrent use.</remarks>
public sealed record LatentDiffusionOptions
{
    /// <summary>Steps of the sampler, from 1 on; default 20. One step takes the image predicted at the start.</summary>
    public int Steps { get; init; } = 20;

    /// <summary>The sampler; default <see cref="DiffusionSampler.Spaced"/>.</summary>
    public DiffusionSampler Sampler { get; init; } = DiffusionSampler.Spaced;

    /// <summary>Noise that DDIM draws in each step, 0..1, as a share of ancestral sampling's; default 0.</summary>
    public double Eta { get; init; }

    /// <summary>Seed of all noise; default 0.</summary>
    public ulong Seed { get; init; }

    /// <summary>What sampling starts from; default <see cref="DiffusionStart.Noise"/>.</summary>
    public DiffusionStart Start { get; init; } = DiffusionStart.Noise;

    /// <summary>The timestep of the start, 0..999; null, the default, is the last one. Earlier ones need <see cref="DiffusionStart.Condition"/> and change less.</summary>
    public int? StartTimestep { get; init; }

    /// <summary>Factor of what the control branch adds, from 0 on; default 1.</summary>
    public double ControlStrength { get; init; } = 1;

    /// <summary>What the network's transformers are told, an embedded text [1, tokens, features]; needed by networks that ask for one, e.g. that of the empty text.</summary>
    public Tensor? Text { get; init; }

    /// <summary>The text to get away from, with <see cref="TextGuidance"/> other than 1.</summary>
    public Tensor? NegativeText { get; init; }

    /// <summary>Scale of classifier-free guidance; default 1: without, at half of the cost.</summary>
    public double TextGuidance { get; init; } = 1;

    /// <summary>Whether text guidance grows from noise to image; default false.</summary>
    public bool RescalesTextGuidance { get; init; }

    /// <summary>Keeps samples near the initially restored image; null, the default, does not. For <see cref="DiffusionSampler.Spaced"/> alone.</summary>
    public RestorationGuidanceOptions? Guidance { get; init; }

    /// <summary>How colors are set right at the end; default <see cref="ColorFix.Wavelet"/>.</summary>
    public ColorFix ColorFix { get; init; } = ColorFix.Wavelet;

    /// <summary>Side of the latent's tiles, a multiple of the U-Net's; null, the default, takes the latent as a whole. 64 is 512 pixels in published networks.</summary>
    public int? TileSize { get; init; }

    /// <summary>Distance of neighboring tiles in the latent, 1..<see cref="TileSize"/>; null, the default, is half of a tile.</summary>
    public int? TileStride { get; init; }

    /// <summary>Whether tiles weigh the same from above and below, which the published code's do not; default false.</summary>
    public bool SymmetricTiles { get; init; }

    /// <summary>
    /// Side of the autoencoder's tiles in pixels, from 8 on; null, the default, encodes and decodes whole images. Tiles need less memory and are not equal to the whole: they share the mean and
    /// variance of each normalization, and attention stays inside of one.
    /// </summary>
    public int? AutoencoderTileSize { get; init; }

    internal void Validate(NoiseSchedule schedule)
    {
        OptionChecks.Positive(Steps);
        OptionChecks.InRange(StartTimestep ?? 0, 0, schedule.Count - 1, nameof(StartTimestep));
        if (!Enum.IsDefined(Sampler) || !Enum.IsDefined(Start) || !Enum.IsDefined(ColorFix))
            throw new ArgumentException($"Found sampler {Sampler}, start {Start}, color fix {ColorFix}; expected those that have a name.", nameof(Sampler));
        if (StartTimestep < schedule.Count - 1 && Start == DiffusionStart.Noise)
            throw new ArgumentException($"Sampling starts from noise at timestep {StartTimestep}; expected a start from the condition, or the last timestep.", nameof(StartTimestep));
        InUnit(Eta, 1, nameof(Eta));
        InUnit(ControlStrength, double.MaxValue, nameof(ControlStrength));
        InUnit(TextGuidance, double.MaxValue, nameof(TextGuidance));
        if (TextGuidance != 1 && (Text is null || NegativeText is null))
            throw new ArgumentException($"Text guidance is {TextGuidance} with {(Text is null ? "no text" : "no negative text")}; expected both, or 1.", nameof(TextGuidance));
        Guidance?.Validate();
        if (Guidance is not null && Sampler != DiffusionSampler.Spaced)
            throw new ArgumentException("Restoration guidance is defined for the spaced sampler.", nameof(Guidance));
        OptionChecks.AtLeast(AutoencoderTileSize ?? 8, 8, nameof(AutoencoderTileSize));
        if (TileSize is { } size)
        {
            OptionChecks.Positive(size, nameof(TileSize));
            OptionChecks.InRange(TileStride ?? 1, 1, size, nameof(TileStride));
        }
        else if (TileStride is not null)
        {
            throw new ArgumentException("A stride without a size of tiles says nothing.", nameof(TileStride));
        }
    }

    /// <summary>Everything but the texts, in one line.</summary>
    internal string Describe() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Steps} {Sampler} {Eta:R} {Seed} {Start} {StartTimestep} {ControlStrength:R} {TextGuidance:R} {RescalesTextGuidance} {Guidance?.Describe()} {ColorFix} {TileSize} {TileStride} {SymmetricTiles} {AutoencoderTileSize}");

    private static void InUnit(double value, double largest, string name)
    {
        if (!(value >= 0 && value <= largest))
            throw new ArgumentOutOfRangeException(name, value, largest == 1 ? "Expected a number in 0..1." : "Expected a number of at least 0.");
    }
}
