namespace Gir.Models.Backbones.DruNet;

/// <summary>Configuration of <see cref="DruNet"/>; the default is the published color network.</summary>
internal sealed record DruNetOptions
{
    /// <summary>Channels of the input: the image's and one for the noise level.</summary>
    public int InputChannels { get; init; } = 4;

    /// <summary>Channels of the output.</summary>
    public int OutputChannels { get; init; } = 3;

    /// <summary>Channels of the four levels.</summary>
    public IReadOnlyList<int> Features { get; init; } = [64, 128, 256, 512];

    /// <summary>Residual blocks per level and direction.</summary>
    public int Blocks { get; init; } = 4;

    /// <summary>Whether convolutions have biases; the published ones have none.</summary>
    public bool Bias { get; init; }

    /// <summary>
    /// Whether the image is added to the output, so that the network starts near the identity; the published ones do not. Shapes cannot tell: a
    /// checkpoint says it in its metadata ("residual").
    /// </summary>
    public bool Residual { get; init; }

    /// <summary>Seed of the initial weights.</summary>
    public ulong Seed { get; init; }

    internal void Validate()
    {
        OptionChecks.Positive(InputChannels);
        OptionChecks.Positive(OutputChannels);
        OptionChecks.InRange(Blocks, 1, 10_000);
        if (Features is not { Count: 4 } || Features.Any(f => f < 1))
            throw new ArgumentException($"Expected four positive numbers of channels; found {string.Join(", ", Features ?? [])}.", nameof(Features));
        if (Residual && InputChannels != OutputChannels)
            throw new ArgumentException($"Expected as many input as output channels, since one is added to the other; found {InputChannels} and {OutputChannels}.", nameof(Residual));
    }
}
