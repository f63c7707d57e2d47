using Gir.Models.Backbones;
using Gir.Models.Backbones.StyleGan2;

namespace Gir.Models.Generative.UgpNet;

/// <summary>Configuration of <see cref="UgpNetwork"/> beside its regression network; the default is the published one for 512 x 512.</summary>
internal sealed record UgpNetOptions
{
    /// <summary>The generator.</summary>
    public StyleGan2Options Generator { get; init; } = new();

    /// <summary>The encoder's channels at the image's size, at half of it, .., at the base code's; the last are those of the generator there.</summary>
    public IReadOnlyList<int> EncoderChannels { get; init; } = [16, 32, 64, 128, 256, 512];

    /// <summary>How many of the first latents are one.</summary>
    public int SharedLatents { get; init; } = 5;

    /// <summary>Channels of the regression's feature where it has a residual encoder, and of the fusion.</summary>
    public int FeatureChannels { get; init; } = 64;

    /// <summary>Residual blocks of the fusion.</summary>
    public int FusionBlocks { get; init; } = 8;

    /// <summary>Seed of the initial weights.</summary>
    public ulong Seed { get; init; }

    internal void Validate()
    {
        Generator.Validate();
        OptionChecks.Counts(EncoderChannels);
        OptionChecks.InRange(EncoderChannels.Count, 2, 8, nameof(EncoderChannels));
        OptionChecks.InRange(SharedLatents, 1, Generator.Latents);
        OptionChecks.Positive(FeatureChannels);
        OptionChecks.InRange(FusionBlocks, 0, 1000);
        if (Generator.Size < 2 * SynthesisEncoder.LatentSize)
            throw new ArgumentException($"The generator makes {Generator.Size} x {Generator.Size}; expected at least {2 * SynthesisEncoder.LatentSize}.", nameof(Generator));
        int code = Generator.Size >> (EncoderChannels.Count - 1);
        int level = Generator.Channels.Count - EncoderChannels.Count;
        if (code < 8 || EncoderChannels[^1] != Generator.Channels[level])
        {
            throw new ArgumentException(
                $"The encoder ends at {code} x {code} with {EncoderChannels[^1]} channels; expected a size of the generator from 8 on, with the channels that it has there ({(level >= 0 ? Generator.Channels[level] : 0)}).",
                nameof(EncoderChannels));
        }
    }
}
